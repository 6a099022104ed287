import * as yandex from "@pulumi/yandex";
import { leaksOf } from "../support/leakScan";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";

const access =
  (folderId: string, key: Partial<yandex.IamServiceAccountApiKeyArgs> = {}) =>
  async () => {
    const account = new yandex.IamServiceAccount("app", { name: "shop-dev", description: "Calls AI Studio." });
    const grant = new yandex.ResourcemanagerFolderIamMember("app-text", {
      folderId,
      role: "ai.languageModels.user",
      member: account.id.apply((id) => `serviceAccount:${id}`),
    });
    const apiKey = new yandex.IamServiceAccountApiKey(
      "app-key",
      {
        serviceAccountId: account.id,
        scopes: ["yc.ai.languageModels.execute", "yc.ai.imageGeneration.execute"],
        ...key,
      },
      { dependsOn: grant },
    );
    return { accountId: account.id, keyId: apiKey.id, secret: apiKey.secretKey };
  };

describe("account, role and key", () => {
  it("are made, stay as they are, and go without a trace", async () => {
    await using cloud = await startCloud();
    const before = cloud.snapshot();
    await using stack = await startStack(cloud, access(cloud.folderId));

    expect((await stack.preview()).steps).toEqual({ app: "create", "app-text": "create", "app-key": "create" });
    expect(cloud.writes("ServiceAccountService")).toEqual([]);
    const { outputs } = await stack.up();

    const made = cloud.snapshot();
    expect(made.accounts.map(({ name }) => name)).toEqual(["shop-dev"]);
    expect(made.apiKeys.map(({ id }) => id)).toEqual([outputs.keyId?.value]);
    expect(outputs.secret).toEqual({ value: expect.stringMatching(/^AQVN/), secret: true });
    expect((await stack.preview()).steps).toEqual({});
    expect((await stack.refresh()).steps).toEqual({});
    expect((await stack.up()).steps).toEqual({});
    expect((await stack.outputs()).secret).toEqual(outputs.secret);
    expect(
      await leaksOf(outputs.secret?.value, stack.folder, { printed: stack.printed(), cloud: cloud.dump() }),
    ).toEqual([]);

    await stack.destroy();
    expect(cloud.snapshot()).toEqual(before);
  });
});
