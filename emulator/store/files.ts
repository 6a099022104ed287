import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes `text` so that a reader finds the old file or the new one, never half of one. Mode 0600. */
export function replaceFile(file: string, text: string): void {
  const fresh = `${file}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(fresh, text, { mode: 0o600 });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw diskError(file, error);
  }
}

/** What is wrong with a file, and what to do, as one sentence. Anything but a refusal of the system comes back as it is. */
export function diskError(file: string, error: unknown): Error {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error as Error;
  return new Error(`${file} cannot be written (${code}): ${remedies[code] ?? "name another file with --state"}.`);
}

const remedies: Record<string, string> = {
  ENOSPC: "free some space on its disk",
  EDQUOT: "free some of this user's space on its disk",
  EFBIG: "allow larger files, as by ulimit -f unlimited",
  EIO: "its disk fails, so name a file on another one with --state",
  EACCES: "let this user write there, or name another file with --state",
  EPERM: "let this user write there, or name another file with --state",
  EROFS: "its disk is read-only, so name another file with --state",
};
