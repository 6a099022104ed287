import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { diskError, replaceFile } from "./files";
import { lock } from "./lock";

/**
 * The state file. It holds one snapshot; what changed since is in a journal beside it, one line per call, so that a write costs
 * the same at ten keys and at ten thousand, and a process killed at any moment leaves whole calls behind: a torn last line is a call
 * that was never answered. A snapshot names the journal that continues it, and replaces the old one by a rename.
 */
export interface Journal {
  /** Writes all of it or nothing; then throws an Error with one sentence. */
  append(changes: Change[]): void;
  /** Writes a new snapshot and starts an empty journal; if that fails, throws and goes on with the old ones. */
  compact(snapshot: Snapshot): void;
  close(): void;
}

/** [table, id, record], or without the record when it was removed. */
export type Change = [table: string, id: string, record?: unknown];
export type Snapshot = Record<string, Record<string, unknown>>;

/** The state was removed or replaced under this process: nothing that it writes would be found again. */
export class StateVanished extends Error {
  constructor(file: string) {
    super(`${file} no longer exists, although the local cloud uses it. Start it again to begin with a new state.`);
  }
}

const version = 1;
interface StateFile {
  version: number;
  journal: number;
  tables: Snapshot;
}

/** Opens the state at `file`, creating it if it does not exist. Throws an Error with one sentence if it is not a state of this version. */
export function openJournal(file: string): { journal: Journal; changes: Change[]; snapshot: Snapshot } {
  let unlock = () => {};
  try {
    mkdirSync(dirname(file), { recursive: true });
    unlock = lock(file);
    return openLocked(file, unlock);
  } catch (error) {
    unlock();
    throw diskError(file, error);
  }
}

function openLocked(file: string, unlock: () => void): { journal: Journal; changes: Change[]; snapshot: Snapshot } {
  const found = readState(file);
  const changes = readChanges(journalFile(file, found.journal));
  if (!existsSync(file)) replaceFile(file, JSON.stringify(found));
  let number = found.journal;
  let part = openPart(journalFile(file, number), "a");

  return {
    snapshot: found.tables,
    changes,
    journal: {
      append(batch) {
        part.append(Buffer.from(`${JSON.stringify(batch)}\n`));
      },
      compact(tables) {
        part.requirePlace();
        const next = number + 1;
        const fresh = openPart(journalFile(file, next), "w");
        try {
          replaceFile(file, JSON.stringify({ version, journal: next, tables } satisfies StateFile));
        } catch (error) {
          fresh.close();
          rmSync(journalFile(file, next), { force: true });
          throw error;
        }
        part.close();
        part = fresh;
        number = next;
        removeOtherJournals(file, next);
      },
      close() {
        part.close();
        unlock();
      },
    },
  };
}

/** One file of whole lines. */
function openPart(file: string, flags: "a" | "w") {
  const descriptor = openSync(file, flags, 0o600);
  let whole = fstatSync(descriptor).size;
  const requirePlace = () => {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.ino !== fstatSync(descriptor).ino) throw new StateVanished(file);
  };
  return {
    requirePlace,
    /** All of the bytes, or none: what follows a torn line would be lost with it. */
    append(bytes: Buffer) {
      requirePlace();
      try {
        // Where the last failure could not be undone then.
        if (fstatSync(descriptor).size > whole) ftruncateSync(descriptor, whole);
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
        whole += bytes.length;
      } catch (error) {
        try {
          ftruncateSync(descriptor, whole);
        } catch {
          // The next append tries again, before it writes.
        }
        throw diskError(file, error);
      }
    },
    close: () => closeSync(descriptor),
  };
}

const journalFile = (file: string, number: number) => `${file}.${number}.journal`;

function readState(file: string): StateFile {
  if (!existsSync(file)) return { version, journal: 1, tables: {} };
  let state: unknown;
  try {
    state = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Error(
      `${file} is not a state of the local cloud (no JSON). Name another file with --state, or remove this one to start afresh.`,
    );
  }
  const { version: found, journal, tables } = isObject(state) ? state : {};
  if (found !== version) {
    throw new Error(
      `${file} has state version ${String(found)}, this local cloud reads version ${version}. Remove the file to start afresh.`,
    );
  }
  if (typeof journal !== "number" || !isObject(tables) || !Object.values(tables).every(isObject))
    throw new Error(`${file} is a damaged state of the local cloud. Remove the file to start afresh.`);
  return { version, journal, tables: tables as Snapshot };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

function readChanges(file: string): Change[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  // Lines appended after a torn one would continue it, so the torn end is cut off before anything is added.
  if (whole.length < text.length) replaceFile(file, whole);
  return whole.split("\n").flatMap((line, at) => (line === "" ? [] : changesOf(line, file, at + 1)));
}

function changesOf(line: string, file: string, number: number): Change[] {
  try {
    const batch = JSON.parse(line) as Change[];
    const isChange = (each: unknown) =>
      Array.isArray(each) && typeof each[0] === "string" && typeof each[1] === "string";
    if (Array.isArray(batch) && batch.every(isChange)) return batch;
  } catch {
    // The same as a line that is JSON of another kind.
  }
  throw new Error(
    `Line ${number} of ${file} is damaged. Remove that line to lose only what one call has written, or remove the state to start afresh.`,
  );
}

function removeOtherJournals(file: string, kept: number): void {
  const name = basename(file);
  for (const entry of readdirSync(dirname(file))) {
    const number = entry.startsWith(`${name}.`) && entry.endsWith(".journal") ? entry.slice(name.length + 1, -8) : "";
    if (/^\d+$/.test(number) && Number(number) !== kept) rmSync(join(dirname(file), entry));
  }
}
