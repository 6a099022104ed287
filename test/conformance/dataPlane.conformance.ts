import { type CloudProcess, startCloudProcess } from "../support/cloudProcess";
import { type Json, programs, startWorker, type Worker } from "./worker";

/** Ways of asking a model. `told` is how a client tells a refusal: gRPC's code, HTTP's status, or only the status without words. */
const ways = [
  { name: "openai, chat", program: programs.openai, call: { call: "chat" }, told: "http" },
  { name: "openai, streamed chat", program: programs.openai, call: { call: "chatStream" }, told: "http" },
  { name: "AI Studio SDK, gRPC", program: programs.aiStudio, call: { call: "native" }, told: "grpc" },
  { name: "AI Studio SDK, gRPC stream", program: programs.aiStudio, call: { call: "nativeStream" }, told: "grpc" },
  {
    name: "AI Studio SDK, gRPC over TLS",
    program: programs.aiStudio,
    call: { call: "native", tls: true },
    told: "grpc",
  },
  { name: "AI Studio SDK, HTTP", program: programs.aiStudio, call: { call: "http" }, told: "http" },
  { name: "AI Studio SDK, HTTP over TLS", program: programs.aiStudio, call: { call: "http", tls: true }, told: "http" },
  { name: "@langchain/yandex, chat", program: programs.langchain, call: { call: "chat" }, told: "status" },
  { name: "@langchain/yandex, completion", program: programs.langchain, call: { call: "completion" }, told: "status" },
] as const;

const codes = {
  grpc: { unauthenticated: 16, denied: 7, invalid: 3 },
  http: { unauthenticated: 401, denied: 403, invalid: 400 },
  status: { unauthenticated: 401, denied: 403, invalid: 400 },
};
const scopes = ["yc.ai.languageModels.execute"];

describe.each(ways)("$name", ({ program, call, told }) => {
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

  const code = codes[told];
  const order = (as: Json, changes: Json = {}): Json => {
    const { folderId } = cloud;
    return { ...call, as, folderId, text: "Hello", model: `gpt://${folderId}/yandexgpt/latest`, ...changes };
  };
  /** Expects a refusal with this status and, where the client passes words on, these words. */
  async function expectRefusal(asked: Json, status: number, words: RegExp): Promise<void> {
    const refusal = await worker.refusal(asked);
    expect(refusal).toMatch(new RegExp(`^${status} `));
    if (told !== "status") expect(refusal).toMatch(words);
  }
  async function addKey(name: string, roles: string[], options: Json = {}): Promise<Json> {
    const accountId = await cloud.admin("addAccount", { name, roles });
    const { id, secret } = await cloud.admin("addApiKey", accountId, { scopes, ...options });
    return { id, as: { apiKey: secret } };
  }

  it("is answered with a key that has the scope and whose account has the role", async () => {
    const { as } = await addKey("shop", ["ai.languageModels.user"]);

    expect(await worker.ask(order(as))).toContain('You asked: "Hello"');
  });

  it("is answered with an IAM token of the account", async () => {
    const accountId = await cloud.admin("addAccount", { name: "signed-in", roles: ["ai.languageModels.user"] });
    const token = await cloud.admin("addToken", accountId);

    expect(await worker.ask(order({ token }))).toContain('You asked: "Hello"');
  });

  it("is refused in the order of the cloud: key, scope, expiry, folder, role, model", async () => {
    const { as } = await addKey("refused", ["ai.languageModels.user"]);
    const other = await cloud.admin("addFolder", { name: "other" });
    const elsewhere = { folderId: other, model: `gpt://${other}/yandexgpt/latest` };

    const none = { apiKey: `AQVN${"x".repeat(36)}` };
    await expectRefusal(order(none, elsewhere), code.unauthenticated, /Unknown api key 'AQVN\*{4}/);
    const scoped = await addKey("of-another-scope", [], { scopes: ["yc.ai.translate.execute"] });
    await expectRefusal(order(scoped.as, elsewhere), code.unauthenticated, /Unknown api key/);
    const expired = await addKey("expired", [], { expiresAt: 0 });
    await expectRefusal(order(expired.as, elsewhere), code.unauthenticated, /The apikey has expired/);
    const powerless = await addKey("without-role", []);
    await expectRefusal(
      order(powerless.as, elsewhere),
      code.invalid,
      /folder ID .* does not match with service account folder ID/,
    );
    const unknown = { model: `gpt://${cloud.folderId}/no-such-model/latest` };
    await expectRefusal(order(powerless.as, unknown), code.denied, /Permission to \[resource-manager.folder .* denied/);
    await expectRefusal(order(as, unknown), code.invalid, /Failed to get model/);
  });

  it("is refused with a text that is not a token, and with a key from the moment it is deleted", async () => {
    const { id, as } = await addKey("deleted", ["ai.languageModels.user"]);
    await worker.ask(order(as));
    const token = `t1.${"A".repeat(40)}.${"B".repeat(86)}`;

    await fetch(`${cloud.url}/iam/v1/apiKeys/${id}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${cloud.token}` },
    });

    await expectRefusal(order(as), code.unauthenticated, /Unknown api key/);
    await expectRefusal(order({ token }), code.unauthenticated, /The token is invalid/);
  });

  it("is refused from the moment its key expires", async () => {
    const expiresAt = (await cloud.admin("clockNow")) + 60_000;
    const { as } = await addKey("soon", ["ai.languageModels.user"], { expiresAt });
    await worker.ask(order(as));

    await cloud.admin("clockAdvance", 60_000);

    await expectRefusal(order(as), code.unauthenticated, /The apikey has expired/);
  });
});

