import * as yandex from "@pulumi/yandex";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

/** All that is made in a folder, and no word of which. */
const program = async () => {
  const account = new yandex.IamServiceAccount("app", { name: "shop-dev" });
  const member = account.id.apply((id) => `serviceAccount:${id}`);
  new yandex.ResourcemanagerFolderIamMember("grant", { role: "ai.languageModels.user", member });
  const scopes = ["yc.ai.languageModels.execute"];
  new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account.id, scopes });
};

// Case 12.
describe("a folder that no resource names", () => {
  it.each([
    ["the stack's settings", (folderId: string) => ({ config: { "yandex:folderId": folderId } })],
    ["the environment", (folderId: string) => ({ config: { "yandex:folderId": "" }, env: { YC_FOLDER_ID: folderId } })],
  ])("comes from %s, for all of them", async (_where, options) => {
    await using cloud = await startCloud();
    const folderId = cloud.addFolder();
    await using stack = await startStack(cloud, program, options(folderId));

    expect((await stack.preview()).steps).toEqual({ app: "create", grant: "create", key: "create" });
    await stack.up();

    expect(cloud.snapshot().accounts).toMatchObject([{ folderId }]);
    expect((await stack.resources()).grant?.outputs.folderId).toBe(folderId);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("is asked for in the preview, where nobody has said one, by the names of both settings", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, program, { config: { "yandex:folderId": "" } });

    const { error } = await stack.tryPreview();

    expect(error).toMatch(/property folderId .* is not set; set it here/);
    expect(error).toMatch(/`pulumi config set yandex:folderId <ID>` or the environment variable YC_FOLDER_ID/);
  });
});
