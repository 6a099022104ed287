import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { temporaryFolder } from "./folder";
import { leaksOf } from "./leakScan";

const secret = "AQVNa-secret-for-this-test";

describe("the leak scan", () => {
  type Row = [form: string, content: string | Buffer];
  it.each<Row>([
    ["clear", `key: ${secret}\n`],
    ["a packed log", gzipSync(`key: ${secret}\n`)],
    ["a compressed state", zstdCompressSync(`key: ${secret}\n`)],
    ...["", "a", "ab", "abc"].map((before): Row => [
      `base64 after ${before.length} bytes`,
      Buffer.from(`${before}${secret}\n`).toString("base64"),
    ]),
  ])("finds a secret in %s", async (_form, content) => {
    using folder = temporaryFolder();
    const file = join(folder.path, "file");
    await writeFile(file, content);

    expect(await leaksOf(secret, folder.path)).toEqual([file]);
    expect(await leaksOf("another-secret-for-this-test", folder.path)).toEqual([]);
  });
});
