import { type Api, type Json, openApi, responseOf, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";
import type { Emulator } from "../../../emulator/emulator";

const scopes = ["yc.ai.vision.execute", "yc.ai.languageModels.execute", "yc.ai.translate.execute"];

/** What is not known of the real cloud, each from its other side. */
describe.each<Transport>(["grpc", "rest"])("a switch over %s", (transport) => {
  it.each([
    ["asGiven", scopes],
    ["sorted", [...scopes].sort()],
    ["reversed", [...scopes].reverse()],
  ] as const)("has scopes come back %s", async (scopeOrder, expected) => {
    await using cloud = await startCloud({ switches: { scopeOrder } });
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    const { apiKey } = await api.call("ApiKeyService/Create", { serviceAccountId, scopes });
    const seen = await api.call("ApiKeyService/Get", { apiKeyId: apiKey.id });

    expect([apiKey.scopes, seen.scopes]).toEqual([expected, expected]);
  });

  it("has a key without scopes open nothing", async () => {
    await using cloud = await startCloud({ switches: { defaultScopes: "none" } });
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop", roles: ["ai.languageModels.user"] });

    const { apiKey, secret } = await api.call("ApiKeyService/Create", { serviceAccountId });
    const models = await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });

    expect(apiKey.scopes ?? []).toEqual([]);
    expect(models.status).toBe(401);
  });

  it("has the name of a deleted account stay taken", async () => {
    await using cloud = await startCloud({ switches: { nameFreesAtOnce: false } });
    using api = openApi(cloud, transport);
    const account = { folderId: cloud.folderId, name: "shop" };

    const { id } = responseOf(await api.call("ServiceAccountService/Create", account));
    responseOf(await api.call("ServiceAccountService/Delete", { serviceAccountId: id }));

    expect(await api.refusal("ServiceAccountService/Create", account)).toBe(
      `ALREADY_EXISTS Service account 'shop@${cloud.cloudId}' already exists`,
    );
  });

  it("lets two changes of one folder's grants be under way at a time", async () => {
    await using cloud = await startCloud({ switches: { operations: { polls: 2 }, bindingConflicts: false } });
    using api = openApi(cloud, transport);

    const started = [await grant(cloud, api, "viewer"), await grant(cloud, api, "editor")];
    for (const { id } of [...started, ...started]) await api.call("OperationService/Get", { operationId: id });

    const { accessBindings } = await api.call("FolderService/ListAccessBindings", { resourceId: cloud.folderId });
    expect((accessBindings as Json[]).map(({ roleId }) => roleId)).toEqual(["viewer", "editor"]);
  });
});

function grant(cloud: Emulator, api: Api, roleId: string): Promise<Json> {
  const accessBinding = { roleId, subject: { id: cloud.addUser(), type: "userAccount" } };
  const accessBindingDeltas = [{ action: "ADD", accessBinding }];
  return api.call("FolderService/UpdateAccessBindings", { resourceId: cloud.folderId, accessBindingDeltas });
}
