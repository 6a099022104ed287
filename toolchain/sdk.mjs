import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { say } from "./report.mjs";
import { compile } from "./typescript.mjs";
import { writeIfChanged } from "./write.mjs";

/** Of the package of resources, for Node.js: a workspace, which the programs and tests here use. */
export const sdkFolder = join("sdks", "yandex");

const schemas = {
  yandex: join("provider", "schema", "schema.json"),
  "yandex-aistudio": join("languages", "schema.json"),
};

/** The generated SDKs: language, package and its schema. For Node.js, the component's class needs none. */
export const sdks = [
  { language: "nodejs", of: "yandex", folder: sdkFolder },
  { language: "python", of: "yandex", folder: join("sdks", "python", "yandex") },
  { language: "python", of: "yandex-aistudio", folder: join("sdks", "python", "yandex-aistudio") },
  { language: "go", of: "yandex", folder: join("sdks", "go", "yandex") },
  { language: "go", of: "yandex-aistudio", folder: join("sdks", "go", "yandex-aistudio") },
].map((sdk) => ({ ...sdk, schema: schemas[sdk.of] }));

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

/** The sources of an SDK, by their path in it. */
export function sourcesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !/^(bin|node_modules)[\\/]/.test(name));
}
