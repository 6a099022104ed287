import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../stack/environment";
import type { Finding } from "./finding";
import { ok, problem, warning } from "./finding";

const PAGE = "See docs/workflows.md, Setting it up.";

/** What can be checked from inside a job of a CI system: by the scripts that its jobs run, and without a change. */
export function checkJob(env: Environment): Finding[] {
  return [checkSystem(env), checkFork(env), checkBackend(env), checkPassphrase(env), ...checkSignIn(env)];
}

function checkSystem(env: Environment): Finding {
  const systems = { GITHUB_ACTIONS: "GitHub", GITLAB_CI: "GitLab", SOURCECRAFT_CI: "SourceCraft" };
  const name = Object.entries(systems).find(([variable]) => env[variable])?.[1];
  if (name) return ok(`This is a job of ${name}.`);
  return warning(
    "This is not a job of GitHub, GitLab or SourceCraft.",
    "Run it in a job, where the identity is the job's.",
  );
}

/** A fork's job gets no identity; where one does, the system is set up to give a stranger's code the accounts of the team. */
function checkFork(env: Environment): Finding {
  const [own, source] = env.GITLAB_CI
    ? [env.CI_PROJECT_ID, env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID]
    : [env.GITHUB_REPOSITORY, readGithubSource(env)];
  if (!source || source === own) return ok("The change does not come from a fork.");
  return problem(`The change comes from the fork ${source}.`, "Run this on a branch of the repository itself.");
}

function readGithubSource({ GITHUB_EVENT_PATH: file }: Environment): string | undefined {
  if (!file) return undefined;
  const event = JSON.parse(readFileSync(file, "utf8")) as {
    pull_request?: { head: { repo: { full_name: string } | null } };
  };
  return event.pull_request && (event.pull_request.head.repo?.full_name ?? "that was deleted");
}

function checkBackend({ PULUMI_BACKEND_URL: backend }: Environment): Finding {
  if (!backend)
    return problem("PULUMI_BACKEND_URL is not set, so the state would be lost with the job's machine.", PAGE);
  if (backend.startsWith("file:"))
    return problem("The state is in a folder of the job's machine and would be lost with it.", PAGE);
  return ok("The state is kept outside of the job's machine.");
}

function checkPassphrase(env: Environment): Finding {
  const inLockbox = Boolean(env.YC_PASSPHRASE_SECRET_ID);
  // The sign-in sets the variable from Lockbox, so that both are set in a job that has signed in.
  if (inLockbox) return ok(`The passphrase is that of secret ${env.YC_PASSPHRASE_SECRET_ID} in Lockbox.`);
  if (env.PULUMI_CONFIG_PASSPHRASE) return ok("The passphrase is a secret of the CI system.");
  const cause = env.GITHUB_ACTIONS ? " A workflow that calls another one must say `secrets: inherit`." : "";
  return problem(`The job has no passphrase: PULUMI_CONFIG_PASSPHRASE is empty.${cause}`, PAGE);
}

/** The subject that the job shows, and the exchange for a token. Nothing of the tokens is printed or kept. */
function checkSignIn(env: Environment): Finding[] {
  if (env.YC_IAM_TOKEN) return [ok("The service connection gives the job an IAM token.")];
  const shown = signIn(["--show"], env);
  if (shown.code !== 0) return [problem(shown.message, PAGE)];
  const [issuer, audience, subject] = ["issuer", "audience", "subject"].map((name) => valueOf(name, shown.output));
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  try {
    const { code, message } = signIn([join(folder, "variables")], env);
    return [
      ok(`The job shows subject ${subject}, audience ${audience}, issuer ${issuer}.`),
      code === 0 ? ok(`The cloud exchanges it. ${message}`) : problem(message, PAGE),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const valueOf = (name: string, text: string): string => new RegExp(`^${name}: +(.*)$`, "m").exec(text)?.[1] ?? "?";

function signIn(args: string[], env: Environment) {
  // Without the name of a CI system: on GitHub the command would mask the tokens, and the output that is read here would have their values.
  const own = { ...env, GITHUB_ACTIONS: undefined, GITHUB_STEP_SUMMARY: undefined, FAILURE_FILE: undefined };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join("ci", "signIn.mjs"), ...args], {
    env: own as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
  return { code: status ?? 1, output: stdout, message: stderr.trim().split("\n").at(-1) ?? "" };
}
