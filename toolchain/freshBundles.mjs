// Which bundles need not be made again. A record of each says what it was made from and what was made. It is kept only if
// it is certain. Without a record, or if anything differs from it, the program is bundled again.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { markOf, writeIfChanged } from "./write.mjs";

const recordOf = (root, name) => join(root, "node_modules", ".cache", "bundles", `${name}.json`);

/** True if nothing that the bundle was made from has changed since, nor the bundle. */
export function isFresh(root, name) {
  try {
    const record = JSON.parse(readFileSync(recordOf(root, name), "utf8"));
    // The root, because a clone may be copied together with its records, which name the files of the first one.
    return (
      record.root === root &&
      Object.entries(record.folders).every(([folder, names]) => namesIn(folder) === names) &&
      Object.entries(record.files).every(([file, mark]) => markOf(file) === mark)
    );
  } catch {
    // No record, a damaged one, or a folder that no longer exists.
    return false;
  }
}

/**
 * Keeps what a bundle was made from: `inputs` are the paths that esbuild lists, `outputs` the marks of the files made.
 * Nothing is kept if anything has changed since the moment `began`, because esbuild may have read it before.
 */
export function keepRecord(root, name, { began, inputs, outputs }) {
  try {
    const sources = inputs.filter((input) => !OF_PLUGIN.test(input)).map((input) => resolve(root, input));
    const folders = listing(
      sources.flatMap((source) => foldersAbove(root, source)),
      namesIn,
    );
    const made = [...sources, ...sources.flatMap(packageOf), ...settingsIn(folders), ...makers(root)];
    const files = { ...listing(made, markOf), ...outputs };
    if ([...made, ...Object.keys(folders)].some((path) => changedSince(began, path))) return;
    writeIfChanged(recordOf(root, name), Buffer.from(JSON.stringify({ root, folders, files })), 0o644);
  } catch {
    // A folder no longer exists, or node_modules belongs to another user: the program is bundled again next time.
  }
}

/**
 * The present by the clock of the disk, which is coarser than that of the processor, and another machine's on a network.
 * Where nothing can be written, the beginning of time: everything has changed since.
 */
export function diskTime(folder) {
  const file = join(folder, `.now.${process.pid}`);
  try {
    writeFileSync(file, "");
    return statSync(file, { bigint: true }).ctimeNs;
  } catch {
    return 0n;
  } finally {
    rmSync(file, { force: true });
  }
}

/** By the time of any change: a file that is copied here may get the time at which its content was written before. */
const changedSince = (moment, path) => statSync(path, { bigint: true, throwIfNoEntry: false })?.ctimeNs >= moment;

const listing = (paths, what) => Object.fromEntries([...new Set(paths)].map((path) => [path, what(path)]));

/** An input without a file, which a plugin of esbuild made up. A letter before the colon is a disk of Windows. */
const OF_PLUGIN = /^[\w-]{2,}:/;

const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

/** Where a new file may be found before the one that was imported. Not in packages, which only an installation changes. */
function foldersAbove(root, source) {
  if (PACKAGE.test(source)) return [];
  const folders = [dirname(source)];
  while (folders.at(-1).startsWith(root + sep)) folders.push(dirname(folders.at(-1)));
  return folders;
}

/** In one text. Nothing imports a file with a dot before its name, and editors and commands write such files. */
const namesIn = (folder) =>
  readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .sort()
    .join("/");

/** Files that esbuild reads and does not list. One that is added is seen by its name. */
const settingsIn = (folders) =>
  Object.entries(folders).flatMap(([folder, names]) =>
    ["package.json", "tsconfig.json"]
      .filter((name) => names.split("/").includes(name))
      .map((name) => join(folder, name)),
  );

const packageOf = (source) => (PACKAGE.test(source) ? [join(PACKAGE.exec(source)[0], "package.json")] : []);

/** What makes a bundle: this toolchain, esbuild, and the installation that decides which package an import finds. */
const makers = (root) => [
  ...readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => join(import.meta.dirname, name)),
  join(root, "node_modules", "esbuild", "package.json"),
  join(root, "node_modules", ".package-lock.json"),
];
