import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { blocksOf } from "./document";
import { openRelease } from "../support/release";
import { run } from "../support/run";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/testing.md"), "utf8");
const example = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
const blocks = blocksOf("testing.md");
const [, install = ""] = blocks["Install"]!.trim().split("\n");
const start = blocks["In another language"]!.trim();
const env = { PATH: process.env.PATH, HOME: process.env.HOME };

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "application-"));
  // The package as `npm run package` makes it, installed as the page says, with no registry to ask.
  await using release = await openRelease();
  renameSync(release.path("dist"), join(folder, "dist"));
  writeFileSync(join(folder, "package.json"), "{}");
  const args = install.replace("../yandex-ai-access/", "./").split(" ").slice(1);
  const installed = await run("npm", [...args, "--offline", "--no-audit", "--no-fund"], { cwd: folder, env });
  expect(installed).toMatchObject({ code: 0, output: expect.stringContaining("added 1 package") });
  symlinkSync(packageFolder("openai"), join(folder, "node_modules/openai"), "junction");
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** Of a package that does not let everybody look into it, too. */
const packageFolder = (name: string): string => join(root, "node_modules", name);

describe("what docs/testing.md says", () => {
  it("is how an application's own tests run with the package that npm installs", async () => {
    writeFileSync(join(folder, "studio.test.js"), example);

    const jest = join(packageFolder("jest"), "bin/jest.js");
    const { code, output } = await run(process.execPath, [jest, "--rootDir", folder, "--verbose"], {
      cwd: folder,
      env,
    });

    expect(output).toContain("Tests:       4 passed, 4 total");
    for (const [, title = ""] of example.matchAll(/^test\("(.*?)"/gm)) expect(output).toContain(`✓ ${title}`);
    expect(output).not.toMatch(/did not exit|open handle/);
    expect(code).toBe(0);
  });

  it("is how a program of another language gets a key, and stops what gave it", async () => {
    const [, name = "", ...args] = start.replace(/ > .*/, "").split(" ");
    const child = spawn(join(folder, "node_modules/.bin", name), args, { cwd: folder, env });
    const [printed] = (await once(child.stdout, "data")) as [Buffer];
    const variables = Object.fromEntries(
      printed
        .toString()
        .trim()
        .split("\n")
        .map((line) => line.split("=") as [string, string]),
    );
    const statusWith = async (key: string) =>
      (await fetch(`${variables["OPENAI_BASE_URL"]}/models`, { headers: { authorization: `Bearer ${key}` } })).status;
    const statuses = [await statusWith(variables["OPENAI_API_KEY"] ?? ""), await statusWith("another")];
    child.kill("SIGTERM");

    expect(statuses).toEqual([200, 401]);
    expect(await once(child, "close")).toEqual([0, null]);
  });

  it("names the nearest capability for an unknown word, over the library and the program", async () => {
    const words = 'There is no capability "embedings": did you mean "embeddings"?';
    const program = join(folder, "node_modules/.bin/yandex-aistudio-emulator");
    const script = `require("yandex-aistudio-emulator").startEmulator().then((studio) => {
      try { studio.keyFor(["embedings"]); } catch (error) { console.log(error.message); }
      return studio.dispose();
    });`;

    expect(await run(program, ["--capabilities", "embedings"], { cwd: folder, env })).toEqual({
      code: 1,
      output: `${words}\n`,
    });
    expect((await run(process.execPath, ["--eval", script], { cwd: folder, env })).output).toBe(`${words}\n`);
  });

  it("has types that a test in TypeScript is held to", () => {
    const file = join(folder, "studio.ts");
    writeFileSync(
      file,
      `import { startEmulator, type Capability } from "yandex-aistudio-emulator";
      const capabilities: readonly Capability[] = ["textGeneration"];
      export const key = startEmulator({ port: 0 }).then((studio): string => studio.keyFor(capabilities));
      export const slip = startEmulator().then((studio) => studio.keyFor(["textGenration"]));`,
    );
    const options = {
      module: ts.ModuleKind.Node16,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
      strict: true,
      types: [],
      noEmit: true,
    };

    const complaints = ts.getPreEmitDiagnostics(ts.createProgram([file], options));

    expect(complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))).toEqual([
      expect.stringContaining('"textGenration"'),
    ]);
  });
});
