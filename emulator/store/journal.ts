import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * The state file. It holds one snapshot; what changed since stands in a journal beside it, one line per call, so that a write costs
 * the same at ten keys and at ten thousand, and a process killed at any moment leaves whole calls behind: a torn last line is a call
 * that was never answered. A snapshot names the journal that continues it, and replaces the old one by a rename.
 */
export interface Journal {
  append(changes: Change[]): void;
  /** Writes a new snapshot and starts an empty journal. */
  compact(snapshot: Snapshot): void;
  close(): void;
}

/** [table, id, record], or without the record when it was removed. */
export type Change = [table: string, id: string, record?: unknown];
export type Snapshot = Record<string, Record<string, unknown>>;

const version = 1;
interface StateFile {
  version: number;
  journal: number;
  tables: Snapshot;
}

/** Opens the state at `file`, creating it if there is none. Throws an Error with one sentence if it is not a state of this version. */
export function openJournal(file: string): { journal: Journal; changes: Change[]; snapshot: Snapshot } {
  mkdirSync(dirname(file), { recursive: true });
  const unlock = lock(file);
  try {
    return openLocked(file, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Locks of this process. In a container it may have the number of the process that was killed there before. */
const held = new Set<string>();

/** One process writes a state, or each would undo what the other has promised. Throws an Error that names the one that does. */
function lock(file: string): () => void {
  const place = `${file}.lock`;
  const unlock = () => {
    held.delete(place);
    rmSync(place, { force: true });
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      const descriptor = openSync(place, "wx", 0o600);
      writeFileSync(descriptor, `${process.pid} ${fstatSync(descriptor).ino}`);
      closeSync(descriptor);
      held.add(place);
      return unlock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [holder, inode] = readFileSync(place, "utf8").split(" ").map(Number) as [number, number?];
    // A copy of a folder has a copy of the lock, which is another file than the one that was written.
    const isCopy = inode !== undefined && inode !== statSync(place).ino;
    if (attempt > 0 || (!isCopy && (holder === process.pid ? held.has(place) : isAlive(holder))))
      throw new Error(
        `${file} is in use by the local cloud of process ${holder}. End that process, or name another file with --state. If it is no local cloud, remove ${place}.`,
      );
    rmSync(place, { force: true });
  }
}

/** Whether the process runs. A file without a number was cut short when it was written, by a process that ended then. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function openLocked(file: string, unlock: () => void): { journal: Journal; changes: Change[]; snapshot: Snapshot } {
  const found = readState(file);
  const changes = readChanges(journalFile(file, found.journal));
  let number = found.journal;
  let descriptor = openSync(journalFile(file, number), "a", 0o600);
  if (!existsSync(file)) replaceFile(file, JSON.stringify(found));

  return {
    snapshot: found.tables,
    changes,
    journal: {
      append(batch) {
        if (batch.length > 0)
          appendWhole(descriptor, Buffer.from(`${JSON.stringify(batch)}\n`), journalFile(file, number));
      },
      compact(tables) {
        const next = number + 1;
        const fresh = openSync(journalFile(file, next), "w", 0o600);
        replaceFile(file, JSON.stringify({ version, journal: next, tables } satisfies StateFile));
        closeSync(descriptor);
        descriptor = fresh;
        number = next;
        removeOtherJournals(file, next);
      },
      close() {
        closeSync(descriptor);
        unlock();
      },
    },
  };
}

/** All of the bytes, or none: what follows a torn line would be lost with it. */
function appendWhole(descriptor: number, bytes: Buffer, file: string): void {
  const before = fstatSync(descriptor).size;
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    ftruncateSync(descriptor, before);
    throw new Error(
      `${file} cannot be written (${(error as NodeJS.ErrnoException).code}): free some space on its disk.`,
    );
  }
}

/** Writes `text` so that a reader finds the old file or the new one, never half of one. Mode 0600. */
export function replaceFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, file);
}

const journalFile = (file: string, number: number) => `${file}.${number}.journal`;

function readState(file: string): StateFile {
  if (!existsSync(file)) return { version, journal: 1, tables: {} };
  let state: Partial<StateFile>;
  try {
    state = JSON.parse(readFileSync(file, "utf8")) as Partial<StateFile>;
  } catch {
    throw new Error(
      `${file} is not a state of the local cloud (no JSON). Name another file, or remove this one to start afresh.`,
    );
  }
  if (state.version !== version || typeof state.journal !== "number" || !state.tables) {
    throw new Error(
      `${file} has state version ${String(state.version)}, this local cloud reads version ${version}. Remove the file to start afresh.`,
    );
  }
  return state as StateFile;
}

function readChanges(file: string): Change[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  // Lines appended after a torn one would continue it, so the torn end is cut off before anything is added.
  if (whole.length < text.length) replaceFile(file, whole);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => JSON.parse(line) as Change[]);
}

function removeOtherJournals(file: string, kept: number): void {
  const name = basename(file);
  for (const entry of readdirSync(dirname(file))) {
    const number = entry.startsWith(`${name}.`) && entry.endsWith(".journal") ? entry.slice(name.length + 1, -8) : "";
    if (/^\d+$/.test(number) && Number(number) !== kept) rmSync(join(dirname(file), entry));
  }
}
