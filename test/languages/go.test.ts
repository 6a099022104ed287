import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { makeSdks, version } from "../support/release";
import { planOf } from "../support/stack";
import { type Language, isTheStackOfTypeScript, livesALife } from "./lifecycle";
import { ensure } from "./languageHost";
import { linesOf, programOf } from "./page";

const run = promisify(execFile);
const OWN_MAIN = "func main() { pulumi.Run(program) }";
const text = programOf("go").replace(OWN_MAIN, "");
const EMBEDDINGS = "yandexaistudio.CapabilityEmbeddings";

/** Runs a program that the driver is part of: `up` or `preview`. */
const drive: Language["drive"] = async (verb, folder, env) => {
  const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
  const { stdout, stderr } = await run("sh", [join(folder, "program.sh"), verb, folder], options);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as EngineEvent);
  return { ...planOf(events), output: stderr };
};

describe("a program in Go", () => {
  const folder = mkdtempSync(join(tmpdir(), "go-"));
  let go: Language;
  beforeAll(async () => {
    await using sdks = await makeSdks();
    cpSync(join(__dirname, "go"), folder, { recursive: true });
    const env = { ...process.env, DIST: sdks.path("dist") };
    await run("bash", ["-e", "-c", linesOf("Go")], { cwd: folder, env });
    await run("tar", ["-xzf", sdks.path("dist", `pulumi-yandex-go-${version}.tar.gz`), "-C", folder]);
    const build = async (name: string, program: string) => {
      writeFileSync(join(folder, "program.go"), program);
      await ensure("buildGoProgram", folder, join(folder, name));
      return `exec ${JSON.stringify(join(folder, name))} "$@"\n`;
    };
    go = {
      runtime: "go",
      file: "program.sh",
      text: await build("program", text),
      wider: await build("wider", text.replace(EMBEDDINGS, `${EMBEDDINGS}, yandexaistudio.CapabilityImageGeneration`)),
      path: process.env.PATH ?? "",
      drive,
    };
  }, 15 * 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it("creates two applications, rotates with an overlap, retires, widens and is destroyed", () => livesALife(go));

  it("has the stack that TypeScript has, name by name", () => isTheStackOfTypeScript(go));
});
