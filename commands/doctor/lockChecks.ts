import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isAlive } from "../stack/processes";
import { shortName } from "../stack/workspace";
import type { Finding } from "./finding";
import { ok, warning } from "./finding";

/** Who holds a lock, as the engine writes it down. */
export interface Lock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/** Where and of what locks are looked for. */
export interface Place {
  backend: string;
  project: string;
  stack: string;
  /** For `file://~`. */
  home: string | undefined;
  hostname: string;
}

/** Locks of a stack in a backend of files. To look into a bucket would take a client of its own, and the CLI has no command for it. */
export function checkLocks(place: Place, now: number): Finding[] {
  const { backend, project, stack } = place;
  if (/^https?:/.test(backend)) return [];
  if (!backend.startsWith("file://"))
    return [ok("Locks in a bucket are not looked at here: an update names owner and time of one and ends at once.")];
  const folder = join(folderOf(backend, place.home), ".pulumi", "locks");
  if (!existsSync(folder)) return [ok("No lock.")];
  const locks = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json") && isOf(path.split(/[/\\]/), project, stack))
    .flatMap((path) => read(join(folder, path)));
  return locks.length > 0 ? locks.map((lock) => describe(lock, place, now)) : [ok("No lock.")];
}

/** `organization/<project>/<stack>/<id>.json`; a backend that knows no projects has none in the path. */
const isOf = (parts: string[], project: string, stack: string): boolean =>
  parts.at(-2) === shortName(stack) && (parts.length < 3 || parts.at(-3) === project);

/** The folder of every URL that the CLI takes: `file:///path`, `file://~`, `file://~/path`, `file://./path`; with a query. */
export function folderOf(backend: string, home: string | undefined): string {
  const path = backend.replace(/^file:\/\//, "").replace(/\?.*$/, "");
  if (/^\/[A-Za-z]:/.test(path)) return fileURLToPath(`file://${path}`);
  return resolve(decodeURIComponent(home ? path.replace(/^~(?=$|[\\/])/, () => home) : path));
}

function describe({ username, hostname, pid, timestamp }: Lock, { stack, ...here }: Place, now: number): Finding {
  const minutes = Math.max(0, Math.floor((now - Date.parse(timestamp)) / 60_000));
  const text = `The stack has been locked by ${username}@${hostname} (process ${pid}) for ${minutes} min.`;
  const cancel = `npm run pulumi -- cancel --stack ${stack} --yes`;
  if (hostname !== here.hostname) return warning(text, `If that process no longer runs: ${cancel}`);
  if (isAlive(pid)) return warning(text, "That process still runs on this machine: wait for it.");
  return warning(`${text} That process no longer exists.`, `Remove the lock: ${cancel}`);
}

/** Nothing if the lock was given back in the meantime. */
function read(file: string): Lock[] {
  try {
    return [JSON.parse(readFileSync(file, "utf8")) as Lock];
  } catch {
    return [];
  }
}
