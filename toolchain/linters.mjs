import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { go } from "./pulumiBuild.mjs";
import { announce, findMissing, lastLine, stop } from "./report.mjs";
import { findOnPath, runQuietly, runVisibly } from "./run.mjs";

const windows = process.platform === "win32";

/** Checks the files of the CI systems and the shell between their steps; answers 0 if there is nothing to mend. */
export async function lintWorkflows(root) {
  const { actionlint, inPython } = await ensureLinters(join(root, "toolchain", "linters"));
  const files = (pattern) => globSync(pattern, { cwd: root }).sort();
  const inSchema = [inPython("python"), "-m", "check_jsonschema", "--builtin-schema"];
  const checks = [
    [inPython("shellcheck"), ...files("ci/*.sh"), ".ci/run"],
    [actionlint],
    [...inSchema, "vendor.github-workflows", ...files(".github/workflows/*.yml")],
    [...inSchema, "vendor.github-actions", ...files(".github/actions/*/action.yml")],
    // It knows the tags that GitLab adds to YAML.
    [...inSchema, "vendor.gitlab-ci", "--data-transform", "gitlab-ci", ".gitlab-ci.yml"],
  ];
  const codes = [];
  for (const [file, ...args] of checks) codes.push(await runVisibly(file, args, { cwd: root }));
  return codes.find((code) => code !== 0) ?? 0;
}

/** Installs them in the versions pinned in `folder`, each in the way of its language. */
async function ensureLinters(folder) {
  const python = findOnPath("python3") ?? findOnPath("python");
  if (!python) throw stop("python3 is not on PATH: install Python 3.10 or newer with venv, then run this again.");
  const venv = await cached(`linters-python-${digest(join(folder, "requirements.txt"))}`, (draft) =>
    announce("Installing the linters of shell and schemas (20 s).", async () => {
      await run(python, ["-m", "venv", draft]);
      const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:"];
      const requirements = ["--requirement", join(folder, "requirements.txt")];
      await run(inside(draft, "python"), ["-m", "pip", "install", ...quiet, ...requirements]);
    }),
  );
  const name = windows ? "actionlint.exe" : "actionlint";
  const program = await cached(`linters-go-${digest(join(folder, "go.sum"))}`, (draft) =>
    announce("Building the linter of workflows (1 minute).", () =>
      go(
        folder,
        [
          "build",
          "-buildvcs=false",
          "-mod=readonly",
          "-o",
          join(draft, name),
          "github.com/rhysd/actionlint/cmd/actionlint",
        ],
        "building the linter of workflows",
      ),
    ),
  );
  return { actionlint: join(program, name), inPython: (tool) => inside(venv, tool) };
}

const inside = (venv, tool) => (windows ? join(venv, "Scripts", `${tool}.exe`) : join(venv, "bin", tool));

const digest = (file) => createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);

async function run(file, args) {
  const { code, output } = await runQuietly(file, args);
  if (code === 0) return;
  throw stop(
    `Installing the linters did not succeed (${findMissing(output) ?? lastLine(output)}): see to that, then run this again.`,
  );
}
