import { readFileSync } from "node:fs";
import { join } from "node:path";
import { announce, findMissing, lastLine, stop } from "./report.mjs";
import { installOptions, requireNpm, runQuietly } from "./run.mjs";

/**
 * Installs what package-lock.json names, if something else, or nothing, is in node_modules. Install scripts are not
 * run: everything used here works without its own, and a script is the easiest way for a bad package to do harm.
 */
export async function ensureModules(root) {
  if (isInstalled(root)) return;
  const npm = requireNpm();
  const { code, output } = await announce("Installing the npm packages (20 s).", () =>
    runQuietly(npm.file, [...npm.args, "ci", ...installOptions], {
      ...npm.options,
      cwd: root,
    }),
  );
  if (code === 0) return;
  throw stop(
    `The npm packages could not be installed (${findMissing(output) ?? lastLine(output)}): see to that, then run this again.`,
  );
}

/**
 * npm leaves in node_modules what it put there, in the form of package-lock.json. Comparing the two also notices an
 * installation that was made, or changed, without this script. Packages for other platforms may be absent.
 */
function isInstalled(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const present = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") || entry.optional) return true;
    return entry.link ? present[path]?.link : present[path]?.version === entry.version;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
