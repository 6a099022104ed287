import { StatusError } from "../status";
import { type Change, type Journal, openJournal, type Snapshot, StateVanished } from "./journal";

/** Records of one kind by id, in the order they were made. Records are plain JSON and copied in and out. */
export interface Table<T> {
  get(id: string): T | undefined;
  /** The record itself, not a copy: to look at only. What lists and counts read, which meet thousands in one call. */
  peek(id: string): Readonly<T> | undefined;
  put(id: string, record: T): void;
  /** The same for what may be lost, such as the moment of a last use: no call fails because it cannot be written. */
  note(id: string, record: T): void;
  remove(id: string): void;
  /** The records themselves, not copies: to look at only. */
  values(): Iterable<Readonly<T>>;
  readonly size: number;
  /** Called for every record that comes (also when the state is read from the file) or goes: for indexes. */
  watch(seen: (record: T, present: boolean) => void): void;
}

/** All tables over one state file, or in memory only without a file. */
export interface Tables {
  table<T>(name: string): Table<T>;
  /** The next number of a counter: 1, 2, … It never repeats, also after a restart. */
  next(counter: string): number;
  /**
   * Hands what was changed since the last call to the journal, as one piece. If it cannot be written, memory is as it was
   * before, and a StatusError says why: what a caller is refused has not happened.
   */
  commit(): void;
  snapshot(): Snapshot;
  close(): void;
}

interface Pending {
  change: Change;
  undo(): void;
  mayBeLost: boolean;
}

/** Changes after which the journal is folded into a new snapshot. */
const compactAfter = 20_000;

/** `lost` is called with a sentence when the state no longer exists; nothing is written from then on. */
export function openTables(file?: string, lost: (sentence: string) => void = () => {}): Tables {
  const opened = file === undefined ? undefined : openJournal(file);
  const stored = new Map<string, Map<string, unknown>>();
  for (const [name, records] of Object.entries(opened?.snapshot ?? {}))
    stored.set(name, new Map(Object.entries(records)));
  for (const change of opened?.changes ?? []) apply(stored, change);

  const journal: Journal | undefined = opened?.journal;
  let pending: Pending[] = [];
  let written = opened?.changes.length ?? 0;
  // A table that was only asked for is not a change, so an empty one is left out.
  const snapshot = () =>
    Object.fromEntries(
      [...stored].filter(([, { size }]) => size > 0).map(([name, records]) => [name, Object.fromEntries(records)]),
    );

  /** The journal is whole without it, so a full disk only puts it off. */
  function compact() {
    written = 0;
    try {
      journal?.compact(snapshot());
    } catch {
      // Tried again after as many changes.
    }
  }

  const handedOut = new Map<string, Table<unknown>>();
  const tables: Tables = {
    table<T>(name: string): Table<T> {
      const known = handedOut.get(name);
      if (known) return known as Table<T>;
      const records = recordsOf(stored, name) as Map<string, T>;
      const watchers: ((record: T, present: boolean) => void)[] = [];
      const tell = (record: T, present: boolean) => watchers.forEach((seen) => seen(record, present));
      const set = (id: string, record: T | undefined) => {
        const before = records.get(id);
        if (before !== undefined) tell(before, false);
        if (record === undefined) records.delete(id);
        else records.set(id, record);
        if (record !== undefined) tell(record, true);
      };
      const change = (id: string, record: T, mayBeLost: boolean) => {
        const before = records.get(id);
        const copy = structuredCopy(record);
        set(id, copy);
        pending.push({ change: [name, id, copy], undo: () => set(id, before), mayBeLost });
      };
      const table: Table<T> = {
        get: (id) => structuredCopy(records.get(id)),
        peek: (id) => records.get(id),
        put: (id, record) => change(id, record, false),
        note: (id, record) => change(id, record, true),
        remove(id) {
          const before = records.get(id);
          if (before === undefined) return;
          set(id, undefined);
          pending.push({ change: [name, id], undo: () => set(id, before), mayBeLost: false });
        },
        values: () => records.values(),
        get size() {
          return records.size;
        },
        watch(seen) {
          watchers.push(seen);
          for (const record of records.values()) seen(record, true);
        },
      };
      handedOut.set(name, table as Table<unknown>);
      return table;
    },
    next(counter) {
      const counters = recordsOf(stored, "counters") as Map<string, number>;
      const before = counters.get(counter);
      const value = (before ?? 0) + 1;
      counters.set(counter, value);
      const undo = () => void (before === undefined ? counters.delete(counter) : counters.set(counter, before));
      pending.push({ change: ["counters", counter, value], undo, mayBeLost: false });
      return value;
    },
    commit() {
      if (pending.length === 0) return;
      const batch = pending;
      pending = [];
      try {
        journal?.append(batch.map(({ change }) => change));
      } catch (error) {
        for (const { undo } of batch.toReversed()) undo();
        if (error instanceof StateVanished) lost(error.message);
        if (batch.every(({ mayBeLost }) => mayBeLost)) return;
        throw new StatusError("INTERNAL", (error as Error).message);
      }
      written += batch.length;
      if (written > compactAfter) compact();
    },
    snapshot,
    close() {
      try {
        tables.commit();
        if (written > 0) compact();
      } finally {
        journal?.close();
      }
    },
  };
  return tables;
}

function recordsOf(stored: Map<string, Map<string, unknown>>, name: string): Map<string, unknown> {
  let records = stored.get(name);
  if (!records) stored.set(name, (records = new Map()));
  return records;
}

function apply(stored: Map<string, Map<string, unknown>>, [name, id, record]: Change): void {
  if (record === undefined) recordsOf(stored, name).delete(id);
  else recordsOf(stored, name).set(id, record);
}

function structuredCopy<T>(record: T): T {
  return record === undefined ? record : (JSON.parse(JSON.stringify(record)) as T);
}
