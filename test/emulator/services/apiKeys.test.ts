import { openApi, responseOf, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

const chat = "yc.ai.languageModels.execute";
const image = "yc.ai.imageGeneration.execute";

describe.each<Transport>(["grpc", "rest"])("API keys over %s", (transport) => {
  it("tell their secret once and can be read, changed and deleted", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    const made = await api.call("ApiKeyService/Create", {
      serviceAccountId,
      description: "spring",
      scopes: [chat, image],
      expiresAt: "2099-01-01T03:00:00+03:00",
    });
    expect(made.secret).toMatch(/^AQVN[A-Za-z0-9_-]{35,38}$/);
    const apiKeyId = made.apiKey.id as string;
    const read = await api.call("ApiKeyService/Get", { apiKeyId });
    expect(read).toMatchObject({ serviceAccountId, description: "spring", expiresAt: "2099-01-01T00:00:00Z" });
    expect(read.scopes).toEqual([chat, image]);
    expect(JSON.stringify(read)).not.toContain(made.secret);

    const changed = await api.call("ApiKeyService/Update", {
      apiKeyId,
      updateMask: "scopes,expiresAt",
      scopes: [chat],
    });
    expect(responseOf(changed)).toMatchObject({ id: apiKeyId, description: "spring", scopes: [chat], scope: chat });
    expect(responseOf(changed).expiresAt).toBeUndefined();

    await api.call("ApiKeyService/Delete", { apiKeyId });
    expect(await api.refusal("ApiKeyService/Get", { apiKeyId })).toBe(`NOT_FOUND API key ${apiKeyId} not found`);
  });

  it("get the documented scopes when none is asked for", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    const { apiKey } = await api.call("ApiKeyService/Create", { serviceAccountId });

    expect(apiKey.scopes).toHaveLength(10);
    expect(apiKey.scopes).toContain("yc.monitoring.manage");
    expect(apiKey.scopes).not.toContain("yc.ai.foundationModels.execute");
  });

  it("belong to the caller when no account is named, and a person has none", async () => {
    await using cloud = await startCloud();
    const robot = cloud.addAccount({ name: "robot" });
    using asRobot = openApi(cloud, transport, cloud.addToken(robot));
    using asPerson = openApi(cloud, transport);

    const { apiKey } = await asRobot.call("ApiKeyService/Create", { scopes: [chat] });

    expect(apiKey.serviceAccountId).toBe(robot);
    expect((await asRobot.call("ApiKeyService/List")).apiKeys).toMatchObject([{ id: apiKey.id }]);
    expect(await asPerson.refusal("ApiKeyService/Create", { scopes: [chat] })).toBe(
      "INVALID_ARGUMENT Request validation error: serviceAccountId: API keys can only be created for service accounts",
    );
  });

  it.each([
    [{ scopes: ["yc.ai.languageModel.execute"] }, 'scopes: Unknown scope "yc.ai.languageModel.execute"'],
    [{ scopes: [chat, chat] }, "scopes: Elements must be unique"],
    [{ description: "x".repeat(257) }, "description: Field length must be at most 256"],
    [
      { expiresAt: "2106-01-01T00:00:00Z" },
      "expiresAt: Field must be in the range 1970-01-01T00:00:00Z-2105-12-31T23:59:59.999999999Z",
    ],
  ])("are refused with %j", async (wrong, words) => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    const refusal = await api.refusal("ApiKeyService/Create", { serviceAccountId, ...wrong });

    expect(refusal).toBe(`INVALID_ARGUMENT Request validation error: ${words}`);
  });

  it("cannot lose all their scopes", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { id: apiKeyId } = cloud.addApiKey(cloud.addAccount({ name: "shop" }));

    const refusal = await api.refusal("ApiKeyService/Update", { apiKeyId, updateMask: "scopes", scopes: [] });

    expect(refusal).toBe(
      "INVALID_ARGUMENT Request validation error: scopes: Number of elements must be in the range 1-100",
    );
  });

  it("may be born expired, unless the cloud refuses that", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });
    const past = { serviceAccountId, expiresAt: "2020-01-01T00:00:00Z" };

    expect(await api.call("ApiKeyService/Create", past)).toMatchObject({
      apiKey: { expiresAt: "2020-01-01T00:00:00Z" },
    });
    cloud.switches.refusePastExpiry = true;
    expect(await api.refusal("ApiKeyService/Create", past)).toBe(
      "INVALID_ARGUMENT Request validation error: expiresAt: Field must be in the future",
    );
  });

  it("list the scopes that exist, in pages", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);

    const first = await api.call("ApiKeyService/ListScopes", { pageSize: 20 });
    const second = await api.call("ApiKeyService/ListScopes", { pageSize: 20, pageToken: first.nextPageToken });

    expect([...first.scopes, ...second.scopes]).toHaveLength(28);
    expect(first.scopes).toContain("yc.ai.foundationModels.execute");
  });

  it("remember what was done to them", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { id: apiKeyId } = cloud.addApiKey(cloud.addAccount({ name: "shop" }));

    const { id } = await api.call("ApiKeyService/Update", { apiKeyId, updateMask: "description", description: "new" });

    expect((await api.call("ApiKeyService/ListOperations", { apiKeyId })).operations).toMatchObject([
      { id, done: true },
    ]);
  });

  it("are made twice by a repeated request, as the first answer has no operation to repeat", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });
    const repeat = { "idempotency-key": "4f8a3c2e" };

    await api.call("ApiKeyService/Create", { serviceAccountId }, repeat);
    await api.call("ApiKeyService/Create", { serviceAccountId }, repeat);
    expect(cloud.snapshot().apiKeys).toHaveLength(2);

    cloud.switches.keyCreateIdempotent = true;
    const other = { "idempotency-key": "b7d10e55" };
    await api.call("ApiKeyService/Create", { serviceAccountId }, other);
    expect(await api.refusal("ApiKeyService/Create", { serviceAccountId }, other)).toBe(
      "ALREADY_EXISTS A request with this Idempotency-Key has already been executed",
    );
  });

  it("may be managed with apiKeyAdmin alone", async () => {
    await using cloud = await startCloud();
    const robot = cloud.addAccount({ name: "robot", roles: ["iam.serviceAccounts.apiKeyAdmin"] });
    using api = openApi(cloud, transport, cloud.addToken(robot));
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    const { apiKey } = await api.call("ApiKeyService/Create", { serviceAccountId });

    expect(apiKey.serviceAccountId).toBe(serviceAccountId);
    expect(await api.refusal("ServiceAccountService/Delete", { serviceAccountId })).toBe(
      `PERMISSION_DENIED Permission denied to iam.serviceAccount ${serviceAccountId}`,
    );
  });
});
