import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Measured {
  seconds: number;
  /** Of all processes of the run together; it tells more than the clock where the machine is busy. NaN without /proc. */
  cpuSeconds: number;
  /** The most that a provider's process held at a time, in MiB; 0 where the system does not tell. */
  pluginMiB: number;
  /** The most that all processes of the run held at a time, in MiB, each counted by itself. */
  allMiB: number;
}

const SAMPLE_MS = 100;

/**
 * Runs `pulumi` with these arguments and measures it from the outside. What it prints goes into output.txt.
 *
 * @throws Error with the end of what it printed, if it fails
 */
export async function measureEngine(folder: string, args: string[], env: NodeJS.ProcessEnv): Promise<Measured> {
  const file = join(folder, "output.txt");
  const output = openSync(file, "w");
  const began = performance.now();
  const cpuBefore = cpuOfChildren();
  const child = spawn("pulumi", [...args, "--non-interactive"], {
    cwd: folder,
    env,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const most = { pluginMiB: 0, allMiB: 0 };
  const sampler = setInterval(() => {
    const processes = processesUnder(child.pid!);
    const plugins = processes.filter(({ command }) => /pulumi-resource-/.test(command));
    most.pluginMiB = Math.max(most.pluginMiB, ...plugins.map(({ mib }) => mib));
    most.allMiB = Math.max(
      most.allMiB,
      processes.reduce((sum, { mib }) => sum + mib, 0),
    );
  }, SAMPLE_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => clearInterval(sampler));
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${readFileSync(file, "utf8").slice(-3000)}`);
  return { seconds, cpuSeconds: cpuOfChildren() - cpuBefore, ...most };
}

/** Seconds of processor time of all children that have ended, and of theirs. Linux counts in hundredths. */
function cpuOfChildren(): number {
  try {
    const [, fields = ""] = /\) (.*)/.exec(readFileSync("/proc/self/stat", "utf8")) ?? [];
    const [user, system] = fields.split(" ").slice(13, 15).map(Number);
    return (user! + system!) / 100;
  } catch {
    return NaN;
  }
}

interface Process {
  command: string;
  mib: number;
}

/** A process and all that it has started, with their resident memory; none where the system does not tell. */
function processesUnder(pid: number): Process[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    // Each thread knows the children that it has started.
    const children = readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "))
      .filter(Boolean);
    const mib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
    return [{ command, mib }, ...children.flatMap((child) => processesUnder(Number(child)))];
  } catch {
    // It has ended in the meantime.
    return [];
  }
}
