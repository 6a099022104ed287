import { globSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { digestOf, findPython, inPython, installPythonPackages } from "./install.mjs";
import { go } from "./pulumiBuild.mjs";
import { announce, stop } from "./report.mjs";
import { runVisibly } from "./run.mjs";

/** Checks the files of the CI systems and the shell between their steps; answers 0 if there is nothing to mend. */
export async function lintWorkflows(root) {
  const { actionlint, venv } = await ensureLinters(join(root, "toolchain", "linters"));
  const files = (pattern) => globSync(pattern, { cwd: root }).sort();
  const inSchema = [inPython(venv, "python"), "-m", "check_jsonschema", "--builtin-schema"];
  const checks = [
    [inPython(venv, "shellcheck"), ...files("ci/*.sh"), ".ci/run"],
    [actionlint, ...newer.flatMap((message) => ["-ignore", message])],
    [...inSchema, "vendor.github-workflows", ...files(".github/workflows/*.yml")],
    [...inSchema, "vendor.github-actions", ...files(".github/actions/*/action.yml")],
    // It knows the tags that GitLab adds to YAML.
    [...inSchema, "vendor.gitlab-ci", "--data-transform", "gitlab-ci", ".gitlab-ci.yml"],
  ];
  const codes = [];
  for (const [file, ...args] of checks) codes.push(await runVisibly(file, args, { cwd: root }));
  return codes.find((code) => code !== 0) ?? 0;
}

/** Correct since 2026, but unknown to the newest actionlint, 1.7.12. The schema below knows and checks `queue`. */
const newer = [
  'unexpected key "queue" for "concurrency" section',
  'property "workflow_(repository|sha)" is not defined in object type',
];

/** Installs them in the versions pinned in `folder`, each in the way of its language. */
async function ensureLinters(folder) {
  const python = findPython();
  if (!python) throw stop("python3 is not on PATH: install Python 3.10 or newer with venv, then run this again.");
  const requirements = join(folder, "requirements.txt");
  const venv = await cached(`linters-python-${digestOf([requirements])}`, (draft) =>
    announce("Installing the linters of shell and schemas (20 s).", () =>
      installPythonPackages("the linters", python, requirements, draft, "--only-binary", ":all:"),
    ),
  );
  const name = process.platform === "win32" ? "actionlint.exe" : "actionlint";
  const program = await cached(`linters-go-${digestOf([join(folder, "go.sum")])}`, (draft) =>
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
  return { actionlint: join(program, name), venv };
}
