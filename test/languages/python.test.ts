import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { makeRelease } from "../support/release";
import { run } from "../support/run";
import { type Language, isTheStackOfTypeScript, livesALife } from "./lifecycle";
import { ensure, pathWith } from "./languageHost";
import { filesOf, programOf } from "./page";

const text = programOf("python");

describe("a program in Python", () => {
  const folder = mkdtempSync(join(tmpdir(), "python-"));
  let python: Language;
  beforeAll(async () => {
    const [host, bin] = [await ensure("ensureLanguageHost", "python"), await ensure("ensurePython")];
    // The SDKs as `npm run package` makes them.
    await using release = await makeRelease();
    const archives = filesOf("Python").map((name) => release.path("dist", name));
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
});
