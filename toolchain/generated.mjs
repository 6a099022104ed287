import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { go } from "./pulumiBuild.mjs";
import { announce, say, stop } from "./report.mjs";
import { sdkFolder, sdks, sourcesOf } from "./sdk.mjs";
import { readSentences } from "./sentences.mjs";
import { pinned } from "./versions.mjs";

const schemaFile = join("provider", "schema", "schema.json");
const componentSchemaFile = join("languages", "schema.json");

/** Writes schemas, SDKs and generated pages, or, with `check`, stops if a file differs from the one it would write. */
export async function generate(root, { check }) {
  const draft = mkdtempSync(join(tmpdir(), "yandex-sdk-"));
  try {
    const { schema, componentSchema, addresses, version, pages } = await readSources(root, draft);
    writeJson(join(draft, schemaFile), schema());
    writeJson(join(draft, componentSchemaFile), componentSchema(await readSentences(root), { version, ...addresses }));
    await writeSdks(draft, addresses);
    for (const page of pages) await writePage(root, draft, page);
    const differing = differences(root, draft, [schemaFile, componentSchemaFile, ...pages.map(({ file }) => file)]);
    if (differing.length === 0) return say("The schemas, the SDKs and the generated pages are current.");
    if (check)
      throw stop(`Generated files are not current (${differing.join(", ")}): run npm run generate and commit.`);
    for (const name of differing) {
      rmSync(join(root, name), { force: true });
      if (existsSync(join(draft, name))) cpSync(join(draft, name), join(root, name));
    }
    say(`Written: ${differing.join(", ")}.`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The exports of toolchain/reference. */
async function readSources(root, draft) {
  const esbuild = await import("esbuild");
  const outfile = join(draft, "reference.cjs");
  await esbuild.build({
    entryPoints: [join(root, "toolchain", "reference", "index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node22",
    logLevel: "error",
  });
  const made = await import(pathToFileURL(outfile));
  rmSync(outfile);
  return made.default;
}

async function writeSdks(draft, { goModules }) {
  const wanted = sdks.flatMap(({ language, schema, folder }) => [language, join(draft, schema), join(draft, folder)]);
  await announce("Generating the SDKs (10 s, the first time a minute).", () =>
    go("pulumi", ["run", "./sdkgen", ...wanted], "generating the SDKs"),
  );
  // The program uses what compileSdk makes; of the SDK's own build, only what every workspace needs is kept.
  const file = join(draft, sdkFolder, "package.json");
  const { scripts: _scripts, devDependencies: _tools, ...manifest } = JSON.parse(readFileSync(file, "utf8"));
  const entry = { main: "bin/index.js", types: "bin/index.d.ts" };
  writeFileSync(file, `${JSON.stringify({ ...manifest, ...entry }, null, 2)}\n`);
  for (const { language, of, folder } of sdks) {
    if (language === "python") nameSource(join(draft, folder, `pulumi_${of.replace("-", "_")}`, "_utilities.py"));
    if (language !== "go") continue;
    const needs = `github.com/pulumi/pulumi/sdk/v3 v${pinned.pulumi}`;
    write(join(draft, folder, "go.mod"), `module ${goModules}/${of}\n\ngo 1.26.6\n\nrequire ${needs}\n`);
  }
  for (const { folder } of sdks)
    for (const name of ["tsconfig.json", ".gitignore", ".gitattributes", "README.md"])
      rmSync(join(draft, folder, name), { force: true });
}

/** The generator's comment names its source by an address of another project's site; the name of the function lasts. */
function nameSource(file) {
  const text = readFileSync(file, "utf8").replace(
    /taken from https:\S+, which/,
    "those of strconv.ParseBool of Go, which",
  );
  writeFileSync(file, text);
}

async function writePage(root, draft, page) {
  const prettier = await import("prettier");
  const options = await prettier.resolveConfig(join(root, page.file));
  const text = page.write(readFileSync(join(root, page.file), "utf8"));
  write(join(draft, page.file), await prettier.format(text, { ...options, parser: "markdown" }));
}

/** The generated files, by their path in the project, that one side lacks or that differ. */
function differences(root, draft, files) {
  const inSdks = (base) =>
    sdks.flatMap(({ folder }) => sourcesOf(join(base, folder)).map((name) => join(folder, name)));
  const names = new Set([...files, ...inSdks(root), ...inSdks(draft)]);
  const content = (base, name) => (existsSync(join(base, name)) ? readFileSync(join(base, name), "utf8") : undefined);
  return [...names].filter((name) => content(root, name) !== content(draft, name)).sort();
}

const writeJson = (file, value) => write(file, `${JSON.stringify(value, null, 2)}\n`);

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
