import { createServer } from "node:http";
import OpenAI from "openai";

// For a machine or function whose service account is among the `readers` of the secret. No variable holds a secret.
const { LOCKBOX_SECRET_ID, LOCKBOX_ENTRY = "api_key", OPENAI_PROJECT_ID } = process.env;
const { LOCKBOX_URL = "https://payload.lockbox.api.cloud.yandex.net", YC_METADATA_ADDR = "169.254.169.254" } =
  process.env;
const TOKEN_PATH = "/computeMetadata/v1/instance/service-accounts/default/token";

/** How long a key is used before Lockbox is asked again; at most half of the overlap of the rotation. */
const KEEP_MS = Number(process.env.KEEP_SECONDS ?? 300) * 1000;
const RETRY_MS = Math.min(KEEP_MS, 10_000);
const TIMEOUT_MS = 5_000;

interface Answer {
  access_token?: string;
  entries?: { key: string; textValue?: string }[];
}

async function getJson(url: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${new URL(url).host} answered HTTP ${response.status}`);
  return (await response.json()) as Answer;
}

async function readKey(): Promise<string> {
  const { access_token } = await getJson(`http://${YC_METADATA_ADDR}${TOKEN_PATH}`, { "Metadata-Flavor": "Google" });
  const payload = await getJson(`${LOCKBOX_URL}/lockbox/v1/secrets/${LOCKBOX_SECRET_ID}/payload`, {
    authorization: `Bearer ${access_token}`,
  });
  const entry = payload.entries?.find(({ key }) => key === LOCKBOX_ENTRY);
  if (!entry?.textValue) throw new Error(`secret ${LOCKBOX_SECRET_ID} has no entry ${LOCKBOX_ENTRY}`);
  return entry.textValue;
}

let key = "";
let goodUntil = 0;
let reading: Promise<void> | undefined;

/** The key as Lockbox has it. While Lockbox cannot be read the last key is used on, because it works for the overlap. */
async function currentKey(): Promise<string> {
  if (Date.now() >= goodUntil) await (reading ??= renew().finally(() => (reading = undefined)));
  return key;
}

async function renew(): Promise<void> {
  try {
    key = await readKey();
    goodUntil = Date.now() + KEEP_MS;
  } catch (error) {
    console.error(`The key cannot be read from Lockbox: ${(error as Error).message}`);
    if (!key) throw error;
    goodUntil = Date.now() + RETRY_MS;
  }
}

// The client asks for the key before each request.
const client = new OpenAI({ apiKey: currentKey });
const { MODEL = `gpt://${OPENAI_PROJECT_ID}/yandexgpt/latest` } = process.env;

async function answer(question: string): Promise<string> {
  const messages = [{ role: "user" as const, content: question }];
  const ask = () => client.chat.completions.create({ model: MODEL, messages });
  const completion = await ask().catch((error: unknown) => {
    // Somebody has revoked the key: Lockbox has the next one.
    if (!(error instanceof OpenAI.AuthenticationError)) throw error;
    goodUntil = 0;
    return ask();
  });
  return completion.choices[0]?.message.content ?? "";
}

/** POST a question as text, get the answer as text. */
const server = createServer(async (request, response) => {
  try {
    response.end(await answer((await request.toArray()).join("")));
  } catch (error) {
    const status = error instanceof OpenAI.APIError ? error.status : undefined;
    response.writeHead(502).end(status ? `AI Studio answered ${status}.` : "There is no answer; see the log.");
  }
});

// Without a first key it does not start, so that a missing role is seen at once.
currentKey().then(
  () =>
    server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
      const address = server.address();
      console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
    }),
  () => process.exit(1),
);
