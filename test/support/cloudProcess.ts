import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";

/** What the emulator's process writes about itself when it listens. */
export interface Connection {
  endpoint: string;
  tlsEndpoint: string;
  caFile: string;
  url: string;
  tlsUrl: string;
  token: string;
  cloudId: string;
  folderId: string;
}

type Verbs = Omit<
  { [K in keyof Emulator as Emulator[K] extends (...args: never[]) => unknown ? K : never]: Emulator[K] },
  "close" | typeof Symbol.asyncDispose
> & { setSwitches(changes: Partial<Emulator["switches"]>): void; clockAdvance(ms: number): void; clockNow(): number };

/** The emulator as a process of its own, the way other people's clients meet it; steered over its admin prefix. */
export interface CloudProcess extends Connection, AsyncDisposable {
  admin<K extends keyof Verbs>(
    verb: K,
    ...args: Verbs[K] extends (...args: infer A) => unknown ? A : never
  ): Promise<Verbs[K] extends (...args: never[]) => infer R ? R : never>;
  /** All that it has printed so far. */
  printed(): string;
  /** All that it has written of errors. */
  complained(): string;
  pid: number;
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>;
  /** Ends it by the signal; its exit code, or null where the signal itself has ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

interface Options {
  /** Holds the state, and stays. Default: one that goes away with the process. */
  folder?: string;
  /** Whether it prints no calls. Default: true. */
  quiet?: boolean;
  /** More arguments of its command line. */
  args?: string[];
  /** A program and its arguments that start it, such as one that sets limits. */
  through?: string[];
}

export async function startCloudProcess({
  folder,
  quiet = true,
  args: more = [],
  through = [],
}: Options = {}): Promise<CloudProcess> {
  const place = folder ?? mkdtempSync(join(tmpdir(), "cloud-"));
  const file = join(place, "connection.json");
  const program = join(__dirname, "../../emulator/bin/emulator.js");
  const args = [
    "--admin",
    "--state",
    join(place, "state.json"),
    "--connection",
    file,
    ...(quiet ? ["--quiet"] : []),
    ...more,
  ];
  const [first = "", ...rest] = [...through, process.execPath, program, ...args];
  const child = spawn(first, rest);
  let printed = "";
  let complained = "";
  child.stderr.on("data", (part) => (complained += part));
  child.stdout.on("data", (part) => (printed += part));
  await listening(child, () => printed);
  // Written before it says that it is up.
  const connection = JSON.parse(readFileSync(file, "utf8")) as Connection;

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const closed = once(child, "close") as Promise<[number | null]>;
    child.kill(signal);
    return (await closed)[0];
  }
  return {
    ...connection,
    pid: child.pid ?? 0,
    printed: () => printed,
    complained: () => complained,
    ended: once(child, "close").then(([code]) => code as number | null),
    end,
    async admin(verb, ...args) {
      const answer = await fetch(`${connection.url}/_emulator/${verb}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(args),
      });
      const { result, error } = (await answer.json()) as { result: never; error?: string };
      if (error !== undefined) throw new Error(error);
      return result;
    },
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
      if (folder === undefined) rmSync(place, { recursive: true, force: true });
    },
  };
}

/** Resolves when the process has said where it is; rejects with what it complained of when it ends before that. */
function listening(child: ChildProcess, printed: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = "";
    child.stderr?.on("data", (chunk) => (complaint += chunk));
    child.stdout?.on("data", () => printed().includes("stop with Ctrl+C") && resolve());
    child.once("close", () => reject(new Error(`The emulator did not start: ${complaint}`)));
  });
}
