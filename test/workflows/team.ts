import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startBucket } from "../support/bucket";
import { blocksOf, NPM } from "../docs/document";
import type { Emulator } from "../../emulator/emulator";
import { openApi, responseOf } from "../support/api";
import { startCloud } from "../support/cloud";
import { quickRuns } from "../support/quickRuns";
import { run } from "../support/run";
import { type Event, runWorkflow } from "./github";
import { runGitlabJob } from "./gitlab";
import { GITHUB, githubSubject, GITLAB, gitlabSubject, openIssuer } from "./issuer";
import { type Answer, type Request, startOutside } from "./outside";
import { openPullRequest } from "./pullRequest";
import { GIT_ENV, startRepository } from "./repository";
import { runSourcecraft } from "./sourcecraft";

export const STACKS = ["dev", "prod"] as const;
export type StackName = (typeof STACKS)[number];

const DAY_MS = 24 * 60 * 60 * 1000;

interface Environment {
  vars: Record<string, string>;
  secrets: Record<string, string>;
}

/**
 * A team as docs/workflows.md sets it up, on local parts: a repository with stacks dev and prod, each with a cloud folder
 * of its own, the state of both in one bucket, and accounts that jobs sign in to by the name of their environment.
 */
export async function startTeam() {
  await using parts = new AsyncDisposableStack();
  const cloud = parts.use(await startCloud());
  const bucket = parts.use(await startBucket());
  const pull = openPullRequest();
  const github = parts.use(await startOutside(answer));
  const folder = mkdtempSync(join(tmpdir(), "team-"));
  parts.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const repository = startRepository(folder);
  const shims = join(folder, "shims");
  mkdirSync(shims);
  writeFileSync(join(shims, "npm"), NPM);
  chmodSync(join(shims, "npm"), 0o755);

  // All begins with a day, because keys are dated by days.
  let now = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
  const goTo = (moment: number) => cloud.clock.advance((now = moment) - cloud.clock.now());
  goTo(now);

  const issuers = { github: openIssuer(GITHUB, cloud.clock.now), gitlab: openIssuer(GITLAB, cloud.clock.now) };
  const folders = { dev: cloud.folderId, prod: cloud.addFolder({ name: "prod" }) };
  const passphrases = { dev: "the passphrase of dev", prod: "the.passphrase.of.prod" };
  // Of prod it is kept in Lockbox, of dev in the CI system.
  const secretId = await keepPassphrase(cloud, folders.prod, passphrases.prod);
  const environments = Object.fromEntries(
    STACKS.flatMap((stack) => [
      [stack, environmentOf(stack, stack, ["iam.serviceAccounts.admin", "admin"])],
      [`${stack}-preview`, environmentOf(stack, `${stack}-preview`, ["viewer"])],
    ]),
  );

  function environmentOf(stack: StackName, name: string, roles: string[]): Environment {
    const accountId = cloud.addAccount({ name: `ci-${name}`, folderId: folders[stack], roles });
    cloud.addFederation({ ...issuers.github.trust, subject: githubSubject(name), accountId });
    for (const subject of gitlabSubjects(stack, name))
      cloud.addFederation({ ...issuers.gitlab.trust, subject, accountId });
    const vars = { YC_SERVICE_ACCOUNT_ID: accountId, PULUMI_BACKEND_URL: bucket.url };
    if (stack === "dev") return { vars, secrets: { PULUMI_CONFIG_PASSPHRASE: passphrases.dev } };
    cloud.addGrant({
      resourceId: secretId,
      roleId: "lockbox.payloadViewer",
      subject: { id: accountId, type: "serviceAccount" },
    });
    return { vars: { ...vars, YC_PASSPHRASE_SECRET_ID: secretId }, secrets: {} };
  }

  /** GitHub, which proves who a job is and keeps comments, and the cloud's keys of an hour to a bucket. */
  function answer(request: Request): Answer {
    const { pathname, searchParams } = new URL(request.path, "http://outside");
    if (pathname.startsWith("/proof/"))
      return {
        body: { value: issuers.github.prove(githubSubject(pathname.slice(7)), searchParams.get("audience") ?? "") },
      };
    if (pathname !== "/iam/aws-compatibility/v1/ephemeralAccessKeys") return pull.answer(request);
    const token = request.authorization?.replace(/^Bearer /, "") ?? "";
    if (!cloud.accepts(token)) return { status: 401, body: {} };
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secret } = bucket.credentials;
    return { body: { accessKeyId, secret, sessionToken: "session-of-one-hour" } };
  }

  /** What every machine has, with these parts in the place of the true ones. */
  const machine = () => ({
    ...GIT_ENV,
    PATH: [shims, process.env.PATH].join(delimiter),
    HOME: folder,
    ...quickRuns(),
    YC_ENDPOINT: cloud.endpoint,
    YC_AI_ENDPOINT: cloud.url,
    YC_PLAINTEXT: "true",
    YC_METADATA_ADDR: "127.0.0.1:1",
    YC_WORKLOAD_IDENTITY_ENDPOINT: `${cloud.url}/oauth/token`,
    YC_IAM_URL: github.url,
    YC_LOCKBOX_PAYLOAD_URL: cloud.url,
    AWS_EC2_METADATA_DISABLED: "true",
    FIRST_PAUSE_MS: "1",
    AI_STUDIO_ACCESS_NOW: new Date(now).toISOString(),
  });

  const sh = (commands: string, cwd: string, env: Record<string, string>) =>
    run("bash", ["-eo", "pipefail", "-c", commands], { cwd, env: { ...machine(), ...env } });
  const own = (stack: StackName) => ({
    ...bucket.credentials,
    YC_TOKEN: cloud.addToken(cloud.deployerId),
    PULUMI_BACKEND_URL: bucket.url,
    PULUMI_CONFIG_PASSPHRASE: passphrases[stack],
  });

  // As the page says: somebody makes each stack by hand, and commits its file with the salt.
  for (const stack of STACKS) {
    await repository.commit(`Stack ${stack}`, async (copy) => {
      const text = settings(folders[stack], new Date(now).toISOString().slice(0, 10));
      writeFileSync(join(copy, "stacks", `Pulumi.${stack}.yaml`), text);
      const block = blocksOf("workflows.md")["Setting it up"]!.replaceAll("dev", stack);
      const { code, output } = await sh(block, copy, own(stack));
      if (code !== 0) throw new Error(output);
    });
  }

  const kept = parts.move();
  return {
    cloud,
    bucket,
    passphrases,
    folder,
    comments: pull.comments,
    /** Changes the settings of both stacks on a branch. */
    propose: (branch: string, change: (settings: string) => string) =>
      repository.commit(
        branch,
        (copy) => {
          for (const file of STACKS.map((stack) => join(copy, "stacks", `Pulumi.${stack}.yaml`)))
            writeFileSync(file, change(readFileSync(file, "utf8")));
        },
        branch,
      ),
    merge: repository.merge,
    /** Puts another text into a file of a branch, as somebody might who wants more than a review. */
    tamper: (branch: string, file: string, text: string) =>
      repository.commit(branch, (copy) => writeFileSync(join(copy, file), text), branch),
    /** Runs commands as somebody of the team, who has all rights. */
    async byHand(stack: StackName, commands: string) {
      using copy = repository.checkOut();
      return await sh(commands, copy.folder, own(stack));
    },
    workflow: (file: string, event: Event, branch?: string) =>
      runWorkflow(file, event, {
        environments,
        checkOut: () => repository.checkOut(branch),
        env: { ...machine(), ...RUN, GITHUB_API_URL: github.url },
        identity: (environment = "") => ({
          ACTIONS_ID_TOKEN_REQUEST_URL: `${github.url}/proof/${environment}?api-version=2.0`,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of-the-job",
        }),
      }),
    /** Runs a job of GitLab for a stack. */
    async gitlab(job: string, stack: StackName, variables: Record<string, string> = {}) {
      using copy = repository.checkOut();
      const isProposal = job === "review";
      return await runGitlabJob(
        job,
        copy.folder,
        { STACK: stack, ...variables },
        machine(),
        ({ name, tier }, audience) => ({
          ...environments[name]!.vars,
          ...environments[name]!.secrets,
          YC_ID_TOKEN: issuers.gitlab.prove(
            gitlabSubject({
              ref: isProposal ? "translate" : "main",
              ref_protected: isProposal ? "false" : "true",
              deployment_tier: tier,
            }),
            audience,
          ),
        }),
      );
    },
    /** Runs the tasks of a SourceCraft workflow that are for a stack. */
    sourcecraft: (workflow: string, stack: StackName, branch?: string) =>
      runSourcecraft(
        workflow,
        () => repository.checkOut(branch),
        machine(),
        {
          tokens: (connection) => cloud.addToken(environments[connection]!.vars.YC_SERVICE_ACCOUNT_ID!),
          secrets: {
            PULUMI_BACKEND_URL: bucket.url,
            PULUMI_CONFIG_PASSPHRASE_DEV: passphrases.dev,
            PULUMI_CONFIG_PASSPHRASE_PROD: passphrases.prod,
          },
        },
        stack,
      ),
    /** Somebody removes all roles of the applications of a stack, past the program. */
    async removeRoles(stack: StackName) {
      using api = openApi(cloud, "rest");
      const accessBindingDeltas = this.access(stack).grants.map(({ roleId, subjectId, subjectType }) => ({
        action: "REMOVE",
        accessBinding: { roleId, subject: { id: subjectId, type: subjectType } },
      }));
      await api.call("FolderService/UpdateAccessBindings", { resourceId: folders[stack], accessBindingDeltas });
    },
    passDays: (days: number) => goTo(now + days * DAY_MS),
    /** What there is of the applications of a stack: their accounts, keys and roles. */
    access(stack: StackName) {
      const { accounts, apiKeys, grants } = cloud.snapshot();
      const isOf = (id: string) =>
        accounts.some((each) => each.id === id && each.folderId === folders[stack] && !each.name.startsWith("ci-"));
      return {
        accounts: accounts.filter(({ id }) => isOf(id)),
        keys: apiKeys.filter(({ serviceAccountId }) => isOf(serviceAccountId)),
        grants: grants.filter(({ subjectId }) => isOf(subjectId)),
      };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function keepPassphrase(cloud: Emulator, folderId: string, textValue: string): Promise<string> {
  using api = openApi(cloud, "rest");
  const versionPayloadEntries = [{ key: "passphrase", textValue }];
  return responseOf(await api.call("SecretService/Create", { folderId, name: "passphrase", versionPayloadEntries })).id;
}

/** Those of a stack, for its folder and the day on which all begins. */
const settings = (folderId: string, day: string) => `config:
  yandex:folderId: ${folderId}
  yandex-ai-access:apps:
    shop:
      capabilities: [textGeneration]
      rotation: { everyDays: 90, overlapDays: 14, anchor: "${day}" }
`;

/** Those of docs/workflows.md: a deployer only from the protected branch, a reader from any. */
const gitlabSubjects = (stack: StackName, name: string): string[] =>
  name === stack
    ? [subjectOn("true", stack === "prod" ? "production" : "development")]
    : [subjectOn("true", "testing"), subjectOn("false", "testing")];

const subjectOn = (ref_protected: "true" | "false", deployment_tier: string): string =>
  gitlabSubject({ ref: "", ref_protected, deployment_tier });

/** What GitHub says of a run to each of its steps. */
const RUN = {
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "shop/access",
  GITHUB_REPOSITORY_OWNER: "shop",
  GITHUB_RUN_ID: "99",
  // Of a pull request the merge with its target branch: docs.github.com, "Events that trigger workflows".
  GITHUB_SHA: "9999999999999999999999999999999999999999",
};
