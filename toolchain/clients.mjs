import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { go } from "./pulumiBuild.mjs";
import { announce, findMissing, lastLine, stop } from "./report.mjs";
import { findOnPath, npmCommand, runQuietly } from "./run.mjs";

const windows = process.platform === "win32";

/**
 * Installs, in the versions pinned beside them, the clients by which the emulator is tried, each in the way of its
 * language; answers the environment variables that say where they are. Missing tools are named before anything is done.
 */
export async function ensureClients(root) {
  const python = findOnPath("python3") ?? findOnPath("python");
  const missing = [
    [python, "Python 3.10 or newer with venv (python3)"],
    [findOnPath("go"), "Go 1.21 or newer"],
    [findOnPath("curl"), "curl"],
    [findOnPath("bash"), "bash"],
  ].flatMap(([file, name]) => (file ? [] : [name]));
  if (missing.length > 0)
    throw stop(`Not on PATH, but needed: ${missing.join(", ")}. Install that, then run this again.`);

  const folder = (name) => join(root, "test", "conformance", "clients", name);
  // One after the other: each of them keeps all cores busy by itself.
  const venv = await pythonClients(python, folder("python"));
  const modules = await nodeClients(folder("node"));
  const program = await goClient(folder("go"));
  return {
    CONFORMANCE_PYTHON: windows ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python"),
    CONFORMANCE_NODE: join(modules, "node_modules"),
    CONFORMANCE_GO: join(program, goProgram),
  };
}

async function pythonClients(python, folder) {
  const requirements = join(folder, "requirements.txt");
  const { code, output: version } = await runQuietly(python, ["--version"]);
  if (code !== 0) throw stop(`${python} does not run (${lastLine(version)}): mend that, then run this again.`);
  return cached(`conformance-python-${digest([requirements], version)}`, (draft) =>
    announce("Installing the Python clients (1 minute).", async () => {
      await run("the Python environment", python, ["-m", "venv", draft]);
      const inside = windows ? join(draft, "Scripts", "python.exe") : join(draft, "bin", "python");
      const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
      await run("the Python clients", inside, ["-m", "pip", "install", ...quiet, "--requirement", requirements]);
    }),
  );
}

async function nodeClients(folder) {
  const files = ["package.json", "package-lock.json"].map((name) => join(folder, name));
  const npm = npmCommand();
  if (!npm) throw stop("npm is not on PATH: install Node.js together with npm, then run this again.");
  return cached(`conformance-node-${digest(files)}`, (draft) =>
    announce("Installing the npm clients (20 s).", async () => {
      for (const name of ["package.json", "package-lock.json"]) cpSync(join(folder, name), join(draft, name));
      const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
      await run("the npm clients", npm.file, [...npm.args, "ci", ...quiet], { ...npm.options, cwd: draft });
    }),
  );
}

const goProgram = windows ? "client.exe" : "client";

async function goClient(folder) {
  const files = readdirSync(folder).map((name) => join(folder, name));
  return cached(`conformance-go-${digest(files.sort())}`, (draft) =>
    announce("Building the Go client (1 to 3 minutes).", () =>
      go(
        folder,
        ["build", "-trimpath", "-buildvcs=false", "-o", join(draft, goProgram), "."],
        "building the Go client",
      ),
    ),
  );
}

const digest = (files, ...more) =>
  [...files.map((file) => readFileSync(file)), ...more]
    .reduce((hash, part) => hash.update(part), createHash("sha256"))
    .digest("hex")
    .slice(0, 16);

async function run(what, file, args, options = {}) {
  const { code, output } = await runQuietly(file, args, options);
  if (code === 0) return;
  throw stop(
    `Installing ${what} did not succeed (${findMissing(output) ?? lastLine(output)}): see to that, then run this again.`,
  );
}
