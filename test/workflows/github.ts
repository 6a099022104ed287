import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../support/run";

/** What makes workflows run, with the context `github` and, by hand, what was typed in. */
export interface Event {
  name: "pull_request" | "push" | "schedule" | "workflow_dispatch";
  github?: object;
  inputs?: Record<string, string>;
}

/** The part of GitHub that a repository sets up, and the machines that run its jobs. */
export interface Runner {
  /** Variables and secrets by the name of the environment. */
  environments: Record<string, { vars: Record<string, string>; secrets: Record<string, string> }>;
  /** A folder with what the event is about, for one job. */
  checkOut(): { folder: string } & Disposable;
  /** What every machine has. */
  env: Record<string, string>;
  /** What a job of an environment is given besides, if it may ask for its ID token. */
  identity(environment: string | undefined): Record<string, string>;
}

export interface Job {
  /** `review (dev)`, or `dev / run` of a workflow that is called. */
  name: string;
  environment?: string;
  code: number;
  /** All that its steps said, with the masked values replaced, as GitHub shows it. */
  log: string;
}

type Words = Record<string, string>;
type Contexts = Record<string, unknown>;
type Rights = Words | undefined;

interface Step extends Partial<Record<"uses" | "run" | "if", string>> {
  env?: Words;
}

interface JobFile {
  needs?: string | string[];
  if?: string;
  strategy?: { matrix: Record<string, string[]> };
  uses?: string;
  with?: Words;
  environment?: string;
  permissions?: Words;
  env?: Words;
  steps?: Step[];
}

interface WorkflowFile {
  on: string | Record<string, unknown>;
  permissions?: Words;
  jobs: Record<string, JobFile>;
}

/**
 * Runs what a file of `.github/workflows` does at an event: its jobs one after the other, with the steps that are shell.
 * Actions of others are passed over, except the checkout. Understands what these files use, and throws at anything else.
 */
export async function runWorkflow(file: string, event: Event, runner: Runner): Promise<Job[]> {
  const workflow = read<WorkflowFile>(join(".github", "workflows", file));
  const isMeant = typeof workflow.on === "string" ? workflow.on === event.name : event.name in workflow.on;
  if (!isMeant) return [];
  return runJobs(workflow, { github: { token: "github-token", ...event.github }, inputs: event.inputs ?? {} }, runner);
}

async function runJobs({ jobs, permissions }: WorkflowFile, contexts: Contexts, runner: Runner, callers?: Rights) {
  const done: Job[] = [];
  const missing = new Set<string>();
  for (const [id, job] of Object.entries(jobs)) {
    const blocked = [job.needs ?? []].flat().some((each) => missing.has(each));
    if (blocked || (job.if !== undefined && !evaluate(job.if, contexts))) {
      missing.add(id);
      continue;
    }
    for (const matrix of combinations(job.strategy?.matrix ?? {})) {
      const name = Object.values(matrix).length > 0 ? `${id} (${Object.values(matrix).join(", ")})` : id;
      const rights = bothAllow(job.permissions ?? permissions, callers);
      const ran = await runJob(name, job, { ...contexts, matrix }, runner, rights);
      done.push(...ran);
      if (ran.some(({ code }) => code !== 0)) missing.add(id);
    }
  }
  return done;
}

async function runJob(name: string, job: JobFile, contexts: Contexts, runner: Runner, rights: Rights): Promise<Job[]> {
  if (job.uses) {
    const called = read<WorkflowFile>(job.uses);
    const inputs = fillAll(job.with ?? {}, contexts);
    const jobs = await runJobs(called, { ...contexts, inputs }, runner, rights);
    return jobs.map((each) => ({ ...each, name: `${name} / ${each.name}` }));
  }
  const environment = job.environment && fill(job.environment, contexts);
  const known = { ...contexts, ...(runner.environments[environment ?? ""] ?? { vars: {}, secrets: {} }) };
  using checkout = runner.checkOut();
  const variables = join(checkout.folder, ".github-env");
  writeFileSync(variables, "");
  const env = {
    ...runner.env,
    ...(rights?.["id-token"] === "write" && runner.identity(environment)),
    GITHUB_ENV: variables,
    ...fillAll(job.env ?? {}, known),
  };
  let [code, log] = [0, ""];
  for (const step of shellSteps(job.steps ?? [])) {
    if (code !== 0 && step.if !== "always()") continue;
    const own = { ...env, ...linesOf(variables), ...fillAll(step.env ?? {}, known) };
    const ran = await run("bash", ["-eo", "pipefail", "-c", step.run ?? ""], { cwd: checkout.folder, env: own });
    code ||= ran.code;
    log += ran.output;
  }
  rmSync(variables);
  return [{ name, environment, code, log: masked(log) }];
}

/** Those of the repository's own actions stand in their place. */
const shellSteps = (steps: Step[]): Step[] =>
  steps.flatMap((step) => {
    if (step.run) return step;
    if (!step.uses?.startsWith("./")) return [];
    return shellSteps(read<{ runs: { steps: Step[] } }>(join(step.uses, "action.yml")).runs.steps);
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

const bothAllow = (rights: Rights, callers: Rights): Rights =>
  callers
    ? Object.fromEntries(Object.entries(rights ?? {}).filter(([name, value]) => callers[name] === value))
    : rights;

const fillAll = (texts: Words, contexts: Contexts): Words =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text, contexts)]));

const fill = (text: string, contexts: Contexts): string =>
  text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, contexts) ?? ""));

/** The expressions of GitHub that are used here mean the same in JavaScript. */
function evaluate(expression: string, contexts: Contexts): unknown {
  const known = {
    ...contexts,
    format: (text: string, ...values: string[]) =>
      text.replace(/\{(\d)\}/g, (_, place: string) => values[+place] ?? ""),
  };
  return new Function(...Object.keys(known), `return ${expression};`)(...Object.values(known)) as unknown;
}
