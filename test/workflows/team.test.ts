import { pullRequestEvent } from "./pullRequest";
import { startTeam } from "./team";

// Each starts the engine several times, beside whatever else the machine does.
jest.setTimeout(900_000);

describe("a team whose jobs sign in by the name of their environment", () => {
  let team: Awaited<ReturnType<typeof startTeam>>;
  beforeAll(async () => (team = await startTeam()));
  afterAll(() => team[Symbol.asyncDispose]());

  it("stops what breaks its rules, after the review, and lets nobody do more in a review than read", async () => {
    const before = team.cloud.snapshot();

    await team.propose("for-ever", (text) => text.replace(/^ +rotation: .*\n/m, ""));
    const against = await team.workflow("preview.yml", pullRequestEvent(), "for-ever");
    for (const { code, log } of against)
      expect([code, log]).toEqual([expect.any(Number), expect.stringContaining('API key "shop" never expires')]);
    expect(against.map(({ code }) => code)).not.toContain(0);
    expect(team.comments.map(({ body }) => body.includes("no expiry"))).toEqual([true, true]);

    const up = '#!/bin/sh\nnpm run --silent pulumi -- up --stack "$1" --yes --non-interactive --skip-preview\n';
    await team.tamper("sly", "ci/review.sh", up);
    const sly = await team.workflow("preview.yml", pullRequestEvent(), "sly");
    for (const { code, log } of sly)
      expect([code, log]).toEqual([expect.any(Number), expect.stringContaining("the deployer lacks the role")]);
    expect(sly.map(({ code }) => code)).not.toContain(0);
    expect(team.cloud.snapshot()).toEqual(before);
  });

  // The scripts are those of GitHub's jobs, which endToEnd.test.ts runs; each system has its own way to start and sign in.
  it("works the same on GitLab, from the review and its counts of a merge request to destruction", async () => {
    const review = await team.gitlab("review", "dev");
    expect(review).toMatchObject({ code: 0, artifacts: { "counts.json": '{"create":3,"update":0,"delete":0}\n' } });
    expect(review.artifacts["review.md"]).toContain("**gains** `textGeneration, embeddings`");
    expect(team.access("dev").accounts).toEqual([]);

    expect(await team.gitlab("dev", "dev")).toMatchObject({ code: 0 });
    expect(team.access("dev")).toMatchObject({ accounts: [{}], keys: [{}] });

    await team.removeRoles("dev");
    expect(await team.gitlab("drift", "dev")).toMatchObject({ code: 7 });
    expect(await team.gitlab("by-hand", "dev", { TASK: "doctor" })).toMatchObject({ code: 0 });
    expect(await team.gitlab("by-hand", "dev", { TASK: "destroy", CONFIRM: "dev" })).toMatchObject({ code: 0 });
    expect(team.access("dev")).toEqual({ accounts: [], keys: [], grants: [] });
  });

  it("works the same on SourceCraft, from the review of a pull request to a repair", async () => {
    const review = await team.sourcecraft("review", "prod");
    expect([review.code, review.log]).toEqual([0, expect.stringContaining("**gains** `textGeneration, embeddings`")]);
    expect(review.log).toMatch(/^### Access review: `[\w-]+` \/ `prod` at `[0-9a-f]{12}`$/m);
    expect(team.access("prod").accounts).toEqual([]);

    expect(await team.sourcecraft("deploy-prod", "prod")).toMatchObject({ code: 0 });
    expect(team.access("prod")).toMatchObject({ accounts: [{}], keys: [{}] });

    await team.removeRoles("prod");
    expect(await team.sourcecraft("drift", "prod")).toMatchObject({ code: 7 });
    expect(await team.sourcecraft("repair-prod", "prod")).toMatchObject({ code: 0 });
    expect(team.access("prod").grants).toHaveLength(1);
  });
});
