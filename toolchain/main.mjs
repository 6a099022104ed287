// `npm run <task>` for a machine that has nothing but npm and some node: gets what the task needs, then runs it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ensureModules } from "./modules.mjs";
import { ensureNode } from "./node.mjs";
import { say, stop } from "./report.mjs";
import { putOnPath, runVisibly } from "./run.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tool = (file, ...args) => node(join(root, "node_modules", file), ...args);
const node = (...args) => runVisibly(process.execPath, args, { cwd: root });
const jest = (...args) => {
  shiftClock(process.env.TEST_NOW);
  // Much that is new and soon forgotten: with more room for it, a tenth less of the workers' time goes into collecting it.
  return node("--max-semi-space-size=64", join(root, "node_modules/jest/bin/jest.js"), ...args);
};
const eslint = (...args) => tool("eslint/bin/eslint.js", ...args);
const prettier = (...args) => tool("prettier/bin/prettier.cjs", ...args);

const programs = ["provider", "emulator"];
const commands = [
  "start",
  "destroy",
  "pulumi",
  "emulator",
  "env",
  "review",
  "drift",
  "doctor",
  "inventory",
  "adopt",
  "revoke",
  "live",
].map((name) => `commands/${name}`);

/**
 * What a task needs before it runs: bundles, the Pulumi CLI. `command` tasks run commands/<name>.ts, others `run`.
 */
const tasks = {
  start: { command: true, bundles: programs, cli: true },
  destroy: { command: true, bundles: programs, cli: true },
  pulumi: { command: true, bundles: programs, cli: true },
  emulator: { command: true, bundles: ["emulator"] },
  env: { command: true, cli: true },
  doctor: { command: true, cli: true },
  review: { command: true, bundles: programs, cli: true },
  drift: { command: true, bundles: programs, cli: true },
  adopt: { command: true },
  revoke: { command: true, bundles: programs, cli: true },
  inventory: { command: true },
  live: { command: true },
  "live --acceptance": { command: true, bundles: [...programs, ...commands], cli: true },
  test: {
    bundles: [...programs, "languages", ...commands, "test/fuzz/main", "testing", "testing/main"],
    cli: true,
    run: test,
  },
  "test --quick": { run: (...args) => jest(...args, "--selectProjects", "quick") },
  conformance: { bundles: ["emulator"], run: conformance },
  fuzz: {
    bundles: ["emulator", "test/fuzz/main"],
    run: (...args) => runVisibly(process.execPath, [join(root, "test/fuzz/bin/main.js"), ...args], { cwd: root }),
  },
  bench: {
    bundles: [...programs, "nothing", "bench/main"],
    cli: true,
    run: (...args) => runVisibly(process.execPath, [join(root, "bench/bin/main.js"), ...args], { cwd: root }),
  },
  build: { bundles: [...programs, "languages", ...commands], run: () => 0 },
  package: { bundles: ["provider", "languages", "testing", "testing/main"], run: release },
  generate: { run: generate },
  record: { bundles: programs, cli: true, run: record },
  lint: { run: (...args) => eslint("--max-warnings=0", ...(args.length ? args : ["."])) },
  "lint:workflows": { run: workflows },
  types: { run: (...args) => tool("typescript/bin/tsc", "--noEmit", ...args) },
  format: { run: (...args) => prettier("--write", ...(args.length ? args : ["."])) },
  check: { run: check },
};

async function main(argv) {
  const [name, ...args] = taskOf(argv);
  const task = tasks[name];
  if (!task)
    throw stop(`There is no task ${JSON.stringify(name ?? "")}: choose one of ${Object.keys(tasks).join(", ")}.`);
  if (task.command) refuseKeptOption(name, args);
  const node = await ensureNode();
  putOnPath(dirname(node));
  if (node !== process.execPath) return runVisibly(node, process.argv.slice(1));

  await ensureModules(root);
  const { compileSdk } = await import("./sdk.mjs");
  await compileSdk(root);
  const isHelp = task.command && name !== "pulumi" && args.some((arg) => arg === "--help" || arg === "-h");
  if (task.cli && !isHelp) {
    const { ensurePulumi } = await import("./pulumi.mjs");
    putOnPath(await ensurePulumi());
  }
  const wanted = [...((!isHelp && task.bundles) || []), ...(task.command ? [`commands/${name.split(" ")[0]}`] : [])];
  if (wanted.length === 0) return task.run(...args);
  const { bundle } = await import("./bundle.mjs");
  const made = await bundle(root, wanted);
  if (!task.command) return task.run(...args);
  process.chdir(root);
  const command = await import(pathToFileURL(made.at(-1)));
  return command.default.main(args);
}

