import { chmodSync, type Stats, statSync } from "node:fs";

export type Readers = "only you" | "others" | "not known";

/** Who can read a file, by the rights that it really has: a Windows drive, a stick or a share may ignore those asked for. */
export function readersOf(mode: number, platform: string): Readers {
  if (platform === "win32") return "not known";
  return (mode & 0o077) === 0 ? "only you" : "others";
}

/**
 * Closes a folder to others, and so all that is in it, and says whether that came about: the folder may have been copied
 * with wider rights, and its file system may ignore them.
 *
 * @param files what changes and shows rights; tests play a drive that ignores them
 */
export function closeFolder(
  folder: string,
  platform: string,
  files: { chmodSync(path: string, mode: number): void; statSync(path: string): Pick<Stats, "mode"> } = {
    chmodSync,
    statSync,
  },
): Readers {
  if (readersOf(files.statSync(folder).mode, platform) !== "others")
    return readersOf(files.statSync(folder).mode, platform);
  try {
    files.chmodSync(folder, 0o700);
  } catch {
    // A folder of another user: how it stays is what is said.
  }
  return readersOf(files.statSync(folder).mode, platform);
}

export const OPEN_FOLDER =
  "Other users of this machine can read .work, with the passphrase and the state of stack local: its drive ignores file rights.";

export const CLOSE_IT = "Move the clone to a drive of this system, such as your home folder.";
