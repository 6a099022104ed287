import { chmodSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Event } from "./github";
import { fill, HERE, readWorkflow, runWorkflow } from "./github";
import { cancelledOf } from "./githubRules";
import { startOutside } from "./outside";
import { HEAD, openPullRequest, pullRequestEvent } from "./pullRequest";

describe("GitHub workflows", () => {
  it.each([
    ["deploy.yml", { name: "push" }, ["dev / run", "prod / run"]],
    ["deploy.yml", { name: "schedule" }, ["dev / run", "prod / run"]],
    ["drift.yml", { name: "schedule" }, ["drift (dev) / run", "drift (prod) / run"]],
    ["doctor.yml", { name: "workflow_dispatch", inputs: { stack: "dev" } }, ["doctor / run"]],
    ["repair.yml", { name: "workflow_dispatch", inputs: { stack: "prod" } }, ["repair / run"]],
    ["destroy.yml", { name: "workflow_dispatch", inputs: { stack: "dev", confirm: "dev" } }, ["destroy / run"]],
    ["preview.yml", pullRequestEvent(), ["review (dev) / run", "review (prod) / run"]],
  ] satisfies [string, Event, string[]][])(
    "hand the environment's secrets to each job: %s at %j",
    async (file, event, names) => {
      await using github = await startGithub();

      const jobs = await github.run(file, event);

      expect(jobs.map(({ name, code }) => [name, code])).toEqual(names.map((name) => [name, 0]));
      for (const { log, environment } of jobs) expect(log).toContain(`has the passphrase of ${environment}\n`);
    },
  );

  it.each([
    ["a fork", pullRequestEvent("someone/access"), /^This pull request comes from a fork/],
    ["Dependabot", pullRequestEvent(HERE, "dependabot[bot]"), /^GitHub gives no secrets to Dependabot/],
    ["a merge queue", { name: "merge_group" } satisfies Event, /^The change was reviewed on its pull request/],
  ])("report the required checks with one sentence and without identity for %s", async (_who, event, sentence) => {
    await using github = await startGithub();

    const jobs = await github.run("preview.yml", event);

    expect(jobs.map(({ name, code }) => [name, code])).toEqual([
      ["review (dev) / run", 0],
      ["review (prod) / run", 0],
    ]);
    for (const { log, summary } of jobs) {
      expect(log.trim().split("\n")).toEqual([expect.stringMatching(sentence)]);
      expect(summary).toBe(log);
    }
    expect(github.requests).toEqual([]);
  });

  it("show on the page of the run what a job found or did", async () => {
    await using github = await startGithub();
    const [review] = await github.run("preview.yml", pullRequestEvent());
    const [up] = await github.run("deploy.yml", { name: "push" });
    expect(review!.summary).toContain("review speaks");
    expect(up!.summary).toBe("**up** of stack **dev**: done.\n");
  });

  it("serve another repository, which holds nothing but its stacks, in ten lines each", async () => {
    await using github = await startGithub();
    const page = readFileSync(join(process.cwd(), "docs/workflows.md"), "utf8");
    const [, block = ""] = /## From another repository[^]*?```yaml\n([^]*?)```/.exec(page)!;
    const workflow = block.replaceAll("<owner>/yandex-ai-access", HERE).replaceAll("<commit>", "0".repeat(40));
    const repository = "shop/site";
    const change = pullRequestEvent(repository);

    const [review] = await github.run(workflow, { ...change, github: { ...change.github, repository } });
    const [up] = await github.run(workflow, { name: "push", github: { repository } });

    expect([review, up].map((job) => [job?.name, job?.code])).toEqual([
      ["review / run", 0],
      ["up / run", 0],
    ]);
    for (const job of [review, up]) expect(job?.log).toContain("stacks: Pulumi.dev.yaml of shop/site\n");
    expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining(`review speaks\nof ${HEAD}\n`)]);
  });

  it("use actions of others at a commit, with the version beside it, and keep no artifact", () => {
    const files = globSync(".github/**/*.yml");
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      for (const [, used = ""] of text.matchAll(/uses: (.*)/g))
        expect([file, used]).toEqual([
          file,
          expect.stringMatching(/^(\.\/|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/),
        ]);
      expect([file, text]).toEqual([file, expect.not.stringMatching(/upload-artifact|save-plan/)]);
    }
  });

  it("never cancel a deployment that waits, whatever comes after it", () => {
    const { concurrency } = readWorkflow("stack.yml").jobs.run!;
    const arrives = (task: string, stack: string, name: string) => ({
      ...concurrency!,
      group: fill(concurrency!.group, { inputs: { task, stack } }),
      name,
    });
    expect(
      cancelledOf([
        arrives("up", "prod", "first, which waits for approval"),
        arrives("up", "prod", "second"),
        arrives("drift", "prod", "daily"),
        arrives("up", "prod", "third"),
        arrives("repair", "prod", "by hand"),
      ]),
    ).toEqual([]);
  });

  it("cancel the review of a commit when the next one is pushed, and no other", () => {
    const { concurrency } = readWorkflow("review.yml").jobs.run!;
    const arrives = (stack: string, number: number | undefined, run_id: string) => ({
      ...concurrency!,
      group: fill(concurrency!.group, {
        inputs: { stack },
        github: { run_id, event: { pull_request: number && { number } } },
      }),
      name: `${stack} ${number} ${run_id}`,
    });
    expect(
      cancelledOf([
        arrives("dev", 7, "1"),
        arrives("prod", 7, "1"),
        arrives("dev", 8, "2"),
        arrives("dev", 7, "3"),
        arrives("dev", undefined, "4"),
        arrives("dev", undefined, "5"),
      ]),
    ).toEqual(["dev 7 1"]);
  });

  it.each([
    "deploy.yml",
    "destroy.yml",
    "doctor.yml",
    "drift.yml",
    "identity.yml",
    "preview.yml",
    "repair.yml",
    "review.yml",
    "stack.yml",
  ])("give each job the rights it needs and no other: %s", (file) => {
    const { permissions, jobs } = readWorkflow(file);
    expect(permissions).toEqual({});
    const comments = ["preview.yml", "review.yml"].includes(file) ? { "pull-requests": "write" } : {};
    for (const job of Object.values(jobs))
      expect(job.permissions).toEqual({ contents: "read", "id-token": "write", ...comments });
  });
});

