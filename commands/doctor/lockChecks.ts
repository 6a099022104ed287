import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Finding } from "./finding";
import { ok, warning } from "./finding";

/** Who holds a lock, as the engine writes it down. */
export interface Lock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/** Locks of a stack in a backend of files. To look into a bucket would take a client of its own, and the CLI has no command for it. */
export function checkLocks(backend: string, stack: string, now: number): Finding[] {
  if (/^https?:/.test(backend)) return [];
  if (!backend.startsWith("file://"))
    return [ok("Locks in a bucket are not looked at here: an update names owner and time of one and ends at once.")];
  const folder = join(fileURLToPath(backend), ".pulumi", "locks");
  if (!existsSync(folder)) return [ok("No lock.")];
  const locks = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json") && path.split(/[/\\]/).at(-2) === stack)
    .flatMap((path) => read(join(folder, path)));
  return locks.length > 0 ? locks.map((lock) => describe(lock, stack, now)) : [ok("No lock.")];
}

function describe({ username, hostname, pid, timestamp }: Lock, stack: string, now: number): Finding {
  const minutes = Math.max(0, Math.floor((now - Date.parse(timestamp)) / 60_000));
  return warning(
    `The stack has been locked by ${username}@${hostname} (process ${pid}) for ${minutes} min.`,
    `If that process is gone: npm run pulumi -- cancel --stack ${stack} --yes`,
  );
}

/** Nothing if the lock was given back in the meantime. */
function read(file: string): Lock[] {
  try {
    return [JSON.parse(readFileSync(file, "utf8")) as Lock];
  } catch {
    return [];
  }
}
