import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { launcherOf } from "./bundle.mjs";
import { lastLine, say, stop } from "./report.mjs";
import { npmCommand, runQuietly } from "./run.mjs";

const systems = ["linux", "darwin", "windows"];
const machines = ["amd64", "arm64"];
const program = "pulumi-resource-yandex";

/**
 * Writes into `folder`, which is emptied first, what others install: the plugin for every platform under the name by
 * which the engine looks for it, the SDK as an npm package, and SHA256SUMS over both. Needs provider/bin and the
 * compiled SDK. The same sources give the same bytes wherever and whenever that is done.
 */
export async function makeRelease(root, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, "sdks", "yandex", "package.json"), "utf8"));
  const names = [];
  for (const system of systems) {
    const archive = await makeArchive(contents(root, system));
    for (const machine of machines) {
      const name = `${program}-v${version}-${system}-${machine}.tar.gz`;
      writeFileSync(join(folder, name), archive);
      names.push(name);
    }
  }
  names.push(await packSdk(root, folder));
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
  const tar = pack();
  for (const { name, mode, content } of files) {
    tar.entry({ name, mode, mtime: new Date(0), uid: 0, gid: 0, uname: "root", gname: "root" }, content);
  }
  tar.finalize();
  const archive = gzipSync(await buffer(tar), { level: 9 });
  // The operating system that packed it; 255 is "unknown".
  archive[9] = 255;
  return archive;
}

async function packSdk(root, folder) {
  const npm = npmCommand();
  if (!npm) throw stop("npm is not on PATH, and packing the SDK needs it: install npm, then run this again.");
  const args = [...npm.args, "pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  const { code, output } = await runQuietly(npm.file, args, { ...npm.options, cwd: join(root, "sdks", "yandex") });
  if (code !== 0) throw stop(`npm could not pack the SDK (${lastLine(output)}): see to that, then run this again.`);
  return lastLine(output);
}

const digest = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
