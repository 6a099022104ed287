import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { dependencies } from "../../package.json";
import { blocksOf } from "../docs/document";
import { testTools } from "../support/browser";
import { startCloud } from "../support/cloud";
import { environmentIn, openRelease, version } from "../support/release";
import { run } from "../support/run";

// Installs Pulumi's library four times, beside whatever else the machine does.
jest.setTimeout(900_000);

const PAGE = "installation-configuration.md";
const page = readFileSync(join(__dirname, "../../docs", PAGE), "utf8");
const [install = "", script = ""] = blocksOf(PAGE)["Node.js"]!.trim().split("\n");
/** The lines for Pulumi.yaml, by which the engine finds the plug-in without PATH. */
const [, lines = ""] = /```yaml\n([^]*?)```/.exec(page) ?? [];
/** What the page says to run where `pulumi install` comes first. */
const [afterwards = ""] = /pulumi plugin install [^`]+/.exec(page) ?? [];
const PROJECT = "name: shop\nruntime: nodejs\n";
const PROGRAM = `const { AiStudioAccess } = require("yandex-aistudio");
exports.apiKey = new AiStudioAccess("shop", { capabilities: ["textGeneration"] }).apiKey;`;

/** How each adds packages and runs the engine, and the file in which the page asks for a setting. */
const managers = [
  { name: "npm", add: "npm install", pulumi: "npm run --silent pulumi --" },
  { name: "pnpm", add: "pnpm add", pulumi: "pnpm run pulumi", settings: "pnpm-workspace.yaml" },
  { name: "yarn", add: "yarn add", pulumi: "yarn run pulumi", settings: ".yarnrc.yml" },
];

describe("a program in Node.js", () => {
  let release: Awaited<ReturnType<typeof openRelease>>;
  beforeAll(async () => (release = await openRelease()));
  afterAll(() => release[Symbol.asyncDispose]());
  const startMachine = () => startMachineWith(release.path("dist"));

  it.each(managers)(
    "gets its plug-in with its packages, in an empty home, by $name",
    async ({ add, pulumi, settings }) => {
      await using machine = await startMachine();
      const before = machine.cloud.snapshot();
      if (settings) machine.write(settings, lineFor(settings));
      const packages = install
        .replace("npm install", add)
        .replace("/pulumi ", `/pulumi@${dependencies["@pulumi/pulumi"]} `);
      await machine.succeeds(`${packages}\n${script}`);

      await machine.succeeds(`${pulumi} stack init dev`);
      const first = await machine.succeeds(`${pulumi} preview`);
      machine.write("Pulumi.yaml", PROJECT + lines);
      const second = await machine.succeeds("pulumi preview");

      expect(first).toMatch(/using pulumi-resource-yandex from \$PATH/);
      expect(first).toMatch(/IamServiceAccount shop create/);
      expect(second).toMatch(/IamServiceAccount shop create/);
      expect(second).not.toContain("warning");
      expect(machine.cloud.snapshot()).toEqual(before);
    },
  );

  it("gets its plug-in on a second machine, in an empty home, where `pulumi install` comes first", async () => {
    await using machine = await startMachine();
    const of = (name: string) => `file:${release.path("dist", `${name}-${version}.tgz`)}`;
    const wanted = { ...dependencies, "@pulumi/yandex": of("pulumi-yandex"), "yandex-aistudio": of("yandex-aistudio") };
    machine.write("package.json", JSON.stringify({ main: "index.js", dependencies: wanted }));

    await machine.succeeds(`pulumi install && pulumi stack init dev && ${script}`);
    const before = machine.cloud.snapshot();
    await machine.succeeds("npm run pulumi -- up --yes --skip-preview");
    expect(machine.cloud.snapshot()).not.toEqual(before);
    expect(await machine.fails("pulumi preview")).toContain("no resource plugin 'pulumi-resource-yandex' found");
    await machine.succeeds(afterwards);
    await machine.succeeds("pulumi preview --expect-no-changes");
    await machine.succeeds("pulumi destroy --yes --skip-preview");
    expect(machine.cloud.snapshot()).toEqual(before);
  });

  it("names the folder of the plug-in where a checkout has the lines, and not yet the packages", async () => {
    await using machine = await startMachine();
    machine.write("Pulumi.yaml", PROJECT + lines);

    expect(await machine.fails("pulumi install")).toMatch(
      /no folder at path '.*node_modules\/@pulumi\/yandex\/plugin'/,
    );
  });
});

/** The line that the page shows for a file of settings. */
function lineFor(file: string): string {
  const [, line = ""] = new RegExp(`\`([^\`]+)\` in \`${file}\``).exec(page) ?? [];
  return line;
}

/** A program in a folder of its own, a cloud, and an engine whose home is empty. */
async function startMachineWith(DIST: string) {
  const parts = new AsyncDisposableStack();
  const cloud = parts.use(await startCloud());
  const folder = mkdtempSync(join(tmpdir(), "machine-"));
  parts.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const path = (...names: string[]) => join(folder, ...names);
  for (const name of ["home", "state", "program"]) mkdirSync(path(name));
  const write = (file: string, text: string) => writeFileSync(path("program", file), text);
  write("Pulumi.yaml", PROJECT);
  write("index.js", PROGRAM);
  write("package.json", '{ "main": "index.js" }');

  const PATH = [join(await testTools(), "node_modules", ".bin"), process.env.PATH].join(delimiter);
  // The package managers keep their own caches and settings, but none of the npm that runs the tests.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const { HOME = "" } = process.env;
  const env = { ...Object.fromEntries(inherited), ...environmentIn(path, cloud), PATH, HOME, DIST };
  const sh = (line: string) => run("bash", ["-e", "-c", line], { cwd: path("program"), env });
  return {
    cloud,
    write,
    async succeeds(line: string): Promise<string> {
      const { code, output } = await sh(line);
      expect([line, code, code === 0 ? "" : output]).toEqual([line, 0, ""]);
      return output;
    },
    async fails(line: string): Promise<string> {
      const { code, output } = await sh(line);
      expect([line, code]).not.toEqual([line, 0]);
      return output;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
