import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack as openTar } from "tar-stream";
import { launcherOf } from "./bundle.mjs";
import { lastLine, say, stop } from "./report.mjs";
import { requireNpm, runQuietly } from "./run.mjs";
import { compile } from "./typescript.mjs";
import { oldest } from "./versions.mjs";

const systems = ["linux", "darwin", "windows"];
const machines = ["amd64", "arm64"];
const program = "pulumi-resource-yandex";

/**
 * Writes into `folder`, which is emptied first, what others install: the plugin for every platform under the name by
 * which the engine looks for it, the SDK, the component and the emulator as npm packages, and SHA256SUMS over all. Needs provider/bin,
 * testing/bin and the compiled SDK. The same sources give the same bytes wherever and whenever that is done.
 */
export async function makeRelease(root, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sdk = JSON.parse(readFileSync(join(root, "sdks", "yandex", "package.json"), "utf8"));
  const { version } = sdk;
  const names = [];
  for (const system of systems) {
    const archive = await makeArchive(contents(root, system));
    for (const machine of machines) {
      const name = `${program}-v${version}-${system}-${machine}.tar.gz`;
      writeFileSync(join(folder, name), archive);
      names.push(name);
    }
  }
  names.push(await packSdk(root, folder, sdk));
  names.push(await packComponent(root, folder, sdk));
  names.push(await packEmulator(root, folder, sdk));
  const sums = names.sort().map((name) => `${digest(join(folder, name))}  ${name}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
  say(`Written to ${folder}: ${names.join(", ")}, SHA256SUMS.`);
}

/** The files of the plugin, one folder for all. It is JavaScript, so only what starts it differs by platform. */
function contents(root, system) {
  const built = (name) => readFileSync(join(root, "provider", "bin", name));
  const files = [
    { name: program, mode: 0o755, content: built(program) },
    { name: "openpgp.mjs", mode: 0o644, content: built("openpgp.mjs") },
    // Or a package.json further up, such as one in the user's home, would decide how node reads the program.
    { name: "package.json", mode: 0o644, content: Buffer.from('{ "type": "commonjs" }\n') },
    { name: "LICENSE", mode: 0o644, content: readFileSync(join(root, "LICENSE")) },
  ];
  if (system === "windows") files.push({ name: `${program}.cmd`, mode: 0o755, content: launcherOf(program) });
  return files;
}

async function makeArchive(files) {
  const tar = openTar();
  for (const { name, mode, content } of files) {
    tar.entry({ name, mode, mtime: new Date(0), uid: 0, gid: 0, uname: "root", gname: "root" }, content);
  }
  tar.finalize();
  const archive = gzipSync(await buffer(tar), { level: 9 });
  // The operating system that packed it; 255 is "unknown".
  archive[9] = 255;
  return archive;
}

/** What every package says of itself, beside what it is. */
const common = { type: "commonjs", engines: { node: `>=${oldest.node}` } };

const READERS = `What it is for, and every property: README.md and docs/ of the project that this comes from, Apache-2.0.\n`;

/** The SDK as it is compiled, without its sources. */
async function packSdk(root, folder, manifest) {
  const draft = mkdtempSync(join(tmpdir(), "pulumi-yandex-"));
  try {
    const source = join(root, "sdks", "yandex");
    cpSync(join(source, "bin"), join(draft, "bin"), { recursive: true, filter: (path) => !path.endsWith(".sources") });
    write(join(draft, "package.json"), `${JSON.stringify({ ...manifest, ...common }, null, 2)}\n`);
    write(
      join(draft, "README.md"),
      `# ${manifest.name}\n\n${manifest.description}\n\nIt needs the plugin \`yandex\` ${manifest.version}: \`pulumi plugin install resource yandex ${manifest.version} --file <archive of the release>\`.\n\n${READERS}`,
    );
    copyFileSync(join(root, "LICENSE"), join(draft, "LICENSE"));
    return await pack(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** AiStudioAccess for programs of others. Of the SDK and of the engine's library it takes the copies that they have. */
async function packComponent(root, folder, { version, license, keywords, dependencies }) {
  const draft = mkdtempSync(join(tmpdir(), "yandex-aistudio-"));
  try {
    await compile(join(root, "components"), ["index.ts"], join(draft, "bin"));
    const manifest = {
      name: "yandex-aistudio",
      version,
      description: "An application's access to Yandex AI Studio, from a list of capabilities.",
      keywords,
      license,
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
async function packEmulator(root, folder, { version, license }) {
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
      main: "build/src/index.js",
      types: "index.d.ts",
      bin: { "yandex-aistudio-emulator": "build/src/main.js" },
      engines: { node: `>=${oldest.node}` },
    };
    write(join(draft, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    copyFileSync(join(root, "LICENSE"), join(draft, "LICENSE"));
    return await pack(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
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
