import { renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { cached } from "./cache.mjs";
import { announce, findMissing, lastLine, stop } from "./report.mjs";
import { installOptions, requireNpm, runQuietly } from "./run.mjs";
import { atLeast, oldest, pinned } from "./versions.mjs";

/**
 * The node to work with: the one that runs this, if it is new enough, else the pinned LTS release, which the npm
 * registry serves as a package per platform. So a machine that reaches nothing but an npm registry will do.
 */
export async function ensureNode() {
  if (atLeast(process.versions.node, oldest.node)) return process.execPath;
  const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = await cached(`node-${pinned.node}-${platform}`, (draft) => fetchNode(platform, draft));
  return join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
}

async function fetchNode(platform, draft) {
  const npm = requireNpm();
  const name = `node-${platform}`;
  const { code, output } = await announce(
    `Fetching Node.js ${pinned.node}, because ${oldest.node} or newer is needed and this is ${process.versions.node} (10 s, once per machine).`,
    () =>
      runQuietly(
        npm.file,
        [...npm.args, "install", "--prefix", draft, "--no-save", ...installOptions, `${name}@${pinned.node}`],
        { ...npm.options, cwd: draft, env: withoutProject(process.env) },
      ),
  );
  if (code !== 0) {
    const reason = findMissing(output) ?? lastLine(output);
    throw stop(
      `Node.js ${pinned.node} could not be fetched from the npm registry (${reason}): install Node.js ${oldest.node} or newer, then run this again.`,
    );
  }
  renameSync(join(draft, "node_modules", name, "bin"), join(draft, "bin"));
}

/** `npm run` tells its children which project they belong to; this installation belongs to none. */
function withoutProject(env) {
  const { npm_config_local_prefix: _project, npm_config_prefix: _global, ...rest } = env;
  return { ...rest, PATH: [dirname(process.execPath), env.PATH].join(process.platform === "win32" ? ";" : ":") };
}
