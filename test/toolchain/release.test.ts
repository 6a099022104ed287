import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { chat } from "../support/access";
import { testTools } from "../support/browser";
import { startCloud } from "../support/cloud";
import { environmentIn, archiveOf, here, makeRelease, openRelease, platforms, version } from "../support/release";

const run = promisify(execFile);
const root = join(__dirname, "../..");

/** Made once: the tests only read it, or lay what they take from it into folders of their own. */
let release: Awaited<ReturnType<typeof makeRelease>>;
beforeAll(async () => {
  release = await openRelease();
});
afterAll(() => release[Symbol.asyncDispose]());

describe("the release", () => {
  it("has each plugin for each platform under the engine's name for it, schemas, packages, and the sums of all", async () => {
    const plugins = ["yandex", "yandex-aistudio"];
    const archives = plugins.flatMap((name) => platforms.map((platform) => archiveOf(name, platform)));
    const schemas = plugins.map((name) => `${name}-${version}.schema.json`);
    const packages = ["pulumi-yandex", "yandex-aistudio", "yandex-aistudio-emulator"];
    const python = ["pulumi_yandex", "pulumi_yandex_aistudio"].map((name) => `${name}-${version}.tar.gz`);
    const go = plugins.map((name) => `pulumi-${name}-go-${version}.tar.gz`);
    const files = [
      ...archives,
      ...schemas,
      ...python,
      ...go,
      ...packages.map((name) => `${name}-${version}.tgz`),
    ].sort();
    expect(release.files()).toEqual(["SHA256SUMS", ...files]);
    const sums = files.map((name) => `${createHash("sha256").update(release.read(name)).digest("hex")}  ${name}\n`);
    expect(release.read("SHA256SUMS").toString()).toBe(sums.join(""));
  });

  it("lays the plugin's parts beside one another, with a launcher where #! lines mean nothing", async () => {
    for (const [name, beside] of [
      ["yandex", ["openpgp.mjs"]],
      ["yandex-aistudio", []],
    ] as const) {
      const program = `pulumi-resource-${name}`;
      const parts = ["", "LICENSE", ...beside, "package.json", program];
      expect(release.list(archiveOf(name, "linux-arm64"))).toEqual(parts);
      expect(release.list(archiveOf(name, "darwin-amd64"))).toEqual(parts);
      expect(release.list(archiveOf(name, "windows-amd64"))).toEqual([...parts, `${program}.cmd`]);
    }
  });

  it("has the files that the README installs", async () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const wanted = Array.from(readme.matchAll(/"\$DIST\/([^"]+)"/g), ([, name]) => name);

    expect(wanted).toHaveLength(2);
    expect(release.files()).toEqual(expect.arrayContaining(wanted));
  });

  it.each(["pulumi-yandex", "yandex-aistudio", "yandex-aistudio-emulator"])(
    "has in %s an npm package in which publint and attw find nothing",
    async (name) => {
      const archive = JSON.stringify(release.path("dist", `${name}-${version}.tgz`));
      const program = `import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
        import { publint } from "publint";
        import { readFileSync } from "node:fs";
        const archive = new Uint8Array(readFileSync(${archive}));
        const { problems } = await checkPackage(createPackageFromTarballData(archive));
        const { messages } = await publint({ pack: { tarball: archive.buffer } });
        console.log(JSON.stringify([...problems, ...messages]));`;
      const lint = run(process.execPath, ["--input-type=module", "--eval", program], { cwd: await testTools() });

      expect(JSON.parse((await lint).stdout)).toEqual([]);
    },
  );

  it.each(["pulumi-yandex", "yandex-aistudio"])("tells in %s what it is, and holds no sources", async (name) => {
    const archive = `${name}-${version}.tgz`;
    const files = release.list(archive);
    const manifest = JSON.parse(
      execFileSync("tar", ["-xOf", release.path("dist", archive), "package/package.json"], { encoding: "utf8" }),
    );

    expect(files).toEqual(expect.arrayContaining(["package/README.md", "package/LICENSE", "package/bin/index.d.ts"]));
    expect(files.filter((file) => /(?<!\.d)\.ts$|\.sources$/.test(file))).toEqual([]);
    expect(manifest).toMatchObject({
      version,
      license: "Apache-2.0",
      type: "commonjs",
      engines: { node: ">=22.21.0" },
    });
    expect(manifest.keywords).toContain("yandex-cloud");
  });

  it("is the same, byte by byte, when it is made again", async () => {
    await using again = await makeRelease();

    expect(again.read("SHA256SUMS").toString()).toBe(release.read("SHA256SUMS").toString());
  });

  it("installs into an empty home, and a program works with it without any path", async () => {
    await using cloud = await startCloud();
    const path = layProgram("installed");
    const before = cloud.snapshot();
    const env = environmentIn(path, cloud);
    const pulumi = (...args: string[]) =>
      run("pulumi", [...args, "--non-interactive"], { cwd: path("program"), env }).catch((error) => error);
    await pulumi("stack", "init", "dev");

    const without = await pulumi("up", "--yes", "--skip-preview");
    await pulumi(
      "plugin",
      "install",
      "resource",
      "yandex",
      version,
      "--file",
      release.path("dist", archiveOf("yandex", here)),
    );
    const up = await pulumi("up", "--yes", "--skip-preview");
    const created = cloud.snapshot();
    const { stdout: key } = await pulumi("stack", "output", "apiKey", "--show-secrets");
    const answer = await chat(cloud, key.trim());
    const destroy = await pulumi("destroy", "--yes", "--skip-preview");

    expect(`${without.stdout}${without.stderr}`).toContain("no resource plugin 'pulumi-resource-yandex' found");
    expect(readdirSync(path("home", "pulumi", "plugins"))).toContain(`resource-yandex-v${version}`);
    expect(up.stdout).toContain("yandex:index:IamServiceAccount shop created");
    expect(created).not.toEqual(before);
    expect(answer).toBe("200");
    expect(destroy.stdout).toContain("yandex:index:IamServiceAccount shop deleted");
    expect(cloud.snapshot()).toEqual(before);
  });
});

