import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CloudProcess, startCloudProcess } from "../support/cloudProcess";
import { type Json, programs, startWorker, type Worker } from "./worker";

/** A client of `clients.json`, the list that COVERAGE.md shows. */
interface Listed {
  client: string;
  language?: "python" | "node";
  package?: string;
  checks?: string[];
}
const { clients } = JSON.parse(readFileSync(join(__dirname, "clients", "clients.json"), "utf8")) as {
  clients: Listed[];
};

const text = "add 5 and 4";
const sentence = expect.stringContaining(`You asked: "${text}"`) as unknown;

/** What each check comes to, whichever client makes it. */
const expected: Record<string, unknown> = {
  chat: sentence,
  stream: sentence,
  format: { name: "written by a local stand-in", amounts: [5, 4] },
  response: sentence,
  background: sentence,
  embedding: 256,
  store: "fruit.txt",
  mcp: ["order", "A local stand-in was asked to run order"],
};

/** The arguments of the call; or, from a library that runs the tool by itself, the text with what the tool answered. */
function expectTool(answer: unknown): void {
  if (typeof answer === "string" && !answer.startsWith("{"))
    return expect(answer).toContain('A tool answered: "sum 9"');
  expect(typeof answer === "string" ? JSON.parse(answer) : answer).toEqual({ numbers: [5, 4] });
}

let cloud: CloudProcess;
beforeAll(async () => (cloud = await startCloudProcess()));
afterAll(() => cloud[Symbol.asyncDispose]());

const libraries = clients.flatMap(({ client, language, package: name, checks }) =>
  language && name && checks ? [{ client, language, name, checks }] : [],
);

describe.each(libraries)("$client", ({ language, name, checks }) => {
  let worker: Worker;
  let order: Json;
  beforeAll(async () => {
    worker = startWorker(language === "python" ? programs.pythonLibraries() : programs.nodeLibraries(), cloud);
    order = { ...(await mayAll(`app-${language}-${name}`.replace(/[^a-z-]/g, ""))), client: name };
  });
  afterAll(() => worker[Symbol.asyncDispose]());

  it.each(checks)("passes: %s", async (call) => {
    const answer = await worker.ask({ ...order, call });

    if (call === "tool") expectTool(answer);
    else expect(answer).toEqual(expected[call]);
  });

  if (checks[0] !== "mcp")
    it("passes a refusal on", async () => {
      const key = `AQVN${"x".repeat(36)}`;
      expect(await worker.refusal({ ...order, key, call: checks[0] })).toMatch(/^401 /);
    });
});

const hasJdk = spawnSync("java", ["-version"]).status === 0;

describe("JDK HttpClient", () => {
  // One file of source runs from Java 11 on.
  (hasJdk ? it : it.skip)(`passes: chat${hasJdk ? "" : " (there is no JDK on this machine)"}`, async () => {
    const { key, model } = await mayAll("java");
    const body = JSON.stringify({ model, messages: [{ role: "user", content: text }] });
    const file = join(__dirname, "clients", "java", "Chat.java");

    const { stdout, stderr } = spawnSync("java", [file, cloud.url, key as string, body], {
      env: { PATH: process.env.PATH },
      encoding: "utf8",
    });

    expect([stderr, stdout]).toEqual(["", expect.stringMatching(/^200 .*You asked/)]);
  });
});

/** An account that may use models, agents and an MCP server, and what its client gets. */
async function mayAll(name: string): Promise<Json> {
  const { folderId, url, token } = cloud;
  const roles = ["ai.languageModels.user", "ai.assistants.editor", "serverless.mcpGateways.invoker"];
  const accountId = await cloud.admin("addAccount", { name, roles });
  const scopes = ["yc.ai.foundationModels.execute", "yc.serverless.mcpGateways.invoke"];
  const { secret } = await cloud.admin("addApiKey", accountId, { scopes });
  const answer = await fetch(`${url}/mcpgateway/v1/mcpGateways`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ folderId, name, tools: [{ name: "order", action: {} }] }),
  });
  const { response } = (await answer.json()) as Json;
  const address = response.baseDomain as string;
  return { key: secret, folderId, model: `gpt://${folderId}/yandexgpt/latest`, text, address };
}
