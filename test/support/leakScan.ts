import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the text stands in clear: files below the folder, and the other texts by their names. */
export async function leaksOf(secret: string, folder: string, texts: Record<string, string> = {}): Promise<string[]> {
  if (secret.length < 8) throw new Error("a leak scan for so short a text finds what it does not mean");
  const encoded = [secret, Buffer.from(secret).toString("base64").replace(/=+$/, "")];
  const found = Object.entries(texts).filter(([, text]) => encoded.some((form) => text.includes(form)));
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const leaks = found.map(([name]) => name);
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    const content = await readFile(path, "latin1");
    if (encoded.some((form) => content.includes(form))) leaks.push(path);
  }
  return leaks;
}
