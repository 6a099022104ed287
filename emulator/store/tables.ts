import { type Change, type Journal, openJournal, type Snapshot } from "./journal";

/** Records of one kind by id, in the order they were made. Records are plain JSON and copied in and out. */
export interface Table<T> {
  get(id: string): T | undefined;
  /** The record itself, not a copy: to look at only. What lists and counts read, which meet thousands in one call. */
  peek(id: string): Readonly<T> | undefined;
  put(id: string, record: T): void;
  remove(id: string): void;
  /** The records themselves, not copies: to look at only. */
  values(): Iterable<Readonly<T>>;
  readonly size: number;
  /** Called for every record that comes (also when the state is read from the file) or goes: for indexes. */
  watch(seen: (record: T, present: boolean) => void): void;
}

/** All tables over one state file, or in memory only when there is none. */
export interface Tables {
  table<T>(name: string): Table<T>;
  /** The next number of a counter: 1, 2, … It never repeats, also after a restart. */
  next(counter: string): number;
  /** Hands what was changed since the last call to the journal, as one piece. */
  commit(): void;
  snapshot(): Snapshot;
  close(): void;
}

/** Changes after which the journal is folded into a new snapshot. */
const compactAfter = 20_000;

export function openTables(file?: string): Tables {
  const opened = file === undefined ? undefined : openJournal(file);
  const stored = new Map<string, Map<string, unknown>>();
  for (const [name, records] of Object.entries(opened?.snapshot ?? {}))
    stored.set(name, new Map(Object.entries(records)));
  for (const change of opened?.changes ?? []) apply(stored, change);

  const journal: Journal | undefined = opened?.journal;
  let pending: Change[] = [];
  let written = opened?.changes.length ?? 0;
  const snapshot = () => Object.fromEntries([...stored].map(([name, records]) => [name, Object.fromEntries(records)]));

  const handedOut = new Map<string, Table<unknown>>();
  const tables: Tables = {
    table<T>(name: string): Table<T> {
      const known = handedOut.get(name);
      if (known) return known as Table<T>;
      const records = recordsOf(stored, name) as Map<string, T>;
      const watchers: ((record: T, present: boolean) => void)[] = [];
      const tell = (record: T, present: boolean) => watchers.forEach((seen) => seen(record, present));
      const table: Table<T> = {
        get: (id) => structuredCopy(records.get(id)),
        peek: (id) => records.get(id),
        put(id, record) {
          const before = records.get(id);
          if (before !== undefined) tell(before, false);
          const copy = structuredCopy(record);
          records.set(id, copy);
          tell(copy, true);
          pending.push([name, id, copy]);
        },
        remove(id) {
          const before = records.get(id);
          if (before === undefined) return;
          records.delete(id);
          tell(before, false);
          pending.push([name, id]);
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
      const value = (counters.get(counter) ?? 0) + 1;
      counters.set(counter, value);
      pending.push(["counters", counter, value]);
      return value;
    },
    commit() {
      if (pending.length === 0) return;
      journal?.append(pending);
      written += pending.length;
      pending = [];
      if (journal && written > compactAfter) {
        journal.compact(snapshot());
        written = 0;
      }
    },
    snapshot,
    close() {
      tables.commit();
      if (written > 0) journal?.compact(snapshot());
      journal?.close();
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
