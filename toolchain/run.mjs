import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { stop } from "./report.mjs";

const windows = process.platform === "win32";

/** The file that `name` means on PATH, or undefined. */
export function findOnPath(name, path = process.env.PATH ?? "") {
  const endings = windows ? [".exe", ".cmd", ""] : [""];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here; look on.
      }
    }
  }
  return undefined;
}

/** Puts `folder` first on PATH for everything this process starts from now on. */
export function putOnPath(folder) {
  process.env.PATH = [folder, ...(process.env.PATH ?? "").split(delimiter).filter((each) => each !== folder)].join(
    delimiter,
  );
}

/** Runs a program in the user's terminal and answers its exit code. */
export function runVisibly(file, args, options = {}) {
  const child = spawn(file, args, { stdio: "inherit", ...options });
  // Ctrl-C reaches the child by itself; this process only has to outlive it. A plain TERM has to be handed on.
  const ignore = () => {};
  const handOn = () => child.kill("SIGTERM");
  process.on("SIGINT", ignore).on("SIGTERM", handOn);
  return ended(child).finally(() => process.off("SIGINT", ignore).off("SIGTERM", handOn));
}

/** Runs a program silently and answers its exit code and all that it printed. Never rejects for a failed program. */
export async function runQuietly(file, args, options = {}) {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  try {
    return { code: await ended(child), output };
  } catch (error) {
    return { code: 127, output: error.message };
  }
}

/** npm, run by this very node and not by the first one on PATH. Stops where there is no npm: nothing can be installed. */
export function requireNpm() {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script)) return { file: process.execPath, args: [script] };
  const npm = findOnPath("npm");
  if (npm) return { file: npm, args: [], options: { shell: windows } };
  throw stop("npm is not on PATH: install Node.js together with npm, then run this again.");
}

/**
 * For every npm that installs: nothing runs at installation, and it says what went wrong and no more, after
 * `npm run --silent`, too.
 */
export const installOptions = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];

function ended(child) {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
