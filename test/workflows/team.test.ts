import { pullRequestEvent } from "./pullRequest";
import { startTeam } from "./team";

// Each starts the engine several times, beside whatever else the machine does.
jest.setTimeout(900_000);

describe("a team whose jobs sign in by the name of their environment", () => {
  it("stops what breaks its rules, after the review, and lets nobody do more in a review than read", async () => {
    await using team = await startTeam();
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

  it("works the same on GitLab, from the review and its counts of a merge request to destruction", async () => {
    await using team = await startTeam();

    const review = await team.gitlab("review", "dev");
    expect(review).toMatchObject({ code: 0, artifacts: { "counts.json": '{"create":3,"update":0,"delete":0}\n' } });
    expect(review.artifacts["review.md"]).toContain("**gains** `textGeneration, embeddings`");
    expect(team.access("dev").accounts).toEqual([]);

    expect(await team.gitlab("dev", "dev")).toMatchObject({ code: 0 });
    expect(team.access("dev")).toMatchObject({ accounts: [{}], keys: [{}] });
    expect(await team.gitlab("drift", "dev")).toMatchObject({ code: 0 });

    await team.removeRoles("dev");
    expect(await team.gitlab("drift", "dev")).toMatchObject({ code: 7 });
    expect(await team.gitlab("by-hand", "dev", { TASK: "repair" })).toMatchObject({ code: 0 });
    expect(team.access("dev").grants).toHaveLength(1);
    expect(await team.gitlab("by-hand", "dev", { TASK: "doctor" })).toMatchObject({ code: 0 });
    expect(await team.gitlab("by-hand", "dev", { TASK: "destroy", CONFIRM: "dev" })).toMatchObject({ code: 0 });
    expect(team.access("dev")).toEqual({ accounts: [], keys: [], grants: [] });
  });

  it("works the same on SourceCraft, from the review of a pull request to destruction", async () => {
    await using team = await startTeam();

    const review = await team.sourcecraft("review", "dev");
    expect([review.code, review.log]).toEqual([0, expect.stringContaining("**gains** `textGeneration, embeddings`")]);
    expect(review.log).toMatch(/^### Access review: `[\w-]+` \/ `dev` at `[0-9a-f]{12}`$/m);
    expect(team.access("dev").accounts).toEqual([]);

    expect(await team.sourcecraft("deploy-dev", "dev")).toMatchObject({ code: 0 });
    expect(team.access("dev")).toMatchObject({ accounts: [{}], keys: [{}] });
    expect(await team.sourcecraft("drift", "dev")).toMatchObject({ code: 0 });

    await team.removeRoles("dev");
    expect(await team.sourcecraft("drift", "dev")).toMatchObject({ code: 7 });
    expect(await team.sourcecraft("repair-dev", "dev")).toMatchObject({ code: 0 });
    expect(team.access("dev").grants).toHaveLength(1);
    expect(await team.sourcecraft("destroy-dev", "dev")).toMatchObject({ code: 0 });
    expect(team.access("dev")).toEqual({ accounts: [], keys: [], grants: [] });
  });
});
