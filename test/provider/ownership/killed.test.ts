import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";
import { until } from "../../support/until";
import { kill, VICTIMS } from "./victims";

const access = (folderId: string) => async () => {
  const account = new yandex.IamServiceAccount("app", { name: "shop-dev" });
  const member = account.id.apply((id) => `serviceAccount:${id}`);
  const grant = new yandex.ResourcemanagerFolderIamMember("grant", {
    folderId,
    role: "ai.languageModels.user",
    member,
  });
  const scopes = ["yc.ai.languageModels.execute"];
  const key = new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account.id, scopes }, { dependsOn: grant });
  return { account: account.id, key: key.id, secret: key.secretKey };
};

// Case 20. The plugin is the built one here, so that it dies or loses its parent as it would at a user's.
describe("a run that is killed", () => {
  const points: [name: string, method: string, reached: (cloud: Emulator) => boolean][] = [
    ["the account", "ServiceAccountService/Create", (cloud) => cloud.snapshot().accounts.length > 0],
    ["the grant", "FolderService/UpdateAccessBindings", (cloud) => cloud.snapshot().grants.length > 1],
    ["the key", "ApiKeyService/Create", (cloud) => cloud.snapshot().apiKeys.length > 0],
  ];
  const cases = points.flatMap(([what, method, reached]) =>
    VICTIMS.map((victim) => ({ victim, what, method, reached })),
  );

  it.each(cases)("leaves nothing twice: $victim, while the cloud has $what and nobody else knows", async (disaster) => {
    await using cloud = await startCloud();
    const before = cloud.snapshot();
    await using stack = await startStack(cloud, access(cloud.folderId), { plugin: true });
    cloud.fault({ method: disaster.method, when: "after", hang: true });

    const run = stack.tryUp();
    await until(() => disaster.reached(cloud));
    kill(disaster.victim);
    expect((await run).error).toBeDefined();
    await stack.engine.cancel();

    const { outputs } = await stack.up();
    const after = cloud.snapshot();
    expect(after.accounts.map(({ id }) => id)).toEqual([outputs.account?.value]);
    expect(after.apiKeys.map(({ id }) => id)).toEqual([outputs.key?.value]);
    expect((await stack.preview()).steps).toEqual({});
    expect(await leaksOf(outputs.secret?.value, stack.folder, { printed: stack.printed() })).toEqual([]);

    await stack.destroy();
    expect(cloud.snapshot()).toEqual(before);
  });
});
