import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { announce, say } from "./report.mjs";
import { runQuietly } from "./run.mjs";
import { pinned } from "./versions.mjs";

const firstByteWithinMs = 5_000;
const nextByteWithinMs = 30_000;

/** Fills `folder` with the official release and answers true; answers false, having said why, if it is out of reach. */
export async function downloadPulumi(folder) {
  const windows = process.platform === "win32";
  const os = windows ? "windows" : process.platform;
  const url = `https://get.pulumi.com/releases/sdk/pulumi-v${pinned.pulumi}-${os}-${process.arch}.${windows ? "zip" : "tar.gz"}`;
  const unpacked = join(dirname(folder), "unpacked");
  const archive = join(dirname(folder), "archive");
  try {
    const body = await open(url);
    await announce(`Downloading the Pulumi CLI ${pinned.pulumi} (about 130 MB, once per machine).`, () =>
      pipeline(body, createWriteStream(archive)),
    );
    mkdirSync(unpacked, { recursive: true });
    // Every supported system has a tar, and the one of Windows reads zip files too.
    const { code, output } = await runQuietly("tar", ["-xf", archive, "-C", unpacked]);
    if (code !== 0) throw new Error(output.trim());
    renameSync(join(unpacked, "pulumi", ...(windows ? ["bin"] : [])), folder);
    return true;
  } catch (error) {
    say(`The official download of the Pulumi CLI is out of reach (${error.cause?.code ?? error.message}).`);
    return false;
  } finally {
    rmSync(archive, { force: true });
    rmSync(unpacked, { recursive: true, force: true });
  }
}

/** The body of `url` as a stream that fails when no byte comes for a while. */
async function open(url) {
  const abort = new AbortController();
  const giveUpIn = (ms) => setTimeout(() => abort.abort(new Error("no answer in time")), ms);
  let timer = giveUpIn(firstByteWithinMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const body = Readable.fromWeb(response.body);
    body.on("data", () => {
      clearTimeout(timer);
      timer = giveUpIn(nextByteWithinMs);
    });
    body.on("close", () => clearTimeout(timer));
    return body;
  } catch (error) {
    clearTimeout(timer);
    throw error;
  }
}
