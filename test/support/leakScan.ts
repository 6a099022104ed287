import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";

/** Where the text is in clear: files below the folder, and the other texts by their names. */
export async function leaksOf(secret: string, folder: string, texts: Record<string, string> = {}): Promise<string[]> {
  if (secret.length < 8) throw new Error("a leak scan for so short a text finds what it does not mean");
  const encoded = [secret, ...base64FormsOf(secret)];
  const found = Object.entries(texts).filter(([, text]) => encoded.some((form) => text.includes(form)));
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const leaks = found.map(([name]) => name);
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    const content = unpacked(await readFile(path));
    if (encoded.some((form) => content.includes(form))) leaks.push(path);
  }
  return leaks;
}

/** How the text looks within a longer one in base64, which depends on where it begins; the ends mix with what is around. */
const base64FormsOf = (text: string): string[] =>
  [0, 1, 2].map((offset) =>
    Buffer.from(" ".repeat(offset) + text)
      .toString("base64")
      .replace(/=+$/, "")
      .slice(offset && offset + 1, -1),
  );

/** The engine packs its logs, and a state if asked to; a log of a running operation is encrypted, and not packed. */
function unpacked(content: Buffer): string {
  for (const unpack of [gunzipSync, zstdDecompressSync]) {
    try {
      return unpack(content).toString("latin1");
    } catch {
      // Not packed so.
    }
  }
  return content.toString("latin1");
}
