import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "../support/run";

const toolchain = pathToFileURL(join(__dirname, "../../toolchain/bundle.mjs")).href;
const WORD = "src/lib/word/index.ts";
const RECORD = "node_modules/.cache/bundles/program.json";

const saying = (word: string) => `export const word = "${word}";\n`;

/** A program that says a word, in a folder that goes away with the test. */
function startProject() {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "bundle-")));
  const folder = join(parent, "project");
  const path = (name: string) => join(folder, name);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  write(
    "src/main.ts",
    `import { word } from "./lib/word";
     import { mark } from "marks";
     import made from "made";
     console.log(word + mark + made);`,
  );
  write(WORD, saying("first"));
  write("tsconfig.json", "{}");
  write("node_modules/marks/package.json", `{ "main": "dot.js" }`);
  write("node_modules/marks/dot.js", `exports.mark = ".";`);
  write("node_modules/marks/bang.js", `exports.mark = "!";`);

  return {
    path,
    write,
    remove: (name: string) => rmSync(path(name)),
    /** Bundles the program if need be, then runs it: what was done and said. `afterRead` is run when esbuild has read it. */
    async use(afterRead = "", cwd = folder) {
      const script = `
        import { copyFileSync, utimesSync, writeFileSync } from "node:fs";
        import { pathToFileURL } from "node:url";
        const { bundlePrograms } = await import(${JSON.stringify(toolchain)});
        const witness = {
          name: "witness",
          setup(build) {
            build.onResolve({ filter: /^made$/ }, () => ({ path: "folder/made", namespace: "made-up" }));
            build.onLoad({ filter: /.*/, namespace: "made-up" }, () => ({ contents: "export default ''" }));
            build.onStart(() => console.log("built"));
            build.onEnd(() => { ${afterRead} });
          },
        };
        const program = { name: "program", entry: "src/main.ts", target: "src/bin/program.js" };
        const [file] = await bundlePrograms(process.cwd(), [{ ...program, options: { plugins: [witness] } }]);
        await import(pathToFileURL(file));`;
      const node = ["--input-type=module", "--eval", script];
      const { output } = await run(process.execPath, node, { cwd, env: process.env });
      return output.trim().split("\n");
    },
    [Symbol.dispose]: () => rmSync(parent, { recursive: true, force: true }),
  };
}

describe("a bundle", () => {
  it("is made once and used again, with nothing left beside it", async () => {
    using project = startProject();
    expect(await project.use()).toEqual(["built", "first."]);
    expect(await project.use()).toEqual(["first."]);
    expect(readdirSync(project.path("src/bin"))).toEqual(["program.js"]);
    expect(readdirSync(project.path(dirname(RECORD)))).toEqual(["program.json"]);
  });

  it.each<[string, (project: ReturnType<typeof startProject>) => void, string]>([
    ["a source says something longer", ({ write }) => write(WORD, saying("longer")), "longer."],
    ["a source says something as long", ({ write }) => write(WORD, saying("other")), "other."],
    ["a new file is found before a source", ({ write }) => write("src/lib/word.ts", saying("shadow")), "shadow."],
    [
      "a source moves",
      ({ write, remove }) => {
        remove(WORD);
        write("src/lib/word.js", saying("moved"));
      },
      "moved.",
    ],
    [
      "a package names another file",
      ({ write }) => write("node_modules/marks/package.json", `{ "main": "bang.js" }`),
      "first!",
    ],
    [
      "settings of the compiler change",
      ({ write }) => write("tsconfig.json", `{ "compilerOptions": { "paths": { "marks": ["./src/marks.ts"] } } }`),
      "first!",
    ],
    [
      "settings of the compiler are added in a folder",
      ({ write }) => write("src/tsconfig.json", `{ "compilerOptions": { "paths": { "marks": ["./marks.ts"] } } }`),
      "first!",
    ],
    [
      "an installation has put other packages there",
      ({ write }) => write("node_modules/.package-lock.json", ""),
      "first.",
    ],
    ["it is missing", ({ remove }) => remove("src/bin/program.js"), "first."],
    ["it was changed", ({ write }) => write("src/bin/program.js", "console.log('changed')"), "first."],
    ["its record is damaged", ({ write }) => write(RECORD, `{"root":`), "first."],
    ["its record says nothing", ({ write }) => write(RECORD, "{}"), "first."],
  ])("is made again when %s", async (_, change, said) => {
    using project = startProject();
    project.write("src/marks.ts", `export const mark = "!";`);
    await project.use();
    change(project);
    expect(await project.use()).toEqual(["built", said]);
    expect(await project.use()).toEqual([said]);
  });

  it.each([
    ["written", `writeFileSync("${WORD}", ${JSON.stringify(saying("later"))});`],
    ["copied there with an older time", `copyFileSync("before.ts", "${WORD}"); utimesSync("${WORD}", 1, 1);`],
  ])("is made again when a source was %s while it was made", async (_, afterRead) => {
    using project = startProject();
    project.write("before.ts", saying("later"));
    expect(await project.use(afterRead)).toEqual(["built", "first."]);
    expect(await project.use()).toEqual(["built", "later."]);
    expect(await project.use()).toEqual(["later."]);
  });

  it("is made again when a file that is found before a source appeared while it was made", async () => {
    using project = startProject();
    const shadow = `writeFileSync("src/lib/word.ts", ${JSON.stringify(saying("shadow"))});`;
    expect(await project.use(shadow)).toEqual(["built", "first."]);
    expect(await project.use()).toEqual(["built", "shadow."]);
  });

  it("is made again in a copy of the project, whose record is of the first one", async () => {
    using project = startProject();
    await project.use();
    cpSync(project.path("."), project.path("../copy"), { recursive: true, preserveTimestamps: true });
    project.write(`../copy/${WORD}`, saying("copied"));
    expect(await project.use("", project.path("../copy"))).toEqual(["built", "copied."]);
  });

  it("is made each time where no record can be kept", async () => {
    using project = startProject();
    mkdirSync(project.path(RECORD), { recursive: true });
    expect(await project.use()).toEqual(["built", "first."]);
    expect(await project.use()).toEqual(["built", "first."]);
  });

  it("is whole when two processes make it at once", async () => {
    using project = startProject();
    const said = await Promise.all([project.use(), project.use()]);
    said.push(await project.use());
    expect(said.map((lines) => lines.at(-1))).toEqual(["first.", "first.", "first."]);
  });
});
