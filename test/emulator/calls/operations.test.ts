import { openApi, responseOf, type Json, type Transport } from "../../support/api";
import type { Emulator } from "../../../emulator/emulator";
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

describe("operations that are done", () => {
  it("are kept three days if they hold what a model answered, and longer otherwise", async () => {
    await using cloud = await startCloud({ clock: standing });
    using api = openApi(cloud, "rest");
    const asked = await askLater(cloud);
    const made = await api.call("ServiceAccountService/Create", { folderId: cloud.folderId, name: "shop" });
    const get = (operationId: string) => openApi(cloud, "rest").refusal("OperationService/Get", { operationId });

    cloud.clock.advance(3 * 24 * 60 * 60 * 1000);

    expect(await get(asked)).toBe(`NOT_FOUND Operation with id ${asked} not found`);
    expect(await openApi(cloud, "rest").call("OperationService/Get", { operationId: made.id })).toMatchObject({
      done: true,
    });
  });

  it("go when there are more than 5,000, the oldest first, with the keys by which they were repeated", async () => {
    await using cloud = await startCloud();
    const first = await askLater(cloud);
    for (let n = 0; n < 5_050; n += 50) await Promise.all(Array.from({ length: 50 }, () => askLater(cloud)));

    const { operations, repeats } = JSON.parse(cloud.dump()) as Record<string, object>;
    expect(Object.keys(operations ?? {}).length).toBeLessThanOrEqual(5_001);
    expect(Object.keys(repeats ?? {}).length).toBeLessThanOrEqual(5_001);
    expect(operations).not.toHaveProperty([first]);
  });

  it("are not listed as those of the folder if they are of models and datasets", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "rest");
    await askLater(cloud);

    const { operations = [] } = await api.call("FolderService/ListOperations", { folderId: cloud.folderId });
    expect(operations).toEqual([]);
  });
});

let asked = 0;

/** Asks a model for an answer that is fetched later; the ID of the operation. */
async function askLater({ url, token, folderId }: Emulator): Promise<string> {
  asked += 1;
  const answer = await fetch(`${url}/foundationModels/v1/completionAsync`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "idempotency-key": `key-${asked}` },
    body: JSON.stringify({ modelUri: `gpt://${folderId}/yandexgpt`, messages: [{ role: "user", text: "hi" }] }),
  });
  return ((await answer.json()) as { id: string }).id;
}
