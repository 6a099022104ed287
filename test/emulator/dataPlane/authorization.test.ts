import OpenAI from "openai";
import type { Emulator } from "../../../emulator/emulator";
import { openApi } from "../../support/api";
import { startCloud } from "../../support/cloud";

const chat = "yc.ai.languageModels.execute";
const hour = 60 * 60 * 1000;

describe("the chat", () => {
  it.each([
    ["without a credential", () => undefined, 401, "IAM token or API key has to be passed in request"],
    ["of another scheme", () => "Basic abc", 401, "IAM token or API key has to be passed in request"],
    ["with a token nobody issued", () => "Bearer t1.abc.def", 401, "The token is invalid"],
    [
      "with a key nobody issued",
      () => `Api-Key AQVN${"x".repeat(36)}`,
      401,
      /^Unknown api key 'AQVN\*{4}xxxx \([0-9A-F]{8}\)'$/,
    ],
  ])("refuses a request %s", async (_, authorization, status, message) => {
    await using cloud = await startCloud();

    const answer = await ask(cloud, authorization());

    expect(answer).toMatchObject({ status, message: expect.stringMatching(message) as string });
  });

  it("refuses a key of another scope in the words for an unknown key", async () => {
    await using cloud = await startCloud();
    const key = keyWith(cloud, { scopes: ["yc.ai.translate.execute"] });

    expect(await ask(cloud, `Api-Key ${key}`)).toMatchObject({
      status: 401,
      message: expect.stringContaining("Unknown api key"),
    });
  });

  it("refuses a key from the moment it expires", async () => {
    await using cloud = await startCloud();
    const expiresAt = Math.ceil(cloud.clock.now() / 1000) * 1000 + hour;
    const key = keyWith(cloud, { expiresAt });
    expect(await ask(cloud, `Api-Key ${key}`)).toMatchObject({ status: 200 });

    cloud.clock.advance(hour + 1000);

    const moment = new Date(expiresAt).toISOString().replace(".000Z", "Z");
    expect(await ask(cloud, `Api-Key ${key}`)).toMatchObject({
      status: 401,
      message: `The apikey has expired ${moment}.`,
    });
  });

  it("refuses a model of another folder, even where the account holds the role there", async () => {
    await using cloud = await startCloud();
    const other = cloud.addFolder();
    const account = cloud.addAccount({ name: "shop", roles: ["ai.languageModels.user"] });
    cloud.addGrant({
      resourceId: other,
      roleId: "ai.languageModels.user",
      subject: { id: account, type: "serviceAccount" },
    });
    const key = cloud.addApiKey(account, { scopes: [chat] }).secret;

    expect(await ask(cloud, `Api-Key ${key}`, `gpt://${other}/yandexgpt/latest`)).toEqual({
      status: 400,
      message: `Specified folder ID '${other}' does not match with service account folder ID '${cloud.folderId}'`,
    });
  });

  it("refuses an account without the role, and takes one inherited from the cloud", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "shop" });
    const key = cloud.addApiKey(account, { scopes: [chat] }).secret;
    const chain = `resource-manager.folder ${cloud.folderId}, resource-manager.cloud ${cloud.cloudId}, organization-manager.organization ${cloud.organizationId}`;
    expect(await ask(cloud, `Api-Key ${key}`)).toEqual({ status: 403, message: `Permission to [${chain}] denied` });

    cloud.addGrant({
      resourceId: cloud.cloudId,
      roleId: "ai.editor",
      subject: { id: account, type: "serviceAccount" },
    });

    expect(await ask(cloud, `Api-Key ${key}`)).toMatchObject({ status: 200 });
  });

  it("refuses a model that does not exist, last of all", async () => {
    await using cloud = await startCloud();
    const key = keyWith(cloud);

    expect(await ask(cloud, `Api-Key ${key}`, `gpt://${cloud.folderId}/nothing/latest`)).toEqual({
      status: 400,
      message: "Failed to get model",
    });
    expect(await ask(cloud, `Api-Key ${key}`, "yandexgpt")).toEqual({
      status: 400,
      message: "Failed to parse model URI",
    });
  });

  it("asks a person for the folder, and takes it from the header", async () => {
    await using cloud = await startCloud();
    const client = (project?: string) =>
      new OpenAI({ apiKey: cloud.token, baseURL: `${cloud.url}/v1`, project, maxRetries: 0 });

    await expect(client().models.list()).rejects.toThrow("401 You have to specify folder ID for user account");
    expect((await client(cloud.folderId).models.list()).data).toContainEqual(
      expect.objectContaining({ id: `gpt://${cloud.folderId}/yandexgpt/latest`, owned_by: "Yandex" }),
    );
  });

  it("opens to new keys and grants only after their delay, and closes to removed ones after it", async () => {
    const standing = () => Date.parse("2026-12-01T00:00:00Z");
    await using cloud = await startCloud({ clock: standing, switches: { keyDelayMs: 2000, roleDelayMs: 5000 } });
    using api = openApi(cloud, "grpc");
    const account = cloud.addAccount({ name: "shop" });
    const binding = { roleId: "ai.languageModels.user", subject: { id: account, type: "serviceAccount" } };
    const accessBindingDeltas = [{ action: "ADD", accessBinding: binding }];
    await api.call("FolderService/UpdateAccessBindings", { resourceId: cloud.folderId, accessBindingDeltas });
    const { apiKey, secret } = await api.call("ApiKeyService/Create", { serviceAccountId: account, scopes: [chat] });
    const status = async () => (await ask(cloud, `Api-Key ${secret}`)).status;

    expect(await status()).toBe(401);
    cloud.clock.advance(2000);
    expect(await status()).toBe(403);
    cloud.clock.advance(3000);
    expect(await status()).toBe(200);

    await api.call("ApiKeyService/Delete", { apiKeyId: apiKey.id });
    expect(await status()).toBe(200);
    cloud.clock.advance(2000);
    expect(await status()).toBe(401);
  });

  it("answers differently at a server with an old view", async () => {
    await using cloud = await startCloud();
    cloud.switches.staleNodes = { everyNth: 2, lagMs: 60_000 };
    const key = keyWith(cloud);

    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await ask(cloud, `Api-Key ${key}`)).status);

    expect(new Set(statuses)).toEqual(new Set([200, 401]));
  });
});

function keyWith(cloud: Emulator, options: { scopes?: string[]; expiresAt?: number } = {}): string {
  const account = cloud.addAccount({ name: "shop", roles: ["ai.languageModels.user"] });
  return cloud.addApiKey(account, { scopes: [chat], ...options }).secret;
}

async function ask(cloud: Emulator, authorization?: string, model = `gpt://${cloud.folderId}/yandexgpt/latest`) {
  const answer = await fetch(`${cloud.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization && { authorization }) },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }),
  });
  const json = (await answer.json()) as { error?: { message: string } };
  return { status: answer.status, ...(json.error && { message: json.error.message }) };
}
