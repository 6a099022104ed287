import { closeSync, fstatSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

/** Locks of this process. In a container it may have the number of the process that was killed there before. */
const held = new Set<string>();

/** One process writes a state, or each would undo what the other has promised. Throws an Error that names the one that does. */
export function lock(file: string): () => void {
  const place = `${file}.lock`;
  const unlock = () => {
    held.delete(place);
    rmSync(place, { force: true });
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      const descriptor = openSync(place, "wx", 0o600);
      writeFileSync(descriptor, `${process.pid} ${fstatSync(descriptor).ino}`);
      closeSync(descriptor);
      held.add(place);
      return unlock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [holder, inode] = readFileSync(place, "utf8").split(" ").map(Number) as [number, number?];
    // A copy of a folder has a copy of the lock, which is another file than the one that was written.
    const isCopy = inode !== undefined && inode !== statSync(place).ino;
    if (attempt > 0 || (!isCopy && (holder === process.pid ? held.has(place) : isAlive(holder))))
      throw new Error(
        `${file} is in use by the local cloud of process ${holder}. End that process, or name another file with --state. If it is not a local cloud, remove ${place}.`,
      );
    rmSync(place, { force: true });
  }
}

/** Whether the process runs. A file without a number was cut short when it was written, by a process that ended then. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
