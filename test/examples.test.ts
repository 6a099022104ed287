import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import OpenAI from "openai";
import type { Emulator } from "../emulator/emulator";
import { startCloud } from "./support/cloud";

const run = promisify(execFile);
const root = join(__dirname, "..");

/** The example as a user runs it: the real CLI, its language host and the built plugin, in a state of its own. */
async function startExample(name: string, cloud: Emulator) {
  const state = await mkdtemp(join(tmpdir(), "example-"));
  const env = {
    PATH: process.env.PATH,
    HOME: state,
    PULUMI_HOME: join(state, "home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    YC_ENDPOINT: cloud.endpoint,
    YC_PLAINTEXT: "true",
    YC_AI_ENDPOINT: cloud.url,
    YC_TOKEN: cloud.token,
    YC_FOLDER_ID: cloud.folderId,
  };
  const cwd = join(root, "examples", name);
  const pulumi = async (...args: string[]) => {
    const all = [...args, "--non-interactive", "--stack", "dev"];
    const { stdout } = await run("pulumi", all, { cwd, env, maxBuffer: 1e8 }).catch((error: { stdout: string }) => {
      throw new Error(`pulumi ${args[0]} failed:\n${error.stdout}`);
    });
    return stdout;
  };
  await pulumi("stack", "init");
  return {
    pulumi,
    async [Symbol.asyncDispose]() {
      await rm(join(cwd, "Pulumi.dev.yaml"), { force: true });
      await rm(state, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

describe("the example minimal", () => {
  it("gives an application a key that answers a chat request, and takes it away again", async () => {
    await using cloud = await startCloud();
    const before = cloud.snapshot();
    await using example = await startExample("minimal", cloud);

    await example.pulumi("up", "--yes", "--skip-preview");
    const { apiKey, baseUrl, model } = JSON.parse(await example.pulumi("stack", "output", "--json", "--show-secrets"));
    const client = new OpenAI({ apiKey, baseURL: baseUrl, project: cloud.folderId, maxRetries: 0 });
    const answer = await client.chat.completions.create({ model, messages: [{ role: "user", content: "Hello" }] });
    const again = await example.pulumi("preview", "--expect-no-changes");
    await example.pulumi("destroy", "--yes", "--skip-preview");

    expect(answer.choices[0]?.message.content).toContain("your key works");
    expect(again).not.toContain(apiKey);
    expect(cloud.snapshot()).toEqual(before);
  });

  it("is the program that the README shows", async () => {
    const program = await readFile(join(root, "examples", "minimal", "index.ts"), "utf8");
    const readme = await readFile(join(root, "README.md"), "utf8");

    expect(readme.replaceAll("./components", "../../components")).toContain(program.trim());
  });
});
