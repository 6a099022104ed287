import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import OpenAI from "openai";
import type { Emulator } from "../emulator/emulator";
import { startCloud } from "./support/cloud";
import { chat } from "./support/access";
import { startReader } from "./docs/document";

const run = promisify(execFile);
const root = join(__dirname, "..");

/** What an example finds two folders up, as in a clone. */
const SURROUNDINGS = ["components", "node_modules", "package.json", "provider", "tsconfig.json"];

/** A copy of the examples, for the engine writes into them, and a state for their stacks. */
async function startExamples(cloud: Emulator) {
  const copy = await mkdtemp(join(tmpdir(), "examples-"));
  await cp(join(root, "examples"), join(copy, "examples"), { recursive: true });
  for (const name of SURROUNDINGS) await symlink(join(root, name), join(copy, name));
  const env = {
    PATH: process.env.PATH,
    HOME: copy,
    PULUMI_HOME: join(copy, "home"),
    PULUMI_BACKEND_URL: `file://${copy}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    YC_ENDPOINT: cloud.endpoint,
    YC_PLAINTEXT: "true",
    YC_AI_ENDPOINT: cloud.url,
    YC_TOKEN: cloud.token,
    YC_FOLDER_ID: cloud.folderId,
  };
  return {
    /** One stack of an example as a user runs it: the real CLI, its language host and the built plugin. */
    async open(name: string, stack = "dev") {
      const pulumi = async (...args: string[]) => {
        const all = [...args, "--non-interactive", "--stack", stack];
        const running = run("pulumi", all, { cwd: join(copy, "examples", name), env, maxBuffer: 1e8 });
        const { stdout } = await running.catch((error: { stdout: string; stderr: string }) => {
          throw new Error(`pulumi ${args[0]} failed:\n${error.stdout}${error.stderr}`);
        });
        return stdout;
      };
      await pulumi("stack", "init");
      const outputs = async () => JSON.parse(await pulumi("stack", "output", "--json", "--show-secrets"));
      return { pulumi, outputs, up: () => pulumi("up", "--yes", "--skip-preview") };
    },
    [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true, maxRetries: 3 }),
  };
}

describe("the page on the examples", () => {
  it("brings one up on the local cloud, shows its outputs and takes it away, as it says", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    await cp(join(root, "examples"), join(reader.folder, "examples"), { recursive: true });
    const [, block = ""] =
      /```sh\n([\s\S]+?)```/.exec(await readFile(join(root, "examples", "README.md"), "utf8")) ?? [];

    const { code, output } = await reader.sh(block);

    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/apiKey +\[secret\][\s\S]+IamServiceAccount shop deleted/),
    ]);
    expect(cloud.calls).toEqual([]);
  });
});

describe("the example minimal", () => {
  it("gives an application a key that answers a chat request, and takes it away again", async () => {
    await using cloud = await startCloud();
    const before = cloud.snapshot();
    await using examples = await startExamples(cloud);
    const example = await examples.open("minimal");

    await example.up();
    const { apiKey, baseUrl, model } = await example.outputs();
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

describe("the example environments", () => {
  it("gives each application in each environment its own key, which another stack can read", async () => {
    await using cloud = await startCloud();
    await using examples = await startExamples(cloud);
    const [dev, prod] = [await examples.open("environments"), await examples.open("environments", "prod")];

    await dev.up();
    await prod.up();
    const keys = [await dev.outputs(), await prod.outputs()].flatMap((all) => [all.shopApiKey, all.searchApiKey]);
    const consumer = await examples.open("consumer");
    await consumer.up();

    expect(new Set(keys).size).toBe(4);
    expect(cloud.snapshot().accounts).toHaveLength(4);
    expect((await consumer.outputs()).environment).toEqual({
      OPENAI_API_KEY: keys[0],
      OPENAI_PROJECT_ID: cloud.folderId,
    });
    expect(await consumer.pulumi("stack", "output", "--json")).not.toContain(keys[0]);
    const refused = await Promise.all(keys.map((key) => chat(cloud, key)));
    expect(refused.map((answer) => answer.slice(0, 3))).toEqual(["200", "200", "200", "401"]);
  });
});

describe("the example adopt", () => {
  it("takes over what the manual guide made, while the old key goes on working", async () => {
    await using cloud = await startCloud();
    const roles = ["ai.languageModels.user", "ai.imageGeneration.user"];
    const id = cloud.addAccount({ name: "sa-api", roles });
    const old = cloud.addApiKey(id, { scopes: ["yc.ai.languageModels.execute"] });
    await using examples = await startExamples(cloud);
    const example = await examples.open("adopt");

    const answers = new Set<string>();
    let isDone = false;
    const up = example.up().finally(() => (isDone = true));
    while (!isDone) {
      answers.add(await chat(cloud, old.secret));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await up;
    const { apiKey, serviceAccountId } = await example.outputs();

    expect(answers).toEqual(new Set(["200"]));
    expect(serviceAccountId).toBe(id);
    expect(await chat(cloud, old.secret)).toBe("200");
    expect(await chat(cloud, apiKey)).toBe("200");
    expect(cloud.snapshot().accounts).toHaveLength(1);
  });
});

describe("the example chat-service", () => {
  const start = (env: NodeJS.ProcessEnv) => {
    const service = join(root, "examples", "chat-service", "service.ts");
    return spawn(process.execPath, ["--experimental-strip-types", "--no-warnings", service], { env });
  };

  it("answers questions with the key that it finds in its environment", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "shop", roles: ["ai.languageModels.user"] });
    const { secret } = cloud.addApiKey(account, { scopes: ["yc.ai.languageModels.execute"] });
    const env = { OPENAI_BASE_URL: `${cloud.url}/v1`, OPENAI_API_KEY: secret, OPENAI_PROJECT_ID: cloud.folderId };
    const service = start({ ...env, PORT: "0" });
    try {
      const [line] = await Promise.race([once(createInterface(service.stdout), "line"), once(service, "exit")]);
      const port = /\d+$/.exec(String(line))?.[0];

      const answer = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: "What do you sell?" });

      expect(await answer.text()).toContain('You asked: "What do you sell?"');
    } finally {
      service.kill();
    }
  });

  it("does not start with the words that stand for a secret", async () => {
    const service = start({ OPENAI_API_KEY: "[secret]" });
    const [code] = await once(service, "exit");

    expect(code).toBe(1);
  });
});