describe("the package of the component", () => {
  it("has types that a program of TypeScript is held to", async () => {
    const file = layProgram("typed")("program", "program.ts");
    writeFileSync(
      file,
      `import { AiStudioAccess, type Capability } from "yandex-aistudio";
      const capabilities: readonly Capability[] = ["textGeneration", "imageGeneration"];
      const shop = new AiStudioAccess("shop", { capabilities });
      shop.env.OPENAI_API_KEY.apply((key: string) => key);
      new AiStudioAccess("slip", { capabilities: ["textGenration"] });`,
    );
    const options = {
      module: ts.ModuleKind.Node16,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      skipLibCheck: true,
      types: [],
      noEmit: true,
    };

    const complaints = ts.getPreEmitDiagnostics(ts.createProgram([file], options));

    expect(complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))).toEqual([
      expect.stringContaining('"textGenration"'),
    ]);
  });
});

/**
 * A program of plain JavaScript with the packages of the release, and the engine's library beside, where npm puts them, in a
 * folder with a home and a place for the state.
 */
function layProgram(folder: string): (...names: string[]) => string {
  const path = (...names: string[]) => release.path(folder, ...names);
  const modules = path("program", "node_modules", "@pulumi");
  const component = path("program", "node_modules", "yandex-aistudio");
  for (const folder of [path("home"), path("state"), join(modules, "yandex"), component]) {
    mkdirSync(folder, { recursive: true });
  }
  const unpack = (name: string, folder: string) =>
    execFileSync("tar", ["-xzf", release.path("dist", `${name}-${version}.tgz`), "-C", folder, "--strip-components=1"]);
  unpack("pulumi-yandex", join(modules, "yandex"));
  unpack("yandex-aistudio", component);
  const engine = dirname(createRequire(__filename).resolve("@pulumi/pulumi/package.json"));
  symlinkSync(engine, join(modules, "pulumi"), "junction");
  writeFileSync(path("program", "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(path("program", "package.json"), '{ "main": "index.js", "dependencies": { "@pulumi/pulumi": "*" } }');
  writeFileSync(
    path("program", "index.js"),
    `const { AiStudioAccess } = require("yandex-aistudio");
    exports.apiKey = new AiStudioAccess("shop", { capabilities: ["textGeneration"] }).apiKey;`,
  );
  return path;
}
