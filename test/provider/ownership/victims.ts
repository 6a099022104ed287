import { execFileSync } from "node:child_process";
import { starterPid } from "../../support/run";

const startedBy = (parent: number, command: RegExp): number[] =>
  execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((parts) => (parts && Number(parts[2]) === parent && command.test(parts[3]!) ? [Number(parts[1])] : []));

/** What can die of the `pulumi up` that this worker's tests run. */
export const VICTIMS = ["engine", "plugin"] as const;
export type Victim = (typeof VICTIMS)[number];

const engines = () => startedBy(starterPid(), /pulumi up/);
const plugins = () => engines().flatMap((engine) => startedBy(engine, /pulumi-resource-yandex/));

/** Kills it, as the system does where memory is short. Throws if it does not run. */
export function kill(victim: Victim): void {
  const pids = { engine: engines, plugin: plugins }[victim]();
  if (pids.length === 0) throw new Error(`no ${victim} runs`);
  for (const pid of pids) process.kill(pid, "SIGKILL");
}
