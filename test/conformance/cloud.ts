import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Emulator } from "../../emulator/emulator";

/** What the emulator's process writes about itself when it listens. */
export interface Connection {
  endpoint: string;
  tlsEndpoint: string;
  caFile: string;
  url: string;
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
}

export async function startCloudProcess(): Promise<CloudProcess> {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  const file = join(folder, "connection.json");
  const program = join(__dirname, "../../emulator/bin/emulator.js");
  const child = spawn(process.execPath, [
    program,
    ...["--admin", "--quiet", "--state", join(folder, "state.json"), "--connection", file],
  ]);
  await firstLine(child);
  const connection = JSON.parse(readFileSync(file, "utf8")) as Connection;
  return {
    ...connection,
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
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the process says its first line; rejects with what it complained of when it ends before that. */
function firstLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = "";
    child.stderr?.on("data", (chunk) => (complaint += chunk));
    createInterface({ input: child.stdout! }).once("line", () => resolve());
    child.once("close", () => reject(new Error(`The emulator did not start: ${complaint}`)));
  });
}
