import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { startClone } from "../commands/clone";
import { quickRuns } from "../support/quickRuns";
import { type Ran, run } from "../support/run";
import { until } from "../support/until";

const root = join(__dirname, "../..");

/** The shell blocks of a page, in its order, by the heading above each. */
export function blocksOf(page: string): Record<string, string> {
  const text = readFileSync(join(root, "docs", page), "utf8");
  const blocks: Record<string, string> = {};
  let heading = "";
  for (const [, title, block] of text.matchAll(/^#+ (.+)$|^ *```sh\n([\s\S]*?)^ *```$/gm)) {
    if (title) heading = title;
    if (block) blocks[heading] = (blocks[heading] ?? "") + block;
  }
  return blocks;
}

/** `npm` for a clone: it runs the commands as they are bundled, without looking for node and modules first. */
export const NPM = `#!/bin/sh
[ "$1" = run ] && shift
[ "$1" = --silent ] && shift
name=$1; shift
[ "$1" = -- ] && shift
exec node -e 'require(process.argv[1]).main(process.argv.slice(2)).then(process.exit, (error) => { console.error(error.message); process.exit(1); })' \\
  "${root}/commands/bin/$name.js" "$@"
`;

const STRICT = ["-e", "-o", "pipefail", "-c"];

/** The passphrase of every stack that a page is tried on. */
export const PASSPHRASE = "the passphrase of before";

/**
 * A clone whose stack dev is on the given cloud, and in which a page's blocks are run as a user would type them. `more` is
 * a line of settings for its application.
 */
export function startReader(cloud: Emulator, more = "") {
  const clone = startClone();
  const bin = join(clone.folder, "shims");
  mkdirSync(bin);
  writeFileSync(join(bin, "npm"), NPM);
  chmodSync(join(bin, "npm"), 0o755);
  writeFileSync(
    join(clone.folder, "stacks", "Pulumi.dev.yaml"),
    `config:\n  yandex:folderId: ${cloud.folderId}\n  yandex-ai-access:apps:\n    shop:\n      capabilities: [textGeneration]\n${more && `      ${more}\n`}`,
  );
  const own = {
    PATH: [bin, process.env.PATH].join(delimiter),
    HOME: clone.folder,
    ...quickRuns(),
    YC_TOKEN: cloud.token,
    YC_ENDPOINT: cloud.endpoint,
    YC_AI_ENDPOINT: cloud.url,
    YC_PLAINTEXT: "true",
    YC_METADATA_ADDR: "127.0.0.1:1",
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
  };
  return Object.assign(clone, {
    /** Stops at the first command that fails. */
    sh: (block: string, env: Record<string, string> = {}) =>
      run("bash", [...STRICT, block], { cwd: clone.folder, env: { ...own, ...env } }),
    /** Runs on beside the test, and is killed with all that it has started where it still runs at the end. */
    start(block: string, env: Record<string, string> = {}) {
      const shell = spawn("bash", [...STRICT, block], {
        cwd: clone.folder,
        env: { ...own, ...env },
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [shell.stdout, shell.stderr]) stream.on("data", (chunk) => (output += chunk));
      const ended = once(shell, "close").then(([code]): Ran => ({ code: code as number, output }));
      const hasEnded = () => shell.exitCode !== null || shell.signalCode !== null;
      return {
        ended,
        said: () => output,
        /** Waits until the condition holds; throws what was said where the run ends before. */
        async until(condition: () => boolean) {
          await until(condition, ended);
          if (hasEnded()) throw new Error(output);
        },
        async [Symbol.asyncDispose]() {
          if (!hasEnded()) process.kill(-shell.pid!, "SIGKILL");
          await ended;
        },
      };
    },
  });
}
