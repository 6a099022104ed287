import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScript, startOutside } from "./outside";
import { openPullRequest } from "./pullRequest";

describe("the review as a comment on a pull request", () => {
  it("is one per stack, which the next push changes", async () => {
    await using pull = await startPull();

    await pull.comment("dev", "first");
    await pull.comment("prod", "other");
    expect(await pull.comment("dev", "second")).toEqual({ code: 0, output: "" });

    expect(pull.comments.map(({ body }) => body.split("\n").slice(1).join())).toEqual(["second", "other"]);
    expect(new Set(pull.requests.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer token"]));
  });

  it("leaves alone what a person has written, even with the same first line", async () => {
    await using pull = await startPull();
    await pull.comment("dev", "first");
    const own = pull.comments.splice(0).map((comment) => ({ ...comment, user: { type: "User" } }));
    pull.comments.push(...own);

    await pull.comment("dev", "second");

    expect(pull.comments.map(({ user }) => user.type)).toEqual(["User", "Bot"]);
    expect(pull.comments[0]?.body).toContain("first");
  });

  it("is found behind hundreds of others", async () => {
    await using pull = await startPull();
    for (let id = 1; id <= 250; id++) pull.comments.push({ id, body: "Looks good.", user: { type: "User" } });
    await pull.comment("dev", "first");
    await pull.comment("dev", "second");
    expect(pull.comments).toHaveLength(251);
  });

  it("is cut where GitHub would refuse it", async () => {
    await using pull = await startPull();
    await pull.comment("dev", "x".repeat(100_000));
    expect(pull.comments[0]?.body.length).toBeLessThan(65_536);
    expect(pull.comments[0]?.body).toMatch(/The rest is too long for a comment; see the job's log\.$/);
  });

  it("says what is missing where the job may not write it", async () => {
    await using pull = await startPull(403);
    expect(await pull.comment("dev", "first")).toEqual({
      code: 1,
      output: "GitHub refused the comment on pull request 7 (403): does the job have `pull-requests: write`?\n",
    });
  });
});

/** A pull request on a GitHub of its own. */
async function startPull(refusal?: number) {
  const { comments, answer } = openPullRequest();
  const folder = mkdtempSync(join(tmpdir(), "pull-"));
  const github = await startOutside(refusal ? () => ({ status: refusal, body: {} }) : answer);
  return {
    comments,
    requests: github.requests,
    comment(stack: string, text: string) {
      const file = join(folder, "review.md");
      writeFileSync(file, text);
      return runScript("comment.mjs", [stack, file], {
        GITHUB_API_URL: github.url,
        GITHUB_REPOSITORY: "shop/access",
        GITHUB_TOKEN: "token",
        PULL_REQUEST: "7",
      });
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
      await github[Symbol.asyncDispose]();
    },
  };
}
