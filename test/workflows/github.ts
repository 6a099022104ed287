import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../support/run";
import type { Concurrency, GithubContext, Rights, Words } from "./githubRules";
import { rightsOf, rightsOfCalled, seesSecrets } from "./githubRules";

/** What makes workflows run, with the context `github` and, by hand, what was typed in. */
export interface Event {
  name: "pull_request" | "merge_group" | "push" | "schedule" | "workflow_dispatch";
  github?: GithubContext;
  inputs?: Words;
}

/** The part of GitHub that a repository sets up, and the machines that run its jobs. */
export interface Runner {
  /** Variables and secrets by the name of the environment. */
  environments: Record<string, { vars: Words; secrets: Words }>;
  /** A folder with what the event is about, for one job; or another repository. */
  checkOut(repository: string): { folder: string } & Disposable;
  /** What every machine has. */
  env: Words;
  /** What a job of an environment is given besides, if it may ask for its ID token. */
  identity(environment: string | undefined): Words;
}

export interface Job {
  /** `review (dev)`, or `dev / run` of a workflow that is called. */
  name: string;
  environment?: string;
  code: number;
  /** All that its steps said, with the masked values replaced, as GitHub shows it. */
  log: string;
  /** What stands on the page of the run. */
  summary: string;
}

type Contexts = Record<string, unknown> & { github: GithubContext };

interface Step extends Partial<Record<"id" | "uses" | "run" | "if" | "shell", string>> {
  env?: Words;
  with?: Words;
}

interface JobFile {
  needs?: string | string[];
  if?: string;
  strategy?: { matrix: Record<string, string[]> };
  uses?: string;
  with?: Words;
  secrets?: "inherit" | Words;
  environment?: string;
  concurrency?: Concurrency;
  permissions?: Words;
  env?: Words;
  steps?: Step[];
}

export interface WorkflowFile {
  on: string | Record<string, unknown>;
  permissions?: Words;
  jobs: Record<string, JobFile>;
}

/** Where this repository's workflows are called from, and what a caller hands on. */
interface Caller {
  rights: Rights;
  handsOnSecrets: boolean;
}

/** The name of this repository on the simulated GitHub. */
export const HERE = "shop/access";

/**
 * Runs what a workflow does at an event: its jobs one after the other, with the steps that are shell. `file` is the name
 * of one in `.github/workflows`, or the text of another repository's. Actions of others are skipped, except the
 * checkout. Understands what these files use, and throws at anything else.
 */
export async function runWorkflow(file: string, event: Event, runner: Runner): Promise<Job[]> {
  const workflow = file.includes("\n") ? (parse(file) as WorkflowFile) : readWorkflow(file);
  const isMeant = typeof workflow.on === "string" ? workflow.on === event.name : event.name in workflow.on;
  if (!isMeant) return [];
  const github = { repository: HERE, token: "github-token", event_name: event.name, ...event.github };
  return runJobs(workflow, { github, inputs: event.inputs ?? {} }, runner);
}

export const readWorkflow = (name: string): WorkflowFile => read(join(".github", "workflows", name));

async function runJobs({ jobs, permissions }: WorkflowFile, contexts: Contexts, runner: Runner, caller?: Caller) {
  const done: Job[] = [];
  const missing = new Set<string>();
  for (const [id, job] of Object.entries(jobs)) {
    const blocked = [job.needs ?? []].flat().some((each) => missing.has(each));
    // One that is skipped reports a success under its bare name: its matrix is not expanded.
    if (blocked || (job.if !== undefined && !evaluate(job.if, contexts))) {
      missing.add(id);
      continue;
    }
    for (const matrix of combinations(job.strategy?.matrix ?? {})) {
      const name = Object.values(matrix).length > 0 ? `${id} (${Object.values(matrix).join(", ")})` : id;
      const asked = job.permissions ?? permissions;
      const rights = caller ? rightsOfCalled(asked, caller.rights) : asked;
      const ran = await runJob(name, job, { ...contexts, matrix }, runner, { ...caller, rights });
      done.push(...ran);
      if (ran.some(({ code }) => code !== 0)) missing.add(id);
    }
  }
  return done;
}

/**
 * A workflow that is called sees the variables of the environment of its job, but its secrets only where each caller says
 * `secrets: inherit`: github.com/actions/runner/issues/1490, docs.github.com "Reusing workflow configurations".
 */
