import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { CallRecord } from "../emulator/calls/calls";
import type { Switches } from "../emulator/switches";

/** The emulator as a process of its own, so that its work and its memory are not those of what is measured. */
export interface Cloud extends AsyncDisposable {
  endpoint: string;
  url: string;
  token: string;
  folderId: string;
  pid: number;
  /** From the start of the process to its first line. */
  startMs: number;
  set(switches: Partial<Switches>): Promise<void>;
  calls(): Promise<CallRecord[]>;
}

interface Connection {
  endpoint: string;
  url: string;
  token: string;
  folderId: string;
  pid: number;
}

const program = join(__dirname, "../../emulator/bin/emulator.js");
/** The quotas of a cloud are smaller than what is measured here. */
const MANY = 1e9;

/** Starts the emulator with its state in `folder`, and no quota in its way. */
export async function startCloud(folder: string): Promise<Cloud> {
  const connectionFile = join(folder, "connection.json");
  const began = performance.now();
  const child = spawn(process.execPath, [
    program,
    ...["--admin", "--quiet", "--state", join(folder, "state.json"), "--connection", connectionFile],
  ]);
  await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("close", () => reject(new Error("The emulator did not start.")));
  });
  const startMs = Math.round(performance.now() - began);
  const connection = JSON.parse(readFileSync(connectionFile, "utf8")) as Connection;

  const ask = async (verb: string, ...args: unknown[]): Promise<unknown> => {
    const answer = await fetch(`${connection.url}/_emulator/${verb}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(args),
    });
    return ((await answer.json()) as { result: unknown }).result;
  };
  const set = async (switches: Partial<Switches>) => void (await ask("setSwitches", switches));
  await set({ quotas: { serviceAccounts: MANY, apiKeys: MANY, authorizedKeys: MANY, accessBindings: MANY } });
  return {
    ...connection,
    startMs,
    set,
    calls: async () => (await ask("calls")) as CallRecord[],
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
}
