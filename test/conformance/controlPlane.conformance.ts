import { generateKeyPairSync } from "node:crypto";
import { type CloudProcess, startCloudProcess } from "../support/cloudProcess";
import { type Json, programs, startWorker, type Worker } from "./worker";

/** Clients of the control plane: whether they sign in by an authorized key (or can only be handed a token). */
const clients = [
  { name: "Go SDK, plaintext", program: programs.goSdk, signsIn: true },
  { name: "PyPI yandexcloud, TLS", program: programs.yandexcloud, signsIn: true },
  { name: "@yandex-cloud/nodejs-sdk, TLS", program: programs.nodejsSdk, signsIn: false },
];

const scopes = ["yc.ai.languageModels.execute", "yc.ai.imageGeneration.execute"];

describe.each(clients)("$name", ({ program, signsIn }) => {
  let cloud: CloudProcess;
  let worker: Worker;
  beforeAll(async () => {
    cloud = await startCloudProcess();
    worker = startWorker(program(), cloud);
  });
  afterAll(async () => {
    await worker[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
  });
  // What one test has scripted or moved must not reach the next.
  afterEach(() => cloud.admin("clearFaults"));

  /** An account with these roles on the folder, as a client signs in. */
  async function signIn(name: string, roles: string[]): Promise<Json> {
    const accountId = await cloud.admin("addAccount", { name, roles });
    if (!signsIn) return { token: await cloud.admin("addToken", accountId) };
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const id = await cloud.admin("addAuthorizedKey", accountId, publicKey);
    return {
      key: {
        id,
        service_account_id: accountId,
        created_at: "2026-01-01T00:00:00Z",
        key_algorithm: "RSA_2048",
        public_key: publicKey,
        private_key: privateKey,
      },
    };
  }
  const ask = (as: Json, call: string, request: Json) => worker.ask({ as, call, request });
  const refusal = (as: Json, call: string, request: Json) => worker.refusal({ as, call, request });

  it("creates, reads, updates and deletes an account, its role and its key", async () => {
    const as = await signIn("deployer", ["admin"]);
    const { folderId } = cloud;

    const account = await ask(as, "ServiceAccountService/Create", { folderId, name: "shop", labels: { env: "test" } });
    const own = { serviceAccountId: account.id as string };
    expect(await ask(as, "ServiceAccountService/Get", own)).toMatchObject({ folderId, name: "shop" });
    const change = { ...own, updateMask: "description", name: "shop", description: "sells" };
    expect(await ask(as, "ServiceAccountService/Update", change)).toMatchObject({ description: "sells", name: "shop" });

    const grant = (action: string) => ({
      resourceId: folderId,
      accessBindingDeltas: [
        {
          action,
          accessBinding: {
            roleId: "ai.languageModels.user",
            subject: { id: account.id as string, type: "serviceAccount" },
          },
        },
      ],
    });
    await ask(as, "FolderService/UpdateAccessBindings", grant("ADD"));
    expect(await rolesOf(as, account.id as string)).toEqual(["ai.languageModels.user"]);

    const made = await ask(as, "ApiKeyService/Create", { ...own, scopes, expiresAt: "2099-01-01T00:00:00Z" });
    expect(made.secret).toMatch(/^AQVN[\w-]{35,38}$/);
    const key = { apiKeyId: made.apiKey.id as string };
    const seen = await ask(as, "ApiKeyService/Get", key);
    expect([...seen.scopes].sort()).toEqual([...scopes].sort());
    expect(new Date(seen.expiresAt as string).getUTCFullYear()).toBe(2099);
    await ask(as, "ApiKeyService/Update", { ...key, updateMask: "scopes,description", scopes: scopes.slice(1) });
    expect((await ask(as, "ApiKeyService/Get", key)).scopes).toEqual(scopes.slice(1));
    expect((await ask(as, "ApiKeyService/List", own)).apiKeys).toHaveLength(1);

    await ask(as, "ApiKeyService/Delete", key);
    await ask(as, "FolderService/UpdateAccessBindings", grant("REMOVE"));
    await ask(as, "ServiceAccountService/Delete", own);
    expect(await refusal(as, "ApiKeyService/Get", key)).toMatch(/^5 /);
    expect(await refusal(as, "ServiceAccountService/Get", own)).toMatch(/^5 Service account \S+ not found$/);
    expect(await rolesOf(as, account.id as string)).toEqual([]);
  });

  async function rolesOf(as: Json, accountId: string): Promise<string[]> {
    const { accessBindings = [] } = await ask(as, "FolderService/ListAccessBindings", { resourceId: cloud.folderId });
    return (accessBindings as Json[]).filter((each) => each.subject.id === accountId).map((each) => each.roleId);
  }

  it("walks a list page by page", async () => {
    const as = await signIn("reader", ["viewer"]);
    for (const name of ["one", "two", "three"]) await cloud.admin("addAccount", { name });

    const names: string[] = [];
    let pageToken = "";
    do {
      const page = await ask(as, "ServiceAccountService/List", { folderId: cloud.folderId, pageSize: 2, pageToken });
      expect(page.serviceAccounts.length).toBeLessThanOrEqual(2);
      names.push(...page.serviceAccounts.map((account: Json) => account.name as string));
      pageToken = (page.nextPageToken as string | undefined) ?? "";
    } while (pageToken !== "");

    expect(names).toEqual(expect.arrayContaining(["one", "two", "three"]));
    expect(new Set(names).size).toBe(names.length);
    const filter = { folderId: cloud.folderId, filter: 'name="two"' };
    expect((await ask(as, "ServiceAccountService/List", filter)).serviceAccounts).toHaveLength(1);
  });

  it("waits for an operation by its own waiter", async () => {
    const as = await signIn("patient", ["admin"]);
    await cloud.admin("setSwitches", { operations: { polls: 2 } });

    const made = await ask(as, "ServiceAccountService/Create", { folderId: cloud.folderId, name: "slow" });

    await cloud.admin("setSwitches", { operations: "atOnce" });
    expect(made.name).toBe("slow");
  });

  it("is refused with the code and words of the cloud", async () => {
    const as = await signIn("manager", ["admin"]);
    const { folderId, cloudId } = cloud;
    const account = await ask(as, "ServiceAccountService/Create", { folderId, name: "taken" });
    const create = (request: Json) => refusal(as, "ServiceAccountService/Create", { folderId, ...request });
    const createKey = (request: Json) =>
      refusal(as, "ApiKeyService/Create", { serviceAccountId: account.id as string, ...request });

    expect(await create({ name: "taken" })).toBe(`6 Service account 'taken@${cloudId}' already exists`);
    expect(await create({ name: "Not A Name" })).toMatch(/^3 Request validation error: name/);
    expect(await create({ name: "other", folderId: "b1gnowhere" })).toMatch(/^5 /);
    expect(await createKey({ scopes: ["yc.ai.nothing.execute"] })).toMatch(/^3 .*yc\.ai\.nothing\.execute/);
    expect(await createKey({ description: "x".repeat(257) })).toMatch(/^3 Request validation error: description/);
    await cloud.admin("setSwitches", {
      quotas: { serviceAccounts: 1, apiKeys: 0, authorizedKeys: 9, accessBindings: 9 },
    });
    expect(await create({ name: "one-too-many" })).toBe("8 Quota limit iam.serviceAccounts.count exceeded");
    expect(await createKey({})).toBe("8 Quota limit iam.apiKeys.count exceeded");
    await cloud.admin("setSwitches", {
      quotas: { serviceAccounts: 100, apiKeys: 1000, authorizedKeys: 1000, accessBindings: 1000 },
    });
  });

  it.each([
    ["FAILED_PRECONDITION", 9],
    ["ABORTED", 10],
    ["UNIMPLEMENTED", 12],
    ["INTERNAL", 13],
    ["UNAVAILABLE", 14],
    ["DEADLINE_EXCEEDED", 4],
  ] as const)("tells %s by its number", async (code, number) => {
    const as = await signIn(`given-${number}`, ["viewer"]);
    await cloud.admin("fault", { method: "FolderService/Get", code, message: "as scripted", times: "always" });

    expect(await refusal(as, "FolderService/Get", { folderId: cloud.folderId })).toBe(`${number} as scripted`);
  });

  it("tells why an operation failed", async () => {
    const as = await signIn("unlucky", ["admin"]);
    const operationFails = { code: "RESOURCE_EXHAUSTED", message: "no room for it" } as const;
    await cloud.admin("fault", { method: "ServiceAccountService/Create", operationFails });

    const create = { folderId: cloud.folderId, name: "never" };
    expect(await refusal(as, "ServiceAccountService/Create", create)).toBe("8 no room for it");
  });

  it("is refused what its caller may not do, and refused with a text that is not a token", async () => {
    const as = await signIn("visitor", ["viewer"]);
    const { folderId } = cloud;

    const denied = await refusal(as, "ServiceAccountService/Create", { folderId, name: "wanted" });
    expect(denied).toBe(`7 Permission denied to resource-manager.folder ${folderId}`);
    const stranger = { token: `t1.${"A".repeat(40)}.${"B".repeat(86)}` };
    expect(await refusal(stranger, "FolderService/Get", { folderId })).toBe("16 The token is invalid");
  });

  it("is refused once its token has expired", async () => {
    const accountId = await cloud.admin("addAccount", { name: "late", roles: ["viewer"] });
    const as = { token: await cloud.admin("addToken", accountId, { lifeMs: 60_000 }) };
    expect(await ask(as, "FolderService/Get", { folderId: cloud.folderId })).toMatchObject({ id: cloud.folderId });

    await cloud.admin("clockAdvance", 61_000);

    expect(await refusal(as, "FolderService/Get", { folderId: cloud.folderId })).toBe("16 The token is invalid");
  });
});
