import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { cached } from "./cache.mjs";
import { buildPulumi } from "./pulumiBuild.mjs";
import { downloadPulumi } from "./pulumiDownload.mjs";
import { findOnPath, runQuietly } from "./run.mjs";
import { atLeast, oldest, pinned } from "./versions.mjs";

/**
 * The folder of a Pulumi CLI with its Node.js language host: the one on PATH if it is new enough, else the pinned
 * release from the cache, which is filled by the official download or, where that is out of reach, by a build from
 * the Go modules.
 */
export async function ensurePulumi() {
  const found = await findUsable();
  if (found) return found;
  const folder = await cached(`pulumi-${pinned.pulumi}-${process.platform}-${process.arch}`, async (draft) => {
    if (!(await downloadPulumi(join(draft, "bin")))) await buildPulumi(join(draft, "bin"));
  });
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
