import { connect, type World } from "../provider/cloud";
import { probes as keyProbes } from "../provider/resources/aiStudioKeyValidation/probes";
import type { Settings } from "../provider/settings";
import { connectOverRest } from "./connection";
import { openJournal } from "./journal";
import { Lab, type LabOptions } from "./lab";
import { findLeftovers, type Leftovers, removeLeftovers, type Whose } from "./leftovers";
import type { ProbeName } from "./probes/names";
import { startRecording } from "./recording";
import type { Connection, Exchange } from "./rest";
import { type Result, runProbes } from "./run";

export interface SessionOptions {
  settings: Settings;
  world: World;
  folderId: string;
  /** The folder in which journals are kept. */
  journals: string;
  pid: number;
  isAlive(pid: number): boolean;
  /** Raised when the user interrupts: the run ends, and removes what it has created. */
  signal: AbortSignal;
  /** Wraps each request; tests end a run at any of them. */
  around?(fetch: Connection["fetch"]): Connection["fetch"];
}

/** One run on one folder. */
export interface Session {
  /** The name that all things of this run begin with. */
  run: string;
  /** The folder's name, which also shows that the sign-in works. */
  folder(): Promise<string>;
  leftovers(all: boolean): Promise<Leftovers>;
  remove(leftovers: Leftovers): Promise<void>;
  /** Runs the probes and removes what they created, also where one of them fails. */
  probe(names: readonly ProbeName[], onProbe: (name: ProbeName) => void): Promise<Result[]>;
  /** Works with things of this run, and removes them at the end, also where it fails. */
  within<T>(work: (lab: Lab) => Promise<T>): Promise<T>;
  exchanges: readonly Exchange[];
  close(): void;
}

export function openSession(options: SessionOptions): Session {
  const { settings, world, folderId, signal } = options;
  const cloud = connect(settings, world);
  const run = `live-${world.randomId().replaceAll("-", "").slice(0, 8)}`;
  const keys = new Map<string, string>();
  const accounts = new Set<string>();
  const recorder = startRecording({ prefix: run, keys, accounts });
  const labWith = (interruption: AbortSignal, noted: Pick<LabOptions, "account" | "recorder">) => {
    const connection = connectOverRest(settings, cloud, world, interruption);
    const fetch = options.around?.(connection.fetch) ?? connection.fetch;
    return new Lab({
      ...{ prefix: run, folderId, keys, ...noted },
      connection: { ...connection, fetch },
      sleep: (ms) => world.sleep(ms, interruption),
      randomId: world.randomId,
    });
  };
  /** Clean-up goes on after an interruption, and does not belong to the evidence. */
  const cleaner = labWith(new AbortController().signal, {
    account() {},
    recorder: { exchanges: [], add: (exchange) => exchange },
  });
  const find = (whose: Whose) => findLeftovers(cleaner, whose, { folder: options.journals, isAlive: options.isAlive });

  async function within<T>(work: (lab: Lab) => Promise<T>): Promise<T> {
    const journal = openJournal(options.journals, run, options.pid);
    const account = (id: string) => {
      accounts.add(id);
      journal.account(id);
    };
    try {
      return await work(labWith(signal, { account, recorder }));
    } finally {
      await removeLeftovers(cleaner, await find("ownRun"));
    }
  }

  return {
    run,
    exchanges: recorder.exchanges,
    async folder() {
      const path = `/resource-manager/v1/folders/${folderId}`;
      return (await cleaner.get({ service: "resource-manager", method: "GET", path })).name as string;
    },
    leftovers: (all) => find(all ? "otherRuns" : "endedRuns"),
    remove: (leftovers) => removeLeftovers(cleaner, leftovers),
    within,
    probe: (names, onProbe) =>
      within((lab) => {
        const context = { cloud, settings, signal, timeLimit: world.timeLimit };
        const keyProbe = (capability: string, secretKey: string) =>
          keyProbes[capability]!({ secretKey, folderId }, context);
        return runProbes(names, lab, { keyProbes: keyProbe }, onProbe);
      }),
    close: () => cloud.close(),
  };
}
