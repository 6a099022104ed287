import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../support/run";

describe("a task of a workflow", () => {
  it("updates by the rules and destroys, both without a question", async () => {
    using job = startJob({});
    expect(await job.run("stack.sh", "up", "dev")).toMatchObject({ code: 0 });
    expect(await job.run("stack.sh", "destroy", "dev")).toMatchObject({ code: 0 });
    expect(job.ran()).toEqual([
      `pulumi -- up --stack dev --yes --non-interactive --suppress-outputs --rules`,
      "pulumi -- destroy --stack dev --yes --non-interactive --suppress-outputs",
    ]);
  });

  it("refreshes when it repairs", async () => {
    using job = startJob({});
    expect(await job.run("stack.sh", "repair", "dev")).toMatchObject({ code: 0 });
    expect(job.ran()).toEqual([
      `pulumi -- up --refresh --stack dev --yes --non-interactive --suppress-outputs --rules`,
    ]);
  });

  it("ends with 7 on drift, and looks for no cause", async () => {
    using job = startJob({ drift: 7 });
    expect(await job.run("stack.sh", "drift", "dev")).toMatchObject({ code: 7 });
    expect(job.ran()).toEqual(["drift -- --stack dev"]);
  });

  it("looks for the cause where it fails, and ends as the task did", async () => {
    using job = startJob({ pulumi: 255, doctor: 1 });
    const { code, output } = await job.run("stack.sh", "up", "dev");
    expect([code, output]).toEqual([255, "pulumi speaks\npulumi complains\ndoctor speaks\ndoctor complains\n"]);
    expect(job.ran().at(-1)).toBe("doctor -- --stack dev");
  });

  it("checks the job itself, once", async () => {
    using job = startJob({ doctor: 1 });
    expect(await job.run("stack.sh", "doctor", "dev")).toMatchObject({ code: 1 });
    expect(job.ran()).toEqual(["doctor -- --stack dev --ci"]);
  });

  it("does nothing where there is no such task", async () => {
    using job = startJob({});
    expect(await job.run("stack.sh", "remove", "dev")).toEqual({
      code: 2,
      output: "There is no task remove: choose up, repair, drift, destroy or doctor.\n",
    });
    expect(job.ran()).toEqual([]);
  });
});

describe("the review in a workflow", () => {
  it("is written to the file and the log, and the rules come after it", async () => {
    using job = startJob({ pulumi: 1 });
    const { code, output } = await job.run("review.sh", "dev", "review.md");
    expect([code, output]).toEqual([1, "review speaks\npulumi speaks\npulumi complains\n"]);
    expect(job.read("review.md")).toBe("review speaks\n");
    expect(job.ran()).toEqual([
      "review -- --stack dev",
      `pulumi -- preview --stack dev --non-interactive --suppress-outputs --rules`,
    ]);
  });

  it("comes with counts for GitLab, where a file for them is named", async () => {
    using job = startJob({});
    expect(await job.run("review.sh", "dev", "review.md", "counts.json")).toMatchObject({ code: 0 });
    expect(job.ran()[0]).toBe("review -- --stack dev --counts counts.json");
  });

  it("stops the job where the preview fails, and is kept for the comment with its messages", async () => {
    using job = startJob({ review: 1 });
    const { code, output } = await job.run("review.sh", "dev", "review.md");
    expect([code, output]).toEqual([1, "review speaks\nreview complains\n"]);
    expect(job.read("review.md")).toBe("review speaks\n");
    expect(job.read("failure.txt")).toBe("review complains\n");
    expect(job.ran()).toEqual(["review -- --stack dev"]);
  });
});

/** A runner whose npm keeps what it was asked for, and ends each task with the code that is given for its name. */
function startJob(codes: Record<string, number>) {
  const folder = mkdtempSync(join(tmpdir(), "runner-"));
  const log = join(folder, "ran");
  writeFileSync(log, "");
  const cases = Object.entries(codes).map(([name, code]) => `${name}) echo "$1 complains" >&2; exit ${code} ;;`);
  writeFileSync(
    join(folder, "npm"),
    `#!/bin/sh\nshift 2\necho "$*" >>"${log}"\necho "$1 speaks"\ncase $1 in\n${cases.join("\n")}\nesac\n`,
  );
  chmodSync(join(folder, "npm"), 0o755);
  const env = { PATH: `${folder}:/usr/bin:/bin`, FAILURE_FILE: join(folder, "failure.txt") };
  return {
    read: (name: string) => readFileSync(join(folder, name), "utf8"),
    ran: () => readFileSync(log, "utf8").split("\n").filter(Boolean),
    run: (script: string, ...args: string[]) => run(join(process.cwd(), "ci", script), args, { cwd: folder, env }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
