import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { run } from "../support/run";
import type { GitlabJob } from "./gitlab";
import { jobsOf, readGitlab } from "./gitlab";
import type { GitlabClaims } from "./issuer";
import { gitlabDefaultSubject, gitlabSubject } from "./issuer";
import { startOutside } from "./outside";
import { readSourcecraft } from "./sourcecraft";

describe("GitLab CI", () => {
  const { jobs } = readGitlab();
  const named = jobs.map((job): [string, GitlabJob] => [job.name, job]);

  const main = { CI_COMMIT_BRANCH: "main", CI_DEFAULT_BRANCH: "main" };
  const mergeRequest = { CI_PIPELINE_SOURCE: "merge_request_event", CI_PROJECT_ID: "1" };
  const CHECKS = ["quick", "everything"];

  it.each([
    [
      "a merge request",
      { ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "1", CI_MERGE_REQUEST_PROJECT_ID: "1" },
      [...CHECKS, "review"],
    ],
    [
      "a fork's merge request, run in this project",
      { ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2", CI_MERGE_REQUEST_PROJECT_ID: "1" },
      [...CHECKS, "no-review"],
    ],
    [
      "a fork's merge request, run in the fork",
      {
        ...mergeRequest,
        CI_PROJECT_ID: "2",
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2",
        CI_MERGE_REQUEST_PROJECT_ID: "1",
      },
      [...CHECKS, "no-review"],
    ],
    ["a push to main", { ...main, CI_PIPELINE_SOURCE: "push" }, [...CHECKS, "dev", "prod manual"]],
    ["a push to a branch", { ...main, CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "translate" }, []],
    ["the weekly run", { ...main, CI_PIPELINE_SOURCE: "schedule", TASK: "up" }, ["dev", "prod manual"]],
    ["the daily run", { ...main, CI_PIPELINE_SOURCE: "schedule", TASK: "drift" }, ["drift"]],
    ["a repair by hand", { ...main, CI_PIPELINE_SOURCE: "web", TASK: "repair", STACK: "prod" }, ["by-hand"]],
    ["a doctor by hand", { ...main, CI_PIPELINE_SOURCE: "web", TASK: "doctor", STACK: "dev" }, ["by-hand"]],
    ["a destroy", { ...main, CI_PIPELINE_SOURCE: "web", TASK: "destroy", STACK: "dev", CONFIRM: "dev" }, ["by-hand"]],
    [
      "a destroy with another name",
      { ...main, CI_PIPELINE_SOURCE: "web", TASK: "destroy", STACK: "dev", CONFIRM: "d" },
      [],
    ],
    [
      "a destroy on a branch",
      {
        ...main,
        CI_COMMIT_BRANCH: "translate",
        CI_PIPELINE_SOURCE: "web",
        TASK: "destroy",
        STACK: "dev",
        CONFIRM: "dev",
      },
      [],
    ],
    ["a schedule that destroys", { ...main, CI_PIPELINE_SOURCE: "schedule", TASK: "destroy", STACK: "dev" }, []],
  ] satisfies [string, Record<string, string>, string[]][])(
    "runs its jobs and no other at %s",
    (_what, variables, names) => {
      expect(jobsOf(variables)).toEqual(names);
    },
  );

  it.each(named)("signs in by the ID token and waits for the other jobs of its stack: %s", (_name, job) => {
    expect(job.audience).toBe("$CI_SERVER_URL/$CI_PROJECT_PATH");
    expect(job.script).toEqual([expect.stringMatching(/^ci\/signedIn\.sh ci\/(review|stack)\.sh /)]);
    const looks = /review\.sh|stack\.sh drift/.test(job.script[0]!);
    expect(job.environment.endsWith("-preview")).toBe(looks);
    expect(job.resourceGroup).toMatch(/^stack-(\$STACK|dev|prod)$/);
  });

  it("has subjects that GitLab accepts: one per deployer, and two for readers", () => {
    expect(() => gitlabSubject(on("true", "production"), ["project_path", "environment"])).toThrow(
      "environment is not an allowed sub claim component",
    );
    const tiers = Object.fromEntries(jobs.map(({ name, tier }) => [name, tier]));
    expect(tiers).toMatchObject({ dev: "development", prod: "production", review: "testing", drift: "testing" });
    const subjects = ["dev", "prod", "drift"].map((name) => gitlabSubject(on("true", tiers[name]!)));
    subjects.push(gitlabSubject(on("false", tiers.review!)));
    expect(subjects).toEqual([
      "project_path:shop/access:ref_protected:true:deployment_tier:development",
      "project_path:shop/access:ref_protected:true:deployment_tier:production",
      "project_path:shop/access:ref_protected:true:deployment_tier:testing",
      "project_path:shop/access:ref_protected:false:deployment_tier:testing",
    ]);
    const page = readFileSync(join(process.cwd(), "docs/workflows.md"), "utf8");
    for (const subject of [...subjects, gitlabDefaultSubject(on("true", "production"))])
      expect(page).toContain(`\`${subject.replace("shop/access", "<group>/<project>")}\``);
  });

  it("hands the counts of a review to the widget, and keeps no artifact but the review", () => {
    const review = jobs.find(({ name }) => name === "review")!;
    expect(review.artifacts).toMatchObject({
      when: "always",
      paths: ["review.md"],
      reports: { terraform: "counts.json" },
    });
    expect(review.script[0]).toMatch(/ review\.md counts\.json$/);
    for (const { name, artifacts } of jobs.filter((job) => job !== review))
      expect([name, artifacts]).toEqual([name, undefined]);
  });
});

describe("SourceCraft CI", () => {
  const { on, tokens, workflows, tasksOf } = readSourcecraft();
  const started = Object.values(on)
    .flat()
    .flatMap((each) => each.workflows);

  it("starts only workflows that exist, and leaves prod, repair and destruction to a hand", () => {
    expect(Object.keys(workflows)).toEqual(expect.arrayContaining(started));
    const pushed = on.push.flatMap((each) => each.workflows);
    expect(pushed).toEqual(["deploy-dev"]);
    expect(on.push[0]?.filter?.branches).toEqual(["main"]);
    expect(started.filter((name) => /prod|repair|destroy/.test(name))).toEqual([]);
  });

  it.each(Object.keys(workflows))("does what its name says: %s", (name) => {
    const [task = ""] = name.split("-");
    const script = task === "review" ? "review.sh" : `stack.sh ${task === "deploy" ? "up" : task}`;
    for (const { cubes } of tasksOf(name))
      expect(cubes.flatMap((cube) => cube.script)).toEqual([expect.stringContaining(`ci/signedIn.sh ci/${script} `)]);
  });

  it.each(Object.keys(workflows))(
    "has for each stack its own account and passphrase, and looks only as one that reads: %s",
    (name) => {
      for (const { env, cubes } of tasksOf(name)) {
        const [, token] = /^\$\{\{ tokens\.([\w-]+) \}\}$/.exec(env.YC_IAM_TOKEN!)!;
        const script = cubes[0]!.script[0]!;
        const looks = /review\.sh|stack\.sh drift/.test(script);
        const stack = token!.replace("-preview", "");
        expect(tokens[token!]).toEqual({ service_connection: token, scope: looks ? "repo" : "ref" });
        expect(token!.endsWith("-preview")).toBe(looks);
        expect(script).toMatch(new RegExp(`^ci/signedIn\\.sh ci/(review|stack)\\.sh (\\w+ )?${stack}\\b`));
        expect(env.PULUMI_CONFIG_PASSPHRASE).toBe(`\${{ secrets.PULUMI_CONFIG_PASSPHRASE_${stack.toUpperCase()} }}`);
      }
    },
  );
});

describe("a command that runs signed in", () => {
  it("has the token, and nothing of it stays in a file", async () => {
    await using outside = await startOutside(() => ({ body: { access_token: "t1.iam-token" } }));
    using folder = startFolder();

    const { code, output } = await folder.run(["sh", "-c", 'echo "$YC_TOKEN" && exit 7'], {
      YC_ID_TOKEN: "proof-of-the-job",
      YC_SERVICE_ACCOUNT_ID: "aje1",
      YC_WORKLOAD_IDENTITY_ENDPOINT: `${outside.url}/exchange`,
    });

    expect([code, output]).toEqual([7, "t1.iam-token\nSigned in as service account aje1.\n"]);
    expect(folder.left()).toEqual([]);
  });

  it("does not run where the sign-in is refused", async () => {
    await using outside = await startOutside(() => ({ status: 401, body: {} }));
    using folder = startFolder();

    const { code, output } = await folder.run(["echo", "it ran"], {
      YC_ID_TOKEN: "proof-of-the-job",
      YC_SERVICE_ACCOUNT_ID: "aje1",
      YC_WORKLOAD_IDENTITY_ENDPOINT: `${outside.url}/exchange`,
    });

    expect([code, output]).toEqual([1, expect.stringMatching(/^Yandex Cloud refused the call/)]);
    expect(output).not.toContain("it ran");
    expect(folder.left()).toEqual([]);
  });
});

const on = (ref_protected: GitlabClaims["ref_protected"], deployment_tier: string): GitlabClaims => ({
  ref: "main",
  ref_protected,
  deployment_tier,
});

/** A job's folder, and one for temporary files that shows what stays in it. */
function startFolder() {
  const folder = mkdtempSync(join(tmpdir(), "signed-in-"));
  const temporary = mkdtempSync(join(folder, "tmp-"));
  symlinkSync(join(process.cwd(), "ci"), join(folder, "ci"));
  return {
    left: () => readdirSync(temporary),
    run(command: string[], env: Record<string, string>) {
      const PATH = [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
      return run(join("ci", "signedIn.sh"), command, { cwd: folder, env: { PATH, TMPDIR: temporary, ...env } });
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