/** The repository's workflows with its own `ci/`, and an npm that says which task it was asked for and what it was given. */
async function startGithub() {
  const parts = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "github-"));
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const npm = `#!/bin/sh
shift 2
[ -z "$PULUMI_CONFIG_PASSPHRASE" ] || echo "has $PULUMI_CONFIG_PASSPHRASE" >&2
[ -n "$PULUMI_CONFIG_PASSPHRASE" ] || exit 1
echo "$1 speaks"
[ "$1" != review ] || echo "of $REVIEW_COMMIT"
for file in stacks/*; do [ ! -f "$file" ] || echo "stacks: $(cat "$file")"; done
`;
  writeFileSync(join(bin, "npm"), npm);
  chmodSync(join(bin, "npm"), 0o755);

  const { comments, answer } = openPullRequest();
  const outside = parts.use(
    await startOutside((request) => {
      if (request.path.startsWith("/proof")) return { body: { value: "proof-of-the-job" } };
      if (request.path === "/exchange") return { body: { access_token: "t1.iam-token" } };
      return answer(request);
    }),
  );
  const environments = Object.fromEntries(
    ["dev", "dev-preview", "prod", "prod-preview"].map((name) => [
      name,
      {
        vars: { YC_SERVICE_ACCOUNT_ID: `aje-${name}`, PULUMI_BACKEND_URL: "https://state.example.com" },
        secrets: { PULUMI_CONFIG_PASSPHRASE: `the passphrase of ${name}` },
      },
    ]),
  );
  return {
    comments,
    requests: outside.requests,
    environments,
    read: (file: string) => readFileSync(join(folder, file), "utf8"),
    run: (file: string, event: Event) =>
      runWorkflow(file, event, {
        environments,
        checkOut(repository) {
          const copy = mkdtempSync(join(folder, "checkout-"));
          if (repository !== HERE) {
            mkdirSync(join(copy, "stacks"));
            writeFileSync(join(copy, "stacks", "Pulumi.dev.yaml"), `Pulumi.dev.yaml of ${repository}`);
            return { folder: copy, [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }) };
          }
          cpSync(join(process.cwd(), "ci"), join(copy, "ci"), { recursive: true });
          cpSync(join(process.cwd(), "toolchain"), join(copy, "toolchain"), { recursive: true });
          mkdirSync(join(copy, "stacks"));
          return { folder: copy, [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }) };
        },
        env: {
          PATH: [bin, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
          GITHUB_ACTIONS: "true",
          GITHUB_API_URL: outside.url,
          GITHUB_SERVER_URL: "https://github.com",
          GITHUB_REPOSITORY: HERE,
          GITHUB_REPOSITORY_OWNER: "shop",
          GITHUB_RUN_ID: "99",
          YC_WORKLOAD_IDENTITY_ENDPOINT: `${outside.url}/exchange`,
        },
        identity: (environment) => ({
          ACTIONS_ID_TOKEN_REQUEST_URL: `${outside.url}/proof/${environment}?v=2`,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: "r",
        }),
      }),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
