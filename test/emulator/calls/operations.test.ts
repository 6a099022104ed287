import { openApi, responseOf, type Json, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

/** A clock that only moves when it is moved. */
const standing = () => Date.parse("2026-12-01T00:00:00Z");

describe.each<Transport>(["grpc", "rest"])("operations over %s", (transport) => {
  const get = (api: ReturnType<typeof openApi>, operation: Json) =>
    api.call("OperationService/Get", { operationId: operation.id });

  it("have their effect when they become done, after some polls", async () => {
    await using cloud = await startCloud({ switches: { operations: { polls: 2 } } });
    using api = openApi(cloud, transport);

    const operation = await api.call("ServiceAccountService/Create", { folderId: cloud.folderId, name: "shop" });
    const { serviceAccountId } = operation.metadata;

    expect(operation.done).toBe(false);
    expect(await api.refusal("ServiceAccountService/Get", { serviceAccountId })).toMatch(/^NOT_FOUND/);
    expect(await get(api, operation)).toMatchObject({ done: false });
    expect(responseOf(await get(api, operation))).toMatchObject({ id: serviceAccountId, name: "shop" });
    expect(await api.call("ServiceAccountService/Get", { serviceAccountId })).toMatchObject({ name: "shop" });
  });

  it("have their effect when their time has come, asked for or not", async () => {
    const start = Date.now();
    await using cloud = await startCloud({ clock: () => start, switches: { operations: { ms: 400 } } });
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    const operation = await api.call("ServiceAccountService/Delete", { serviceAccountId });
    cloud.clock.advance(399);
    expect(await api.call("ServiceAccountService/Get", { serviceAccountId })).toMatchObject({ name: "shop" });
    cloud.clock.advance(1);

    expect(await api.refusal("ServiceAccountService/Get", { serviceAccountId })).toMatch(/^NOT_FOUND/);
    expect(await get(api, operation)).toMatchObject({ done: true });
  });

  it("hold a name while the account is still being made", async () => {
    await using cloud = await startCloud({ clock: standing, switches: { operations: { ms: 400 } } });
    using api = openApi(cloud, transport);
    const create = { folderId: cloud.folderId, name: "shop" };
    await api.call("ServiceAccountService/Create", create);

    expect(await api.refusal("ServiceAccountService/Create", create)).toMatch(/^ALREADY_EXISTS/);
  });

  it("fail as scripted, without an effect", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    cloud.fault({
      method: "ServiceAccountService/Create",
      operationFails: { code: "INTERNAL", message: "disk on fire" },
    });

    const operation = await api.call("ServiceAccountService/Create", { folderId: cloud.folderId, name: "shop" });

    expect(operation).toMatchObject({ done: true, error: { code: 13, message: "disk on fire" } });
    expect(cloud.snapshot().accounts).toEqual([]);
  });

  it("are the same one when a request is repeated under its key", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const create = { folderId: cloud.folderId, name: "shop" };
    const repeat = { "idempotency-key": "4f8a3c2e" };

    const first = await api.call("ServiceAccountService/Create", create, repeat);
    const second = await api.call("ServiceAccountService/Create", create, repeat);

    expect(second).toEqual(first);
    expect(await api.refusal("ServiceAccountService/Create", create, { "idempotency-key": "other" })).toMatch(
      /^ALREADY_EXISTS/,
    );
  });

  it("are listed by what they are about", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { folderId, cloudId } = cloud;
    const account = { folderId, name: "shop" };
    const secret = { folderId, name: "words" };

    const made = await api.call("ServiceAccountService/Create", account);
    const kept = await api.call("SecretService/Create", secret);
    const renamed = await api.call("FolderService/Update", { folderId, name: "dev", updateMask: "name" });
    const labelled = await api.call("CloudService/Update", { cloudId, labels: { a: "b" }, updateMask: "labels" });

    for (const [service, about, operation] of [
      ["ServiceAccountService", { serviceAccountId: made.metadata.serviceAccountId }, made],
      ["SecretService", { secretId: kept.metadata.secretId }, kept],
      ["FolderService", { folderId }, renamed],
      ["CloudService", { cloudId }, labelled],
    ] as const)
      expect(await api.call(`${service}/ListOperations`, about)).toEqual({ operations: [operation] });
  });

  it("can be cancelled until they are done", async () => {
    await using cloud = await startCloud({ clock: standing, switches: { operations: { ms: 400 } } });
    using api = openApi(cloud, transport);
    const operation = await api.call("ServiceAccountService/Create", { folderId: cloud.folderId, name: "shop" });

    const cancelled = await api.call("OperationService/Cancel", { operationId: operation.id });

    expect(cancelled).toMatchObject({ done: true, error: { code: 1, message: "Operation was cancelled" } });
    expect(await api.refusal("OperationService/Cancel", { operationId: operation.id })).toMatch(/^FAILED_PRECONDITION/);
    expect(await api.refusal("OperationService/Get", { operationId: "nothing" })).toBe(
      "NOT_FOUND Operation with id nothing not found",
    );
  });
});
