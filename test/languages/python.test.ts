import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { makeSdks } from "../support/release";
import { run } from "../support/run";
import type { Stack } from "../support/stack";
import { startCloud } from "../support/cloud";
import { type Language, isTheStackOfTypeScript, livesALife, startIn, write } from "./lifecycle";
import { ensure, pathWith } from "./languageHost";
import { filesOf, programOf } from "./page";

const text = programOf("python");

describe("a program in Python", () => {
  const folder = mkdtempSync(join(tmpdir(), "python-"));
  let python: Language;
  beforeAll(async () => {
    const [host, bin] = [await ensure("ensureLanguageHost", "python"), await ensure("ensurePython")];
    // The SDKs as `npm run package` makes them.
    await using sdks = await makeSdks();
    const archives = filesOf("Python").map((name) => sdks.path("dist", name));
    expect(archives).toHaveLength(2);
    const offline = ["--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--quiet"];
    const { code, output } = await run(
      join(bin, "python"),
      ["-m", "pip", "install", ...offline, "--target", folder, ...archives],
      { env: { ...process.env } },
    );
    if (code !== 0) throw new Error(output);
    python = {
      runtime: "python",
      file: "__main__.py",
      text,
      wider: text.replace('["embeddings"]', '["embeddings", "imageGeneration"]'),
      path: pathWith(host, bin),
      env: { PYTHONPATH: [folder, process.env.PYTHONPATH].filter(Boolean).join(delimiter) },
    };
  }, 15 * 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it("creates two applications, rotates with an overlap, retires, widens and is destroyed", () => livesALife(python));

  it("has the stack that TypeScript has, name by name", () => isTheStackOfTypeScript(python));

  it("is tested by its author with Pulumi's mocks, as examples/unit-test does", async () => {
    const { code, output } = await run(join(python.path.split(delimiter)[1]!, "python"), ["-m", "unittest", "-v"], {
      cwd: join(process.cwd(), "examples", "unit-test"),
      env: { ...process.env, ...python.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    expect([code, output]).toEqual([0, expect.stringMatching(/test_is_for_text_alone\S* .*ok\n[^]*^Ran 1 test/m)]);
  });

  it("gives the component a provider of its own", async () => {
    await using cloud = await startCloud();
    await using stack = await startIn(python, cloud);
    write(
      stack,
      python,
      `
import pulumi
import pulumi_yandex as yandex
from pulumi_yandex_aistudio import AiStudioAccess

own = yandex.Provider("own", folder_id="${cloud.folderId}", ai_endpoint="${cloud.url}")
shop = AiStudioAccess("shop", capabilities=["textGeneration"], opts=pulumi.ResourceOptions(provider=own))
pulumi.export("baseUrl", shop.base_url)
`,
    );

    const { outputs } = await stack.up();

    expect(outputs.baseUrl?.value).toBe(`${cloud.url}/v1`);
    expect((await stack.preview()).steps).toEqual({});
    expect(new Set((await ours(stack)).map(({ provider }) => /::(\w+)::[-\w]+$/.exec(provider)?.[1]))).toEqual(
      new Set(["own"]),
    );
  });

  it("says what is wrong with an argument, and creates nothing", async () => {
    await using cloud = await startCloud();
    await using stack = await startIn(python, cloud);
    write(stack, python, text.replace('"textGeneration"', '"textGenerations"'));

    const { error = "", output } = await stack.tryUp();

    expect(error).toMatch(/AiStudioAccess "shop" cannot be deployed: capabilities\[0\] .*did you mean textGeneration/);
    expect(output).not.toMatch(/node:internal|pulumi-resource-yandex-aistudio:\d/);
    expect((await ours(stack)).filter(({ urn }) => urn.includes("shop-"))).toEqual([]);
  });
});

/** What the state has of our provider. */
async function ours(stack: Stack) {
  const { resources } = (await stack.engine.exportStack()).deployment as {
    resources: { urn: string; type: string; provider: string }[];
  };
  return resources.filter(({ type }) => type.startsWith("yandex:"));
}
