import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const root = process.cwd();

/** What a run of the program needs, and what only building needs, which checkouts share with this one. */
const TRACKED = [
  "Pulumi.yaml",
  "package.json",
  "tsconfig.json",
  ".gitignore",
  "index.ts",
  "components",
  "ci",
  "toolchain/proxy.mjs",
  "toolchain/retry.mjs",
  "policy",
];
const SHARED = ["node_modules", "provider", "emulator"];

/** Nothing of the machine's own settings of git. */
export const GIT_ENV = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Somebody",
  GIT_AUTHOR_EMAIL: "somebody@example.com",
  GIT_COMMITTER_NAME: "Somebody",
  GIT_COMMITTER_EMAIL: "somebody@example.com",
};

/** A repository of this project below `folder`, without stacks, to which others push. */
export function startRepository(folder: string) {
  const origin = join(folder, "origin.git");
  const git = (cwd: string, ...args: string[]): void =>
    void execFileSync("git", args, { cwd, env: { PATH: process.env.PATH, ...GIT_ENV }, stdio: "pipe" });

  const first = join(folder, "first");
  mkdirSync(join(first, "stacks"), { recursive: true });
  const sources = readdirSync(join(root, "stacks")).filter((name) => name.endsWith(".ts"));
  for (const name of [...TRACKED, ...sources.map((source) => join("stacks", source))])
    cpSync(join(root, name), join(first, name), { recursive: true });
  git(first, "init", "--quiet", "--initial-branch", "main");
  git(first, "add", ".");
  git(first, "commit", "--quiet", "--message", "The project");
  git(folder, "clone", "--quiet", "--bare", first, origin);
  rmSync(first, { recursive: true });

  /** A branch in a folder of its own, which goes away with what uses it. */
  function checkOut(branch = "main") {
    const copy = mkdtempSync(join(folder, "checkout-"));
    git(copy, "clone", "--quiet", "--branch", branch, origin, ".");
    for (const name of SHARED) symlinkSync(join(root, name), join(copy, name));
    return { folder: copy, [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 }) };
  }

  return {
    origin,
    checkOut,
    /** Puts a change of `main` on a branch, which is `main` itself unless it is only proposed. */
    async commit(message: string, change: (folder: string) => unknown, branch = "main") {
      using copy = checkOut();
      await change(copy.folder);
      git(copy.folder, "add", "stacks", "ci");
      git(copy.folder, "commit", "--quiet", "--message", message);
      git(copy.folder, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
    },
    merge(branch: string) {
      using copy = checkOut();
      git(copy.folder, "merge", "--quiet", `origin/${branch}`);
      git(copy.folder, "push", "--quiet", "origin", "main");
    },
  };
}
