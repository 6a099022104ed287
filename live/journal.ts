import { appendFileSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * What a run has begun to create, written before each call, so that a later run finds it whatever ended this one. The cloud
 * finds accounts and secrets by their label; only the grants of an account that no longer exists need this file.
 */
export interface Journal {
  /** The IDs of service accounts that the run has created. */
  account(id: string): void;
}

export interface Entry {
  file: string;
  run: string;
  pid: number;
  accounts: string[];
}

export function openJournal(folder: string, run: string, pid: number): Journal {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${run}.jsonl`);
  const write = (line: object) => appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  write({ pid });
  return { account: (account) => write({ account }) };
}

/** The journals of runs that did not end well, or go on. */
export function readJournals(folder: string): Entry[] {
  return filesIn(folder).map((name) => {
    const file = join(folder, name);
    const lines = readFileSync(file, "utf8").split("\n").flatMap(parsed);
    return {
      file,
      run: name.replace(/\.jsonl$/, ""),
      pid: lines.find(({ pid }) => pid !== undefined)?.pid ?? 0,
      accounts: lines.flatMap(({ account }) => account ?? []),
    };
  });
}

const filesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  } catch {
    return [];
  }
};

/** A run that was killed can leave half a line. */
function parsed(line: string): { pid?: number; account?: string }[] {
  try {
    return [JSON.parse(line) as { pid?: number; account?: string }];
  } catch {
    return [];
  }
}
