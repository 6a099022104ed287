import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { digestOf, findPython, inPython, installNpmPackages, installPythonPackages, manifestsIn } from "./install.mjs";
import { go } from "./pulumiBuild.mjs";
import { announce, lastLine, stop } from "./report.mjs";
import { findOnPath, runQuietly } from "./run.mjs";

/**
 * Installs, in the versions pinned beside them, the clients by which the emulator is tried, each in the way of its
 * language; answers the environment variables that say where they are. Missing tools are named before anything is done.
 */
export async function ensureClients(root) {
  const python = findPython();
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
    CONFORMANCE_PYTHON: inPython(venv, "python"),
    CONFORMANCE_NODE: join(modules, "node_modules"),
    CONFORMANCE_GO: join(program, goProgram),
  };
}

async function pythonClients(python, folder) {
  const requirements = join(folder, "requirements.txt");
  const { code, output: version } = await runQuietly(python, ["--version"]);
  if (code !== 0) throw stop(`${python} does not run (${lastLine(version)}): mend that, then run this again.`);
  return cached(`conformance-python-${digestOf([requirements], version)}`, (draft) =>
    // All that they need is in the list, so pip need not work it out.
    announce("Installing the Python clients (2 minutes).", () =>
      installPythonPackages("the Python clients", python, requirements, draft, "--no-deps"),
    ),
  );
}

function nodeClients(folder) {
  return cached(`conformance-node-${digestOf(manifestsIn(folder))}`, (draft) =>
    announce("Installing the npm clients (20 s).", () => installNpmPackages("the npm clients", folder, draft)),
  );
}

const goProgram = process.platform === "win32" ? "client.exe" : "client";

function goClient(folder) {
  const files = readdirSync(folder).map((name) => join(folder, name));
  return cached(`conformance-go-${digestOf(files.sort())}`, (draft) =>
    announce("Building the Go client (1 to 3 minutes).", () =>
      go(
        folder,
        ["build", "-trimpath", "-buildvcs=false", "-o", join(draft, goProgram), "."],
        "building the Go client",
      ),
    ),
  );
}
