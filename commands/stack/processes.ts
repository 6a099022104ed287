import { execFileSync } from "node:child_process";

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The processes whose command line has all of these words. None where the machine has no `ps`. */
export function processesWith(words: readonly string[]): number[] {
  try {
    const list = execFileSync("ps", ["-A", "-o", "pid=,args="], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return list.split("\n").flatMap((line) => {
      const [, pid, args = ""] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      return words.every((word) => args.includes(word)) ? [Number(pid)] : [];
    });
  } catch {
    return [];
  }
}
