import { createHash } from "node:crypto";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findMissing, lastLine, stop } from "./report.mjs";
import { findOnPath, installOptions, requireNpm, runQuietly } from "./run.mjs";

const windows = process.platform === "win32";
const manifests = ["package.json", "package-lock.json"];

/** Changes with any of the files, so that what is installed from them is cached under another name. */
export const digestOf = (files, ...more) =>
  [...files.map((file) => readFileSync(file)), ...more]
    .reduce((hash, part) => hash.update(part), createHash("sha256"))
    .digest("hex")
    .slice(0, 16);

/** The files of a folder that say which npm packages are wanted. */
export const manifestsIn = (folder) => manifests.map((name) => join(folder, name));

/** Installs into `folder` the npm packages that `source` names. They run no scripts of their own. */
export async function installNpmPackages(what, source, folder) {
  const npm = requireNpm();
  for (const name of manifests) cpSync(join(source, name), join(folder, name));
  const quiet = [...installOptions, "--no-update-notifier"];
  await install(what, npm.file, [...npm.args, "ci", ...quiet], { ...npm.options, cwd: folder });
}

export const findPython = () => findOnPath("python3") ?? findOnPath("python");

/** Makes `folder` a Python environment with the packages that a file lists. */
export async function installPythonPackages(what, python, requirements, folder, ...options) {
  await install(what, python, ["-m", "venv", folder]);
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  const pip = ["-m", "pip", "install", ...quiet, ...options, "--requirement", requirements];
  await install(what, inPython(folder, "python"), pip);
}

/** A program of a Python environment. */
export const inPython = (folder, name) =>
  windows ? join(folder, "Scripts", `${name}.exe`) : join(folder, "bin", name);

/** Runs a program that installs something; stops with a sentence where it does not succeed. */
export async function install(what, file, args, options) {
  const { code, output } = await runQuietly(file, args, options);
  if (code === 0) return;
  const reason = findMissing(output) ?? lastLine(output);
  throw stop(`Installing ${what} did not succeed (${reason}): see to that, then run this again.`);
}
