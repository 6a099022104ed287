import { execFile, type ExecFileException } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Parts {
  /** Programs on PATH, by name, as shell scripts. Nothing else is on it. */
  programs?: Record<string, string>;
  /** The version that node says it has. Default: the one it has. */
  node?: string;
  /** What a download brings. Default: nothing answers. */
  download?: Buffer;
  /** What the first requests are answered instead. */
  failures?: number[];
}

interface Run {
  code: number;
  /** What the task itself printed. */
  answer: string;
  /** What it printed on the way. */
  said: string;
}

/** A machine with a clone of the toolchain, an empty cache and exactly the given parts. */
export function startMachine({ programs = {}, node, download, failures = [] }: Parts = {}) {
  const folder = mkdtempSync(join(tmpdir(), "machine-"));
  const path = (...names: string[]) => join(folder, ...names);
  cpSync(join(__dirname, "../../toolchain"), path("clone", "toolchain"), { recursive: true });
  writeFileSync(
    path("clone", "package-lock.json"),
    JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } }),
  );
  mkdirSync(path("bin"));
  for (const [name, script] of Object.entries(programs)) writeProgram(path("bin", name), script);
  if (download) writeFileSync(path("download"), download);
  writeFileSync(path("world.cjs"), world(node, download && path("download"), failures));

  /** Without the folder of this machine, which has another name each time. */
  const anywhere = (text: string) => text.replaceAll(folder, "");
  const run = (args: string[]) =>
    new Promise<Run>((resolve) => {
      const env = {
        PATH: path("bin"),
        HOME: path("home"),
        XDG_CACHE_HOME: path("cache"),
        LOG: path("log"),
        FIRST_PAUSE_MS: "1",
      };
      const preload = `--require=${path("world.cjs")}`;
      execFile(process.execPath, [preload, ...args], { env, cwd: path("clone") }, (error, stdout, stderr) =>
        resolve({ code: codeOf(error), answer: anywhere(stdout), said: anywhere(stderr) }),
      );
    });

  return {
    path,
    /** `node toolchain/main.mjs <args>` */
    task: (...args: string[]) => run(["toolchain/main.mjs", ...args]),
    /** Calls an exported function of a toolchain module and prints what it answers, or the message of its error. */
    call: (module: string, name: string) =>
      run([
        "--input-type=module",
        "--eval",
        `const { ${name} } = await import(${JSON.stringify(path("clone", "toolchain", module))});
         console.log(await ${name}(process.cwd()).catch((error) => error.message));`,
      ]),
    hashOf: (archive: Buffer) => createHash("sha256").update(archive).digest("hex"),
    /** Records another hash of the official CLI for this platform, or none. */
    record(hash: string | undefined) {
      const file = path("clone", "toolchain", "versions.mjs");
      const own = new RegExp(`"${process.platform}-${process.arch}": "\\w+",`);
      const line = hash ? `"${process.platform}-${process.arch}": "${hash}",` : "";
      writeFileSync(file, readFileSync(file, "utf8").replace(own, line));
    },
    cache: () => readdirSync(path("cache", "yandex-ai-access")),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function writeProgram(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** What node meets outside: its own version, and a network with one file or with nothing. */
function world(node: string | undefined, download: string | undefined, failures: number[]): string {
  return `
    const version = ${JSON.stringify(node ?? process.versions.node)};
    Object.defineProperty(process, "versions", { value: { ...process.versions, node: version } });
    const download = ${JSON.stringify(download ?? null)};
    const failures = ${JSON.stringify(failures)};
    globalThis.fetch = async () => {
      if (failures.length > 0) return new Response("busy", { status: failures.shift() });
      if (download) return new Response(require("node:fs").readFileSync(download));
      throw new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ENOTFOUND" }) });
    };
  `;
}

/** The code of a program that has ended: 1 where a signal has ended it, or where it could not be started. */
const codeOf = (error: ExecFileException | null): number =>
  typeof error?.code === "number" ? error.code : Number(error !== null);
