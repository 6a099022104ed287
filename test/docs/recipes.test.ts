import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { quickRuns } from "../support/quickRuns";
import { type Ran, run } from "../support/run";

const root = join(__dirname, "../..");

jest.setTimeout(600_000);

/** The steps of a recipe of CONTRIBUTING.md, each with the files that it names. */
function stepsOf(recipe: string): string[] {
  const page = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
  const [, section = ""] = new RegExp(`^## ${recipe}\\n([^]*?)^## `, "m").exec(page) ?? [];
  return section.split("\n").filter((line) => /^\d\. /.test(line));
}

// Both are followed in one tree, which is built and tested once.
let tree: ReturnType<typeof copyTree>;
let tested: Ran;
beforeAll(async () => {
  tree = copyTree();
  addResource();
  addCapability();
  expect(await tree.npm("generate")).toMatchObject({ code: 0 });
  const titles = "is made, stays as it is|tokenization";
  const files = ["test/provider/resources/iamRobot", "test/components/capabilityAccess"];
  tested = await tree.npm("test", ...files, "-t", titles, "--verbose");
});
afterAll(() => tree[Symbol.dispose]());

describe("a recipe of CONTRIBUTING.md", () => {
  it("leads to a new resource that passes the copied test", () => {
    const steps = stepsOf("A new resource").join("\n");

    for (const file of COPIED) expect(steps).toContain(`\`${file}\``);
    expect(tested.output.match(/✓ is made, stays as it is/g)).toHaveLength(1);
    expect(tree.read("docs/provider.md")).toContain("## IamRobot");
    expect(tree.read("provider/schema/schema.json")).toContain("yandex:index/iamRobot:IamRobot");
  });

  it("leads to a new capability whose key opens its own call", () => {
    const steps = stepsOf("A new capability").join("\n");

    for (const file of ["components/capabilities.ts", "test/components/ownCalls.ts"]) expect(steps).toContain(file);
    expect(tested.output.match(/✓ .*tokenization/g)).toHaveLength(3);
    expect(tree.read("docs/component.md")).toContain("tokenization");
  });

  it("leads to tests that all pass", () => {
    expect(tested.output).toMatch(/^Tests: +\d+ skipped, 4 passed/m);
    expect(tested.code).toBe(0);
  });
});

const COPIED = ["provider/resources/iamServiceAccount.ts", "test/provider/resources/iamServiceAccount.test.ts"];

function addResource() {
  for (const file of COPIED) tree.write(file.replace("iamServiceAccount", "iamRobot"), renamed(tree.read(file)));
  tree.edit("provider/resources/index.ts", [
    ["import { iamServiceAccount }", 'import { iamRobot } from "./iamRobot";\n$&'],
    ["    iamServiceAccount,", "    iamRobot,\n$&"],
  ]);
  const [usage = ""] = /^ {2}IamServiceAccount: \{\n[^]*?^ {2}\},\n/m.exec(tree.read("provider/schema/usage.ts")) ?? [];
  tree.edit("provider/schema/usage.ts", [["  IamServiceAccount: {", `${renamed(usage)}$&`]]);
}

function addCapability() {
  tree.edit("components/capabilities.ts", [["  embeddings: {", `${ROW}$&`]]);
  tree.edit("provider/resources/aiStudioKeyValidation/probes.ts", [["  embeddings: posting", `${PROBE}$&`]]);
  tree.edit("test/components/ownCalls.ts", [["  embeddings: post(", `${OWN_CALL}$&`]]);
}

const ROW = `  tokenization: {
    sentence: "Count the tokens of a text.",
    roles: ["ai.languageModels.user"],
    scopes: ["yc.ai.languageModels.execute"],
    scope: "inferred",
    alsoOpens: ["textGeneration", "embeddings"],
    documentation: ACCESS,
    alsoCalled: ["tokens"],
  },
`;
const BODY = `(folderId) => ({ modelUri: \`gpt://\${folderId}/yandexgpt/latest\`, text: "?" }))`;
const PROBE = `  tokenization: posting("ai-foundation-models", "/foundationModels/v1/tokenize", ${BODY},\n`;
const OWN_CALL = `  tokenization: post("/foundationModels/v1/tokenize", ${BODY},\n`;

const renamed = (text: string) =>
  text.replaceAll("IamServiceAccount", "IamRobot").replaceAll("iamServiceAccount", "iamRobot");

/** A copy of the sources that may be changed, with the packages of this repository and an SDK of its own. */
function copyTree() {
  const folder = mkdtempSync(join(tmpdir(), "recipe-"));
  const left = /^(?:\.git|\.work|dist|node_modules)$|(?:^|\/)(?:bin|node_modules)$/;
  cpSync(root, folder, { recursive: true, filter: (path) => !left.test(relative(root, path)) });
  for (const scope of ["", "@pulumi"]) {
    mkdirSync(join(folder, "node_modules", scope), { recursive: true });
    for (const name of readdirSync(join(root, "node_modules", scope)))
      if (!["@pulumi", ".cache"].includes(name) && `${scope}/${name}` !== "@pulumi/yandex")
        symlinkSync(join(root, "node_modules", scope, name), join(folder, "node_modules", scope, name));
  }
  symlinkSync(join(folder, "sdks", "yandex"), join(folder, "node_modules", "@pulumi", "yandex"));
  const path = (file: string) => join(folder, file);
  const read = (file: string) => readFileSync(path(file), "utf8");
  const write = (file: string, text: string) => writeFileSync(path(file), text);
  return {
    read,
    write,
    edit(file: string, changes: [before: string, after: string][]) {
      let text = read(file);
      for (const [before, after] of changes) {
        expect(text).toContain(before);
        text = text.replace(before, () => after.replace("$&", () => before));
      }
      write(file, text);
    },
    npm: (task: string, ...args: string[]) =>
      run(process.execPath, [join(folder, "toolchain", "main.mjs"), task, ...args], {
        cwd: folder,
        env: { ...process.env, ...quickRuns(), NODE_OPTIONS: "" },
      }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