/** Some options make another task, which needs less, or more. */
function taskOf([name, ...args]) {
  if (name === "test" && args.includes("--quick")) return ["test --quick", ...args.filter((arg) => arg !== "--quick")];
  return [name === "live" && args.includes("--acceptance") ? "live --acceptance" : name, ...args];
}

/** What stands before `--` goes to npm, and the task would work on stack local, whichever was meant. */
function refuseKeptOption(task, args) {
  const { npm_config_stack: kept } = process.env;
  if (kept === undefined) return;
  const stack = kept === "true" ? (args.at(-1) ?? "<name>") : kept;
  const run = task === "start" ? "npm start" : `npm run ${task}`;
  throw stop(`npm kept --stack for itself, so nothing was done: write -- before it, as in ${run} -- --stack ${stack}`);
}

async function test(...args) {
  const { ensureBrowser } = await import("./browser.mjs");
  await ensureBrowser(root);
  const selected = [...args, "--selectProjects", "quick", "engine"];
  const isForAll = args.every((arg) => arg.startsWith("-"));
  if (!isForAll) return jest(...selected);
  const { ensureLanguages } = await import("./languageHosts.mjs");
  await ensureLanguages();
  return withRelease(() => jest(...selected));
}

/** Several files of tests install a release: it is made once for all of them. */
async function withRelease(run) {
  const { makeRelease } = await import("./release.mjs");
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  try {
    await makeRelease(root, folder);
    process.env.TEST_RELEASE = folder;
    return await run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets the tests live at another moment, an ISO timestamp, from where their time goes on. */
function shiftClock(moment) {
  if (!moment) return;
  const offset = Date.parse(moment) - Date.now();
  if (Number.isNaN(offset))
    throw stop(`TEST_NOW is ${JSON.stringify(moment)}, which must be a timestamp such as 2028-02-29T00:30:00Z.`);
  process.env.TEST_CLOCK_OFFSET_MS = String(offset);
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(join(root, "test/support/shiftedClock.js"))}`;
}

/** The emulator against clients that others wrote. */
async function conformance(...args) {
  const { ensureClients } = await import("./clients.mjs");
  Object.assign(process.env, await ensureClients(root));
  return jest(...args, "--selectProjects", "conformance");
}

/** What runs on CI systems. A task of its own, because its linters need Python and Go. */
async function workflows() {
  const { lintWorkflows } = await import("./workflowLinters.mjs");
  return lintWorkflows(root);
}

/** What others install, in dist. */
async function release() {
  const { makeRelease } = await import("./release.mjs");
  const folder = join(root, "dist");
  const names = await makeRelease(root, folder);
  say(`Written to ${folder}: ${names.length} archives and schemas, and SHA256SUMS with their names.`);
  return 0;
}

async function generate(...args) {
  const { generate } = await import("./generated.mjs");
  const { compileSdk } = await import("./sdk.mjs");
  await generate(root, { check: args.includes("--check") });
  await compileSdk(root);
  return 0;
}

/** Writes the files that no build writes: `descriptors`, or the state of this version, on which later ones are tested. */
async function record(what) {
  if (what === "descriptors") {
    const { writeDescriptors } = await import("./descriptors.mjs");
    return writeDescriptors(root);
  }
  process.env.RECORD_STATE = "1";
  return jest("test/upgrade/recorded", "--testNamePattern", "are recorded");
}

/** All steps, so that one run shows every mistake: the rules, which take longest, beside the others. */
async function check() {
  const kept = (name) => join(root, "node_modules/.cache", name);
  const step = async (name, run) => {
    const began = Date.now();
    const code = await run();
    console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${Math.round((Date.now() - began) / 1000)} s)`);
    return code;
  };
  console.log("Checking rules (ESLint), types (TypeScript), format (Prettier) and generated files.");
  // A rule may also look at other files than its own, which only a run without a cache, as in CI, sees again.
  const cached = ["--cache", "--cache-strategy", "content", "--cache-location"];
  const rules = step("rules", () => eslint("--max-warnings=0", ...cached, kept("rules"), "."));
  const codes = [
    await step("types", () => tasks.types.run("--incremental", "--tsBuildInfoFile", kept("types.tsbuildinfo"))),
    await step("format", () => prettier("--check", "--log-level", "warn", ...cached, kept("format"), ".")),
    await step("generated files", () =>
      generate("--check").then(
        (code) => code,
        (error) => {
          say(error.message);
          return 1;
        },
      ),
    ),
    await step("words", async () => (await import("./words.js")).default.lintWords(root)),
    await rules,
  ];
  return codes.find((code) => code !== 0) ?? 0;
}

main(process.argv.slice(2)).then(
  // Connections that are kept alive for a next request would keep this process, too.
  (code) => process.exit(code),
  (error) => {
    say(error.message);
    process.exitCode = 1;
  },
);
