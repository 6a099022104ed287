import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCloud } from "../support/cloud";
import { GITHUB, githubSubject, openIssuer } from "../workflows/issuer";
import { startOutside } from "../workflows/outside";
import { startClone } from "./clone";

describe("npm run doctor -- --ci", () => {
  it("shows the job's identity, its exchange and the rights of its account, and no token", async () => {
    await using job = await startJob();

    const { code, output } = await job.doctor({ PULUMI_BACKEND_URL: "file:///nowhere" });

    expect(code).toBe(1);
    expect(output.split("\n").slice(0, 8)).toEqual([
      "ok       This is a job of GitHub.",
      "ok       The change does not come from a fork.",
      "PROBLEM  The state is in a folder of the job's machine and would be lost with it.",
      "         See docs/workflows.md, Setting it up.",
      "ok       The passphrase is a secret of the CI system.",
      `ok       The job shows subject ${githubSubject("dev")}, audience https://github.com/shop, issuer ${GITHUB.issuer}.`,
      `ok       The cloud exchanges it. Signed in as service account ${job.accountId}.`,
      "PROBLEM  Stack dev has no settings.",
    ]);
    expect(output).not.toMatch(/\bt1\.|eyJ/);
  });

  it.each([
    [{ PULUMI_CONFIG_PASSPHRASE: "" }, /PROBLEM {2}The job has no passphrase: .*`secrets: inherit`/],
    [{ PULUMI_BACKEND_URL: "" }, /PROBLEM {2}PULUMI_BACKEND_URL is not set, so the state would be lost/],
    [{ YC_PASSPHRASE_SECRET_ID: "e6q1" }, /ok {7}The passphrase is that of secret e6q1 in Lockbox/],
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: "" }, /PROBLEM {2}The job has no proof of its identity/],
    [{ GITHUB_ACTIONS: "" }, /warning {2}This is not a job of GitHub, GitLab or SourceCraft/],
    [{ YC_IAM_TOKEN: "t1.given" }, /ok {7}The service connection gives the job an IAM token/],
    [
      { GITHUB_ACTIONS: "", GITLAB_CI: "true", CI_PROJECT_ID: "1", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2" },
      /PROBLEM {2}The change comes from the fork 2\./,
    ],
  ])("names what is missing: %j", async (env, sentence) => {
    await using job = await startJob();
    expect((await job.doctor(env)).output).toMatch(sentence);
  });

  it("names a fork, and the subject where the cloud does not know it", async () => {
    await using job = await startJob("someone/access", "prod");
    const { output } = await job.doctor();
    expect(output).toMatch("PROBLEM  The change comes from the fork someone/access.\n");
    expect(output).toMatch(`does service account ${job.accountId} have a federated credential for this job?`);
    expect(output).toMatch(`The job showed subject ${githubSubject("prod")},`);
  });
});

/** A job of environment dev of GitHub, whose account the cloud knows by the subject of dev. */
async function startJob(from = "shop/access", environment = "dev") {
  await using parts = new AsyncDisposableStack();
  const cloud = parts.use(await startCloud());
  const clone = parts.use(startClone());
  const issuer = openIssuer(GITHUB, cloud.clock.now);
  const github = parts.use(
    await startOutside(() => ({ body: { value: issuer.prove(githubSubject(environment), GITHUB.audience) } })),
  );
  const accountId = cloud.addAccount({ name: "ci-dev", folderId: cloud.folderId, roles: ["admin"] });
  cloud.addFederation({ ...issuer.trust, subject: githubSubject("dev"), accountId });
  const event = join(clone.folder, "event.json");
  writeFileSync(event, JSON.stringify({ pull_request: { head: { repo: { full_name: from } } } }));
  const kept = parts.move();
  return {
    accountId,
    doctor: (env: Record<string, string> = {}) =>
      clone.run("doctor", ["--stack", "dev", "--ci"], {
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_PATH: event,
        GITHUB_REPOSITORY: "shop/access",
        GITHUB_REPOSITORY_OWNER: "shop",
        ACTIONS_ID_TOKEN_REQUEST_URL: `${github.url}/proof?v=2`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "r",
        YC_SERVICE_ACCOUNT_ID: accountId,
        YC_WORKLOAD_IDENTITY_ENDPOINT: `${cloud.url}/oauth/token`,
        YC_LOCKBOX_PAYLOAD_URL: cloud.url,
        PULUMI_BACKEND_URL: "https://state.example.com",
        PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
        FIRST_PAUSE_MS: "1",
        ...env,
      }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
