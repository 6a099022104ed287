import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive } from "./processes";

/** How often the one who waits looks; the other process has no way to call it. */
const LOOK_MS = 100;

/** Runs after every other process that has the file has ended or given it back: two at once would make everything twice. */
export async function inTurn<T>(file: string, run: () => Promise<T>): Promise<T> {
  for (let told = false; !take(file); told = true) {
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true });
    else {
      if (!told)
        console.error(`Another npm start or npm run destroy of this folder runs (process ${holder}): waiting for it.`);
      await wait(LOOK_MS);
    }
  }
  try {
    return await run();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined while the file is being written or has just been given back. */
function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}
