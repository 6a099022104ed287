import { HEAD, startPull } from "./pullRequest";

const LIMIT = 65_536;

describe("the comment on a pull request", () => {
  it("is one per stack, which the next push updates, and names its commit and run", async () => {
    await using pull = await startPull();

    await pull.comment("dev", "first");
    await pull.comment("prod", "other");
    expect(await pull.comment("dev", "second")).toEqual({ code: 0, output: "" });

    expect(pull.comments.map(({ body }) => body)).toEqual([
      "<!-- yandex-ai-access review of dev -->\nsecond\n\nCommit 1f2e3d4c5b6a, [run](https://github.com/shop/access/actions/runs/99)",
      expect.stringContaining("other"),
    ]);
    expect(new Set(pull.requests.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer token-of-job"]));
  });

  it("says that the commit has no review, and why, instead of showing an earlier one", async () => {
    await using pull = await startPull();
    await pull.comment("dev", "nothing unusual");
    pull.write("failure.txt", "Stack dev: incorrect passphrase ``` the-passphrase ```\n<b>&\n");

    expect(await pull.comment("dev", "", { FAILURE_FILE: pull.path("failure.txt") })).toMatchObject({ code: 0 });

    expect(pull.comments).toHaveLength(1);
    expect(pull.comments[0]!.body.split("\n").slice(1, -2)).toEqual([
      "### No review of 1f2e3d4c5b6a for stack dev",
      "",
      "````text",
      "Stack dev: incorrect passphrase ``` *** ```",
      "<b>&",
      "````",
    ]);
    expect(pull.comments[0]!.body).toMatch(
      /\nEarlier reviews are of other commits\. See the \[run\]\(https:\S+\/99\)\.$/,
    );
  });

  it("says that the commit has no review where the job ended before the file was written", async () => {
    await using pull = await startPull();
    expect(await pull.comment("dev", undefined)).toMatchObject({ code: 0 });
    expect(pull.comments[0]!.body).toContain("No review of 1f2e3d4c5b6a for stack dev\n\nThe job ended before");
  });

  it("is not overwritten by the run of an earlier commit", async () => {
    await using pull = await startPull();
    await pull.comment("dev", "newest");
    const { code, output } = await pull.comment("dev", "outdated", { COMMIT: "0".repeat(40) });
    expect([code, output]).toEqual([0, expect.stringContaining(`The newest commit is ${HEAD}`)]);
    expect(pull.comments.map(({ body }) => body)).toEqual([expect.stringContaining("newest")]);
  });

  it("stays one where two runs write at once", async () => {
    await using pull = await startPull({ atOnce: 2 });
    const ended = await Promise.all([pull.comment("dev", "same"), pull.comment("dev", "same")]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(pull.requests.filter(({ method }) => method === "POST")).toHaveLength(2);
    expect(pull.comments.map(({ body }) => body)).toEqual([expect.stringContaining("same")]);
  });

  it("leaves comments of people alone, even with the same first line", async () => {
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

  it.each([
    [
      "rows in a folded table",
      `<details><summary>All</summary>\n\n|a|\n|-|\n${"|🙂 row of a table|\n".repeat(6_000)}</details>`,
    ],
    ["a code block in a folded part", `<details>\n\n\`\`\`\`diff\n${"- ``` 🙂\n".repeat(10_000)}\`\`\`\`\n</details>`],
    ["one endless line", `Begin\n${"🙂".repeat(60_000)}`],
    ["just too much", "x\n".repeat(32_600)],
  ])("is cut between lines, closed and below GitHub's limit: %s", async (_what, text) => {
    await using pull = await startPull();
    expect(await pull.comment("dev", text)).toMatchObject({ code: 0 });

    const { body } = pull.comments[0]!;
    expect(body.length).toBeLessThan(LIMIT);
    expect(body).not.toMatch(/\p{Surrogate}/u);
    expect(body).toMatch(/\n\nThe rest is too long for a comment; see the page of the run\.$/);
    expect(body.split("<details").length).toBe(body.split("</details>").length);
    expect((body.match(/^````/gm) ?? []).length % 2).toBe(0);
    const lines = new Set(text.split("\n"));
    const added = body.split("\n").filter((line) => line && !lines.has(line) && line !== "</details>");
    expect(added).toEqual([expect.stringMatching(/^<!--/), expect.stringMatching(/^The rest/)]);
  });

  it("names the missing right where the job may not write", async () => {
    await using pull = await startPull({ answer: () => ({ status: 403, body: {} }) });
    expect(await pull.comment("dev", "first")).toEqual({
      code: 1,
      output: expect.stringMatching(/^GitHub refused the call to http:\S+ \(403\): .* `pull-requests: write`\?\n$/),
    });
  });
});
