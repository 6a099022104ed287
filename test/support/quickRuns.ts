import { mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** A short run of the CLI ends before it has to collect garbage, which takes an eighth of its time. */
export const NO_COLLECTION = { GOGC: "off", GOMEMLIMIT: "512MiB" };

/**
 * The environment in which programs that the tests start lose no time. Node and the transpiler keep what they have compiled in
 * a folder of the user, and check it against the code. `pulumi up` and `destroy` do not preview first; a test that reads
 * such a preview switches it on again.
 */
export const quickRuns = () => ({
  NODE_COMPILE_CACHE: kept("modules"),
  TS_NODE_CACHE_DIRECTORY: kept("programs"),
  PULUMI_OPTION_SKIP_PREVIEW: "true",
  ...NO_COLLECTION,
});

function kept(name: string): string {
  const folder = join(tmpdir(), `yandex-ai-access-compiled-${userInfo().username}`, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
