import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { useProxy } from "./proxy.mjs";
import { announce, findMissing, say } from "./report.mjs";
import { mayPass, pausesMs } from "./retry.mjs";
import { runQuietly } from "./run.mjs";
import { released } from "./versions.mjs";

const FIRST_BYTE_WITHIN_MS = 15_000;
const NEXT_BYTE_WITHIN_MS = 30_000;
/** No network at all, which no pause mends. */
const OFFLINE = new Set(["ENOTFOUND", "ENETUNREACH", "EHOSTUNREACH"]);

/**
 * Fills `folder` with the official release and answers true. Answers false, having said why, where it cannot be downloaded
 * or is not the one whose hash is recorded: then nothing of it is unpacked.
 */
export async function downloadPulumi(folder) {
  const platform = `${process.platform}-${process.arch}`;
  const expected = released.sha256[platform];
  if (!expected) return isLeft(`no hash of it is recorded for ${platform}`);
  const name = `pulumi-v${released.pulumi}-${platform}.tar.gz`;
  const url = `https://github.com/pulumi/pulumi/releases/download/v${released.pulumi}/${name}`;
  const unpacked = join(dirname(folder), "unpacked");
  const archive = join(dirname(folder), "archive");
  try {
    const obstacle = useProxy();
    if (obstacle) say(obstacle);
    await announce(`Downloading the Pulumi CLI ${released.pulumi} (about 130 MB, once per machine).`, () =>
      download(url, archive),
    );
    const found = await hashOf(archive);
    if (found !== expected)
      return isLeft(`${name} has SHA-256 ${found}, and toolchain/versions.mjs records ${expected}`);
    mkdirSync(unpacked, { recursive: true });
    const { code, output } = await runQuietly("tar", ["-xf", archive, "-C", unpacked]);
    if (code !== 0) return isLeft(output.trim());
    renameSync(join(unpacked, "pulumi"), folder);
    return true;
  } catch (error) {
    const reason = error.cause?.code ?? error.message;
    return isLeft(findMissing(reason) ?? reason);
  } finally {
    rmSync(archive, { force: true });
    rmSync(unpacked, { recursive: true, force: true });
  }
}

function isLeft(reason) {
  say(`The official Pulumi CLI ${released.pulumi} is not used: ${reason}.`);
  return false;
}

async function download(url, file) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await pipeline(await open(url), createWriteStream(file));
    } catch (error) {
      const isLast = attempt === pausesMs.length || OFFLINE.has(error.cause?.code) || !mayPass(error.status);
      if (isLast) throw error;
      await wait(pausesMs[attempt]);
    }
  }
}

async function hashOf(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** The body of `url` as a stream that fails when no byte comes for a while. */
async function open(url) {
  const abort = new AbortController();
  const giveUpIn = (ms) => setTimeout(() => abort.abort(new Error("no answer in time")), ms);
  let timer = giveUpIn(FIRST_BYTE_WITHIN_MS);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
    const body = Readable.fromWeb(response.body);
    body.on("data", () => {
      clearTimeout(timer);
      timer = giveUpIn(NEXT_BYTE_WITHIN_MS);
    });
    body.on("close", () => clearTimeout(timer));
    return body;
  } catch (error) {
    clearTimeout(timer);
    throw error;
  }
}