async function runJob(
  name: string,
  job: JobFile,
  contexts: Contexts,
  runner: Runner,
  { rights, handsOnSecrets = true }: Partial<Caller>,
): Promise<Job[]> {
  if (job.uses) {
    const called = read<WorkflowFile>(job.uses.replace(/^[\w-]+\/[\w.-]+\//, "").replace(/@.*/, ""));
    const inputs = fillAll(job.with ?? {}, contexts);
    const caller = { rights, handsOnSecrets: handsOnSecrets && job.secrets === "inherit" };
    const jobs = await runJobs(called, { ...contexts, inputs }, runner, caller);
    return jobs.map((each) => ({ ...each, name: `${name} / ${each.name}` }));
  }
  const environment = job.environment && fill(job.environment, contexts);
  const { vars = {}, secrets = {} } = runner.environments[environment ?? ""] ?? {};
  const visible = handsOnSecrets && seesSecrets(contexts.github) ? secrets : {};
  const workflow = { workflow_repository: HERE, workflow_sha: "0000000000000000000000000000000000000001" };
  const known = { ...contexts, vars, secrets: visible, job: workflow };
  const env = {
    ...runner.env,
    ...(rightsOf(rights, contexts.github)?.["id-token"] === "write" && runner.identity(environment)),
    ...fillAll(job.env ?? {}, known),
  };
  const { code, log, summary } = await runSteps(job.steps ?? [], known, env, runner);
  return [{ name, environment, code, log: masked(log), summary }];
}

async function runSteps(all: Step[], contexts: Contexts, base: Words, runner: Runner) {
  const where = mkdtempSync(join(tmpdir(), "github-"));
  const files = { GITHUB_ENV: join(where, "env"), GITHUB_STEP_SUMMARY: join(where, "summary") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  await using parts = new AsyncDisposableStack();
  parts.defer(() => rmSync(where, { recursive: true, force: true }));
  const repositoryOf = (step: Step | undefined) =>
    fill(step?.with?.repository ?? "", contexts) || contexts.github.repository!;
  const { folder } = parts.use(runner.checkOut(repositoryOf(all.find(isCheckout))));

  let [code, log] = [0, ""];
  const outcomes: Record<string, { outcome: string }> = {};

  async function runAll(steps: Step[]): Promise<void> {
    for (const step of steps) {
      const env = { ...base, ...files, ...linesOf(files.GITHUB_ENV) };
      const known = { ...contexts, env, steps: outcomes, ...statusOf(code) };
      const isMeant = evaluate(step.if ?? "success()", known);
      const before = code;
      if (!isMeant || (code !== 0 && !/always\(|cancelled\(|failure\(/.test(step.if ?? ""))) {
        if (step.id) outcomes[step.id] = { outcome: "skipped" };
        continue;
      }
      if (isCheckout(step) && step.with?.path)
        symlinkSync(parts.use(runner.checkOut(repositoryOf(step))).folder, join(folder, step.with.path));
      if (step.uses?.startsWith("./"))
        await runAll(read<{ runs: { steps: Step[] } }>(join(step.uses, "action.yml")).runs.steps);
      if (step.run) {
        const own = { ...env, ...fillAll(step.env ?? {}, known) };
        const ran = await run("bash", [...shellOf(step), "-c", fill(step.run, known)], { cwd: folder, env: own });
        code ||= ran.code;
        log += ran.output;
      }
      if (step.id) outcomes[step.id] = { outcome: code === before ? "success" : "failure" };
    }
  }
  await runAll(all);
  return { code, log, summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8") };
}

/** A failure in a pipe counts only where the step names its shell: docs.github.com, "Workflow syntax", `steps[*].shell`. */
const shellOf = ({ shell }: Step): string[] => [
  "--noprofile",
  "--norc",
  ...(shell === "bash" ? ["-eo", "pipefail"] : ["-e"]),
];

const isCheckout = ({ uses }: Step): boolean => uses?.startsWith("actions/checkout@") ?? false;

const statusOf = (code: number) => ({
  success: () => code === 0,
  failure: () => code !== 0,
  always: () => true,
  cancelled: () => false,
});

const MASK = /^::add-mask::(.*)\n/gm;

function masked(log: string): string {
  const secrets = Array.from(log.matchAll(MASK), ([, secret = ""]) => secret);
  return secrets.reduce((text, secret) => text.replaceAll(secret, "***"), log.replace(MASK, ""));
}

const linesOf = (file: string): Words =>
  Object.fromEntries(
    Array.from(readFileSync(file, "utf8").matchAll(/^(\w+)=(.*)$/gm), ([, name, value]) => [name, value]),
  );

const read = <T>(path: string): T => parse(readFileSync(join(process.cwd(), path), "utf8")) as T;

/** All of a matrix, each with one value of every name. */
const combinations = (matrix: Record<string, string[]>): Words[] =>
  Object.entries(matrix).reduce<Words[]>(
    (all, [name, values]) => all.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );

const fillAll = (texts: Words, contexts: object): Words =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(String(text), contexts)]));

export const fill = (text: string, contexts: object): string =>
  text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => String(evaluate(expression, contexts) ?? ""));

/** The expressions of GitHub that are used here mean the same in JavaScript, but that what is absent has no properties. */
function evaluate(expression: string, contexts: object): unknown {
  const known = {
    ...contexts,
    format: (text: string, ...values: string[]) =>
      text.replace(/\{(\d)\}/g, (_, place: string) => values[+place] ?? ""),
  };
  const safe = expression
    .replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1")
    .split("'")
    .map((part, place) => (place % 2 === 0 ? part.replace(/\.(?=[a-z_])/gi, "?.") : part))
    .join("'");
  return new Function(...Object.keys(known), `return ${safe.replace(/\s+/g, " ")};`)(
    ...Object.values(known),
  ) as unknown;
}
