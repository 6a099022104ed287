import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { writeIfChanged } from "./bundle.mjs";
import { go } from "./pulumiBuild.mjs";
import { announce, say, stop } from "./report.mjs";
import { compile } from "./typescript.mjs";

const schemaFile = join("provider", "schema", "schema.json");
const sdkFolder = join("sdks", "yandex");

/** Compiles the SDK into its bin folder if its sources changed since. */
export async function compileSdk(root) {
  const folder = join(root, sdkFolder);
  const names = sourcesOf(folder).filter((name) => name.endsWith(".ts"));
  if (names.length === 0) return;
  const hash = createHash("sha256");
  for (const name of [...names, "package.json"]) hash.update(name).update(readFileSync(join(folder, name)));
  const digest = Buffer.from(hash.digest("hex"));
  const stamp = join(folder, "bin", ".sources");
  if (existsSync(stamp) && readFileSync(stamp).equals(digest)) return;
  say("Compiling the SDK (3 s, after each change of it).");
  // TypeScript's own emit is needed: the generated index replaces its exports by lazy ones, which the emit of faster
  // compilers does not allow.
  await compile(folder, names, join(folder, "bin"), (file, text) => writeIfChanged(file, Buffer.from(text)));
  // The generated code reads its version from the package.json beside it.
  writeIfChanged(join(folder, "bin", "package.json"), readFileSync(join(folder, "package.json")));
  writeIfChanged(stamp, digest);
}

/** Writes provider/schema/schema.json and the SDK, or, with `check`, stops if what is there differs from what would be written. */
export async function generate(root, { check }) {
  const draft = mkdtempSync(join(tmpdir(), "yandex-sdk-"));
  try {
    await writeGenerated(root, draft);
    const differing = differences(root, draft);
    if (differing.length === 0) return say("The schema and the SDK are current.");
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

async function writeGenerated(root, draft) {
  const schema = await readSchema(root, draft);
  mkdirSync(join(draft, dirname(schemaFile)), { recursive: true });
  writeFileSync(join(draft, schemaFile), `${JSON.stringify(schema, null, 2)}\n`);
  await announce("Generating the Node.js SDK (10 s, the first time a minute).", () =>
    go("pulumi", ["run", "./sdkgen", join(draft, schemaFile), join(draft, sdkFolder)], "generating the SDK"),
  );
  // The program uses what compileSdk makes; of the SDK's own build, only what every workspace needs is kept.
  const file = join(draft, sdkFolder, "package.json");
  const { scripts: _scripts, devDependencies: _tools, ...manifest } = JSON.parse(readFileSync(file, "utf8"));
  const entry = { main: "bin/index.js", types: "bin/index.d.ts" };
  writeFileSync(file, `${JSON.stringify({ ...manifest, ...entry }, null, 2)}\n`);
  for (const name of ["tsconfig.json", ".gitignore", ".gitattributes", "README.md"]) {
    rmSync(join(draft, sdkFolder, name), { force: true });
  }
}

/** Asks the sources for the schema: `schema()` of provider/schema.ts. */
async function readSchema(root, draft) {
  const esbuild = await import("esbuild");
  const outfile = join(draft, "schema.cjs");
  const entryPoints = [join(root, "provider", "schema.ts")];
  await esbuild.build({ entryPoints, outfile, bundle: true, platform: "node", target: "node22", logLevel: "error" });
  const made = await import(pathToFileURL(outfile));
  rmSync(outfile);
  return (made.schema ?? made.default.schema)();
}

/** The generated files, by their path in the project, that one side lacks or that differ. */
function differences(root, draft) {
  const inSdk = (base) => sourcesOf(join(base, sdkFolder)).map((name) => join(sdkFolder, name));
  const names = new Set([schemaFile, ...inSdk(root), ...inSdk(draft)]);
  const content = (base, name) => (existsSync(join(base, name)) ? readFileSync(join(base, name), "utf8") : undefined);
  return [...names].filter((name) => content(root, name) !== content(draft, name)).sort();
}

function sourcesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !/^(bin|node_modules)[\\/]/.test(name));
}
