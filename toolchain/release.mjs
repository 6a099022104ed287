import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { filesOfPlugin, packPlugins } from "./packPlugins.mjs";
import { packSdks } from "./packSdks.mjs";
import { lastLine, stop } from "./report.mjs";
import { requireNpm, runQuietly } from "./run.mjs";
import { compile } from "./typescript.mjs";
import { oldest } from "./versions.mjs";

/**
 * Writes into `folder`, which is emptied first, what others install: the plugins for every platform and their schemas, the
 * SDKs, the component and the emulator as npm packages, and SHA256SUMS over all. Needs provider/bin, languages/bin,
 * testing/bin and the compiled SDK. The same sources give the same bytes wherever and whenever that is done. Answers the names
 * of all but the sums.
 */
export async function makeRelease(root, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sdk = JSON.parse(readFileSync(join(root, "sdks", "yandex", "package.json"), "utf8"));
  const { version } = sdk;
  const names = await packPlugins(root, folder, version);
  names.push(...(await packSdks(root, folder, version)));
  names.push(await packSdk(root, folder, sdk));
  names.push(await packComponent(root, folder, sdk));
  names.push(await packEmulator(root, folder, sdk));
  const sums = names.sort().map((name) => `${digest(join(folder, name))}  ${name}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
  return names;
}

/** What every package says of itself, beside what it is. */
const common = { type: "commonjs", engines: { node: `>=${oldest.node}` } };

const READERS = `What it is for, and every property: README.md and docs/ of the project that this comes from, Apache-2.0.\n`;

/**
 * The SDK as it is compiled, without its sources, and the plugin, which npm puts on PATH. Without an address to load a
 * plugin from it does not say that it needs one, or `pulumi install` would fail where it looks.
 */
async function packSdk(root, folder, { pulumi, ...manifest }) {
  const draft = mkdtempSync(join(tmpdir(), "pulumi-yandex-"));
  try {
    const source = join(root, "sdks", "yandex");
    cpSync(join(source, "bin"), join(draft, "bin"), { recursive: true, filter: (path) => !path.endsWith(".sources") });
    for (const { name, mode, content } of filesOfPlugin(root, pulumi.name, "windows"))
      write(join(draft, "plugin", name), content, mode);
    const program = `pulumi-resource-${pulumi.name}`;
    const needs = pulumi.server ? { pulumi } : {};
    const bin = { [program]: `plugin/${program}` };
    // Without this each folder with a package.json is an entry, which an ES module cannot import.
    const entry = { types: `./${manifest.types}`, default: `./${manifest.main}` };
    const exports = { ".": entry, "./package.json": "./package.json" };
    const whole = { ...manifest, ...needs, ...common, bin, exports };
    write(join(draft, "package.json"), `${JSON.stringify(whole, null, 2)}\n`);
    // The compiled code reads its version from this one.
    write(join(draft, "bin", "package.json"), `${JSON.stringify({ version: manifest.version })}\n`);
    write(
      join(draft, "README.md"),
      `# ${manifest.name}\n\n${manifest.description}\n\nThe plugin is in the folder \`plugin\`: docs/installation-configuration.md says how the engine finds it.\n\n${READERS}`,
    );
    copyFileSync(join(root, "LICENSE"), join(draft, "LICENSE"));
    return await pack(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** AiStudioAccess for programs of others. Of the SDK and of the engine's library it takes the copies that they have. */
async function packComponent(root, folder, { version, license, keywords, dependencies, homepage, repository }) {
  const draft = mkdtempSync(join(tmpdir(), "yandex-aistudio-"));
  try {
    await compile(join(root, "components"), ["index.ts"], join(draft, "bin"));
    const manifest = {
      name: "yandex-aistudio",
      version,
      description: "An application's access to Yandex AI Studio, from a list of capabilities.",
      keywords,
      license,
      homepage,
      repository,
      ...common,
      main: "bin/index.js",
      types: "bin/index.d.ts",
      peerDependencies: { ...dependencies, "@pulumi/yandex": `^${version}` },
    };
    writeFileSync(join(draft, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    write(
      join(draft, "README.md"),
      `# ${manifest.name}\n\n${manifest.description}\n\nInstall it together with @pulumi/yandex ${version} of the same release, which no registry has.\n\n${READERS}`,
    );
    copyFileSync(join(root, "LICENSE"), join(draft, "LICENSE"));
    return await pack(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * The local cloud for the tests of others. Libraries of gRPC in the bundle look for their .proto files two folders above
 * themselves, so the bundles lie as deep and the files come along; nothing else is needed.
 */
async function packEmulator(root, folder, { version, license, homepage, repository }) {
  const draft = mkdtempSync(join(tmpdir(), "yandex-aistudio-emulator-"));
  try {
    const keepTypes = (file, text) => file.endsWith(".d.ts") && write(file, text);
    await compile(root, ["testing/types.ts"], join(draft, "types"), keepTypes);
    const types = "./types/testing/types";
    write(
      join(draft, "index.d.ts"),
      `import type { StartEmulator } from "${types}";\nexport * from "${types}";\nexport declare const startEmulator: StartEmulator;\n`,
    );
    for (const name of ["index.js", "main.js"])
      cpSync(join(root, "testing", "bin", name), join(draft, "build", "src", name));
    for (const folder of ["grpc-health-check/proto/health", "@grpc/reflection/build/proto/grpc"])
      cpSync(join(root, "node_modules", folder), join(draft, "proto", basename(folder)), { recursive: true });
    const manifest = {
      name: "yandex-aistudio-emulator",
      version,
      description: "A local Yandex AI Studio for tests: it checks keys, roles and scopes, and no model is behind it.",
      license,
      homepage,
      repository,
      main: "build/src/index.js",
      types: "index.d.ts",
      bin: { "yandex-aistudio-emulator": "build/src/main.js" },
      ...common,
    };
    write(join(draft, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    copyFileSync(join(root, "LICENSE"), join(draft, "LICENSE"));
    return await pack(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function write(file, content, mode = 0o644) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { mode });
}

/** Answers the name of the archive that npm makes of a package. */
async function pack(source, folder) {
  const npm = requireNpm();
  const args = [...npm.args, "pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  const { code, output } = await runQuietly(npm.file, args, { ...npm.options, cwd: source });
  if (code !== 0) throw stop(`npm could not pack ${source} (${lastLine(output)}): see to that, then run this again.`);
  return lastLine(output);
}

const digest = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
