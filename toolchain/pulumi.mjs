import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { cached, findCached } from "./cache.mjs";
import { buildPulumi } from "./pulumiBuild.mjs";
import { downloadPulumi } from "./pulumiDownload.mjs";
import { findOnPath, runQuietly } from "./run.mjs";
import { atLeast, oldest, pinned, released } from "./versions.mjs";

/**
 * The folder of a Pulumi CLI with its Node.js language host: the one on PATH if it is new enough, else the one in the
 * cache, else the official release if its hash is the recorded one, else a build from the Go modules, which go.sum protects.
 */
export async function ensurePulumi() {
  const found = await findUsable();
  if (found) return found;
  const [built, official] = [pinned, released].map((of) => `pulumi-${of.pulumi}-${process.platform}-${process.arch}`);
  const folder =
    findCached(built) ??
    (await cached(official, (draft) => downloadPulumi(join(draft, "bin")))) ??
    (await cached(built, (draft) => buildPulumi(join(draft, "bin"))));
  return join(folder, "bin");
}

async function findUsable() {
  const cli = findOnPath("pulumi");
  if (!cli) return undefined;
  const host = process.platform === "win32" ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs";
  if (!existsSync(join(dirname(cli), host)) && !findOnPath("pulumi-language-nodejs")) return undefined;
  const { code, output } = await runQuietly(cli, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return code === 0 && atLeast(output.trim(), oldest.pulumi) ? dirname(cli) : undefined;
}
