import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What differs after each change of a file: when it was last written, in nanoseconds, and its size. */
export function markOf(file) {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.mtimeNs} ${found.size}` : "no such file";
}

/**
 * Replaces the file in one step, since a test or an engine may be starting it at this moment. Answers the mark of the file
 * with exactly this content, even if another process has replaced it since.
 */
export function writeIfChanged(file, content, mode = 0o755) {
  const present = markOf(file);
  if (existsSync(file) && readFileSync(file).equals(content)) return present;
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  chmodSync(draft, mode);
  const written = markOf(draft);
  renameSync(draft, file);
  return written;
}