describe("AI Studio SDK, datasets and tuning", () => {
  it("makes, reads, changes and deletes a dataset, and asks a model that was tuned on it", async () => {
    await using cloud = await startCloudProcess();
    await using worker = startWorker(programs.aiStudio(), cloud);
    const roles = ["ai.datasets.editor", "ai.models.editor"];
    const accountId = await cloud.admin("addAccount", { name: "tuner", roles });
    const { secret } = await cloud.admin("addApiKey", accountId, { scopes: ["yc.ai.foundationModels.execute"] });
    const powerless = await cloud.admin("addApiKey", accountId, { scopes });
    const order = { as: { apiKey: secret }, folderId: cloud.folderId, text: "Hello" };

    const made = await worker.ask({ ...order, call: "dataset" });
    expect(made).toEqual({
      id: made.id,
      name: "Hello",
      description: "changed",
      status: "READY",
      listed: [made.id],
    });
    const tuned = { ...order, call: "tune", id: made.id as string, model: "yandexgpt-lite" };
    expect(await worker.ask(tuned)).toContain('You asked: "Hello"');

    const remove = { ...order, call: "deleteDataset", id: made.id as string };
    expect(await worker.refusal({ ...remove, as: { apiKey: powerless.secret } })).toMatch(/^16 Unknown api key/);
    await worker.ask(remove);
    expect(await worker.refusal(remove)).toBe(`5 Dataset ${made.id} not found`);
  });
});

describe("openai, the rest of it", () => {
  it("makes, reads, changes and deletes what agents use", async () => {
    await using cloud = await startCloudProcess();
    await using worker = startWorker(programs.openai(), cloud);
    const accountId = await cloud.admin("addAccount", { name: "agent", roles: ["ai.assistants.editor"] });
    const { secret } = await cloud.admin("addApiKey", accountId, { scopes: ["yc.ai.foundationModels.execute"] });
    const narrow = await cloud.admin("addApiKey", accountId, { scopes });
    const order = { as: { apiKey: secret }, folderId: cloud.folderId, call: "store", text: "Hello" };

    expect(await worker.ask(order)).toEqual({ names: ["Hello", "changed"], deleted: true, left: 0 });
    expect(await worker.refusal({ ...order, call: "findStore", text: "vs_none" })).toMatch(/^404 /);
    expect(await worker.refusal({ ...order, as: { apiKey: narrow.secret } })).toMatch(/^401 .*Unknown api key/);
  });

  it("lists models, embeds and has a response", async () => {
    await using cloud = await startCloudProcess();
    await using worker = startWorker(programs.openai(), cloud);
    const { folderId } = cloud;
    const roles = ["ai.languageModels.user", "ai.assistants.editor"];
    const accountId = await cloud.admin("addAccount", { name: "all", roles });
    const { secret } = await cloud.admin("addApiKey", accountId, { scopes: ["yc.ai.foundationModels.execute"] });
    const ask = (call: string, model?: string) =>
      worker.ask({ call, as: { apiKey: secret }, folderId, text: "Hello", model: model && `${model}/latest` });

    expect(await ask("models")).toContain(`gpt://${folderId}/yandexgpt/latest`);
    expect(await ask("embedding", `emb://${folderId}/text-search-doc`)).toBeGreaterThan(1);
    expect(await ask("response", `gpt://${folderId}/yandexgpt`)).toContain('You asked: "Hello"');
  });
});
