import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../support/run";

type Words = Record<string, string>;

export interface SourcecraftTask {
  name: string;
  env: Words;
  cubes: { name: string; script: string[]; artifacts?: { paths: string[] } }[];
}

interface SourcecraftFile {
  on: Record<"pull_request" | "push" | "schedule", { workflows: string[]; filter?: Record<string, string[]> }[]>;
  tokens: Record<string, { service_connection: string; scope: string }>;
  env: Words;
  workflows: Record<string, { tasks: (string | SourcecraftTask)[] }>;
  tasks: SourcecraftTask[];
}

/** `.sourcecraft/ci.yaml`, with the tasks of a workflow in their places. */
export function readSourcecraft() {
  const file = parse(readFileSync(join(process.cwd(), ".sourcecraft", "ci.yaml"), "utf8")) as SourcecraftFile;
  const tasksOf = (workflow: string): SourcecraftTask[] =>
    file.workflows[workflow]!.tasks.map((each) =>
      typeof each === "string" ? file.tasks.find(({ name }) => name === each)! : each,
    );
  return { ...file, tasksOf };
}

/** Runs a workflow's tasks, each in a folder of its own, with the IAM tokens and secrets that SourceCraft would give. */
export async function runSourcecraft(
  workflow: string,
  checkOut: () => { folder: string } & Disposable,
  env: Words,
  given: { tokens: (connection: string) => string; secrets: Words },
  stack: string,
) {
  const { tasksOf, tokens, env: common } = readSourcecraft();
  const fill = (text: string) =>
    text.replace(/\$\{\{ (tokens|secrets)\.([\w-]+) \}\}/g, (_, kind: string, name: string) =>
      kind === "tokens" ? given.tokens(tokens[name]!.service_connection) : (given.secrets[name] ?? ""),
    );
  let [code, log] = [0, ""];
  for (const task of tasksOf(workflow).filter(({ name }) => name.split("-").includes(stack))) {
    using copy = checkOut();
    const own = Object.entries({ ...common, ...task.env }).map(([name, text]): [string, string] => [name, fill(text)]);
    const { output: commit } = await run("git", ["rev-parse", "HEAD"], { cwd: copy.folder, env });
    const ci = { SOURCECRAFT_CI: "true", SOURCECRAFT_COMMIT_SHA: commit.trim() };
    const where = { cwd: copy.folder, env: { ...env, ...ci, ...Object.fromEntries(own) } };
    for (const line of task.cubes.flatMap(({ script }) => script)) {
      const ran = await run("bash", ["-e", "-c", line], where);
      code ||= ran.code;
      log += ran.output;
    }
  }
  return { code, log };
}
