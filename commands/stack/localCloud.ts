import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, statSync, watch, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Connection } from "./connection";
import { readConnection } from "./connection";
import { isAlive, processesWith } from "./processes";
import type { Workspace } from "./workspace";

/** Starting takes well under a second; this is for machines that are busy with something else. */
const READY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 10_000;

/** The program, as the toolchain bundles it. */
export const emulatorProgram = ({ root }: Workspace) => join(root, "emulator", "bin", "emulator.js");

/** The emulator of this clone, started in the background if it does not run, or runs an older program. */
export async function ensureEmulator(workspace: Workspace): Promise<Connection> {
  const running = await findEmulator(workspace);
  if (running && !isOlderThanProgram(workspace)) return running;
  const before = isOwn(workspace) ? readConnection(workspace.connection) : undefined;
  if (running) await stopEmulator(running);
  await stopOrphans(workspace);
  // The same addresses as last time, if they are free, because outputs of the stack hold them.
  const samePorts = before?.tlsUrl && [
    ["--port", portOf(before.url)],
    ["--tls-port", portOf(before.tlsUrl)],
    ["--grpc-port", portOf(before.endpoint)],
    ["--grpc-tls-port", portOf(before.tlsEndpoint)],
  ];
  if (samePorts) return start(workspace, samePorts.flat()).catch(() => start(workspace, []));
  return start(workspace, []);
}

/** The emulator of this clone if one runs and answers. */
export async function findEmulator(workspace: Workspace): Promise<Connection | undefined> {
  const connection = readConnection(workspace.connection);
  if (!connection || !isOwn(workspace) || !isAlive(connection.pid)) return undefined;
  try {
    await fetch(connection.url, { signal: AbortSignal.timeout(2_000) });
    return connection;
  } catch {
    return undefined;
  }
}

/** Asks the emulator to stop and waits until its process has ended. */
export async function stopEmulator(
  { pid }: Pick<Connection, "pid">,
  signal: "SIGTERM" | "SIGKILL" = "SIGTERM",
): Promise<void> {
  process.kill(pid, signal);
  const deadline = Date.now() + STOPPED_WITHIN_MS;
  // The emulator is not this process's child, so there is no event to wait for.
  while (isAlive(pid)) {
    if (Date.now() > deadline)
      throw new Error(`The emulator (process ${pid}) does not stop: end that process yourself.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function start(workspace: Workspace, ports: string[]): Promise<Connection> {
  const log = openSync(workspace.emulatorLog, "a", 0o600);
  const files = ["--state", workspace.emulatorState, "--connection", workspace.connection];
  const program = emulatorProgram(workspace);
  const child = spawn(process.execPath, [program, ...files, ...ports], { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  rememberProgram(workspace);
  try {
    return await becomesReady(child, workspace);
  } finally {
    child.unref();
  }
}

/** Settles with the first of: the connection file is there, the process has ended, the time is over. */
function becomesReady(child: ChildProcess, { connection: file, emulatorLog }: Workspace): Promise<Connection> {
  return new Promise<Connection>((resolve, reject) => {
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      watcher.close();
      child.removeAllListeners();
      outcome();
    };
    const look = () => {
      const connection = readConnection(file);
      // A file of an earlier run may still be there.
      if (connection && connection.pid === child.pid) settle(() => resolve(connection));
    };
    const fail = (what: string) =>
      settle(() =>
        reject(new Error(`The emulator ${what}: ${lastLine(emulatorLog)} (see .work/emulator/emulator.log)`)),
      );

    const watcher = watch(dirname(file), (_event, name) => {
      if (name === null || name === basename(file)) look();
    });
    const timer = setTimeout(() => {
      child.kill();
      fail(`did not become ready within ${READY_WITHIN_MS / 1000} s`);
    }, READY_WITHIN_MS);
    child.once("error", (error) => fail(`could not be started, ${error.message}`));
    child.once("exit", () => fail("stopped before it was ready"));
    look();
  });
}

/**
 * Notes which build runs from now on, and for which clone: the next command can tell whether it is still the current one,
 * and a copy of the clone that the emulator is not its own.
 */
export function rememberProgram(workspace: Workspace): void {
  writeFileSync(workspace.emulatorVersion, `${versionOf(emulatorProgram(workspace))}\n${workspace.root}`);
}

/** The bundle is only written when its content changes, so its time stands for its content. */
function versionOf(program: string): string {
  return String(statSync(program).mtimeMs);
}

const remembered = ({ emulatorVersion: file }: Workspace): string[] =>
  existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];

function isOlderThanProgram(workspace: Workspace): boolean {
  return remembered(workspace)[0] !== versionOf(emulatorProgram(workspace));
}

const isOwn = (workspace: Workspace): boolean => remembered(workspace)[1] === workspace.root;

/**
 * An emulator outlives a working folder that somebody removed. At an end in order it would write its state into the new
 * one; what is in its journal is safe without.
 */
async function stopOrphans(workspace: Workspace): Promise<void> {
  for (const pid of processesWith([emulatorProgram(workspace), `--state ${workspace.emulatorState}`])) {
    await stopEmulator({ pid }, "SIGKILL");
  }
}

/** Of an address or URL that ends with one. */
function portOf(endpoint: string): string {
  return endpoint.slice(endpoint.lastIndexOf(":") + 1);
}

function lastLine(file: string): string {
  return readFileSync(file, "utf8").trim().split("\n").at(-1) ?? "";
}
