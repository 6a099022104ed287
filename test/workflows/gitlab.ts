import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../support/run";

type Words = Record<string, string>;

/** A job of `.gitlab-ci.yml` with all that it extends. */
export interface GitlabJob {
  name: string;
  script: string[];
  environment: string;
  /** What the job calls its environment, or what GitLab concludes from the name. */
  tier: string;
  rules: { if: string; when?: string }[];
  variables: Words;
  audience: string;
  resourceGroup?: string;
  artifacts?: { when: string; paths: string[]; reports: Words };
}

const file = (): any => parse(readFileSync(join(process.cwd(), ".gitlab-ci.yml"), "utf8"));

export const readGitlab = () => {
  const { workflow: _workflow, stages: _stages, variables: _variables, ...all } = file();
  const whole = (job: any): any => (job.extends ? { ...whole(all[job.extends]), ...job } : job);
  const jobs = Object.keys(all)
    .filter((name) => !name.startsWith(".") && whole(all[name]).id_tokens)
    .map((name): GitlabJob => {
      const { script, environment, rules, variables = {}, id_tokens, resource_group, artifacts } = whole(all[name]);
      const audience: string = id_tokens.YC_ID_TOKEN.aud;
      const where: string = environment.name ?? environment;
      const tier: string = environment.deployment_tier ?? "";
      return {
        name,
        script,
        environment: where,
        tier,
        rules,
        variables,
        audience,
        resourceGroup: resource_group,
        artifacts,
      };
    });
  return { jobs };
};

/**
 * The jobs of a pipeline with these predefined and own variables, each with `manual` where somebody has to start it; none
 * where the rules of the workflow make no pipeline. The first rule that fits decides: docs.gitlab.com, "Specify when jobs run
 * with `rules`".
 */
export function jobsOf(variables: Words): string[] {
  const { workflow, stages: _stages, variables: _variables, ...all } = file();
  const fits = (rule: { if: string }): boolean => evaluate(rule.if, variables);
  if (!workflow.rules.some(fits)) return [];
  return Object.keys(all).flatMap((name) => {
    const rule = name.startsWith(".") ? undefined : all[name].rules.find(fits);
    return rule ? [rule.when === "manual" ? `${name} manual` : name] : [];
  });
}

/** GitLab's expressions: an unset variable is null, which equals no text. */
function evaluate(expression: string, variables: Words): boolean {
  const valueOf = (name: string) => JSON.stringify(variables[name] ?? null);
  const script = expression
    .replace(
      /\$(\w+)\s*=~\s*(\/(?:[^/]|\\\/)+\/)/g,
      (_, name: string, pattern: string) => `${pattern}.test(${valueOf(name)})`,
    )
    .replace(/\$(\w+)/g, (_, name: string) => valueOf(name));
  return Boolean(new Function(`return ${script};`)());
}

/** docs.gitlab.com, "Deployment tier of environments". */
const tierOf = (name: string): string =>
  /^(production|prod|live)/.test(name) ? "production" : /^dev/.test(name) ? "development" : "other";

/**
 * Runs a job's script in `folder`. `variables` are those of the pipeline; the runner's machine has `env`, and for the job's
 * environment and its tier `ofEnvironment` has the rest, with the ID token for the audience.
 */
export async function runGitlabJob(
  name: string,
  folder: string,
  variables: Words,
  env: Words,
  ofEnvironment: (environment: { name: string; tier: string }, audience: string) => Words,
) {
  const job = readGitlab().jobs.find((each) => each.name === name)!;
  const known = { CI_SERVER_URL: "https://gitlab.com", CI_PROJECT_PATH: "shop/access", ...variables, ...job.variables };
  const filled = (text: string) =>
    text.replace(/\$(\w+)/g, (_, word: string) => known[word as keyof typeof known] ?? "");
  const environment = { name: filled(job.environment), tier: job.tier || tierOf(filled(job.environment)) };
  const all = { ...env, ...known, ...ofEnvironment(environment, filled(job.audience)) };
  const script = job.script.join("\n");
  const { code, output: log } = await run("bash", ["-eo", "pipefail", "-c", script], { cwd: folder, env: all });
  const paths = [...(job.artifacts?.paths ?? []), ...Object.values(job.artifacts?.reports ?? {})];
  const kept = paths.filter((path) => existsSync(join(folder, path)));
  const artifacts = Object.fromEntries(kept.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
  return { code, log, artifacts };
}
