import { leaksOf } from "../support/leakScan";
import type { Job } from "./github";
import { HEAD, pullRequestEvent } from "./pullRequest";
import { startTeam, STACKS, type StackName } from "./team";

type Team = Awaited<ReturnType<typeof startTeam>>;

const KEY = "npm run --silent pulumi -- stack output shopApiKey --show-secrets --stack";

/** Fails with what the jobs said, unless they ended as is expected. */
function expectCodes(jobs: Job[], codes: Record<string, number>) {
  const ended = Object.fromEntries(jobs.map(({ name, code }) => [name, code]));
  if (JSON.stringify(ended) !== JSON.stringify(codes)) console.error(jobs.map(({ log }) => log).join("\n"));
  expect(ended).toEqual(codes);
}

/** The service account that an application has now, and that somebody in the console may touch. */
async function takeRoleAway(team: Team, stack: StackName, roleId: string) {
  const { accounts } = team.access(stack);
  const accessBinding = { roleId, subject: { id: accounts[0]?.id, type: "serviceAccount" } };
  const url = `${team.cloud.url}/resource-manager/v1/folders/${accounts[0]?.folderId}:updateAccessBindings`;
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${team.cloud.addToken(team.cloud.deployerId)}` },
    body: JSON.stringify({ accessBindingDeltas: [{ action: "REMOVE", accessBinding }] }),
  });
  expect(response.status).toBe(200);
}

describe("a team that works by pull requests, on two environments with one bucket", () => {
  it("applies, rotates keys, reviews, merges, finds and repairs drift and takes prod down", async () => {
    await using team = await startTeam();
    const jobs: Job[] = [];
    const secrets = new Set<string>();
    const run = async (file: string, event: Parameters<Team["workflow"]>[1], branch?: string) => {
      const ran = await team.workflow(file, event, branch);
      jobs.push(...ran);
      return ran;
    };
    const learnKeys = async (...stacks: readonly StackName[]) => {
      for (const stack of stacks) secrets.add((await team.byHand(stack, `${KEY} ${stack}`)).output.trim());
    };
    const bothUp = { "dev / run": 0, "prod / run": 0 };

    // What is on the main branch is applied to dev, then to prod.
    expectCodes(await run("deploy.yml", { name: "push" }), bothUp);
    await learnKeys(...STACKS);
    for (const stack of STACKS)
      expect(team.access(stack).grants.map(({ roleId }) => roleId)).not.toContain("ai.translate.user");

    // A quarter passes: the weekly run makes the next keys.
    const [first] = team.access("prod").keys;
    team.passDays(91);
    expectCodes(await run("deploy.yml", { name: "schedule" }), bothUp);
    await learnKeys(...STACKS);
    for (const stack of STACKS) expect(team.access(stack).keys).toHaveLength(2);

    // A change is proposed, and its review stands on the pull request before anything is done.
    await team.propose("translate", (text) => text.replace("[textGeneration]", "[textGeneration, translation]"));
    const before = team.cloud.snapshot();
    expectCodes(await run("preview.yml", pullRequestEvent(), "translate"), {
      "review (dev) / run": 0,
      "review (prod) / run": 0,
    });
    expect(team.comments).toHaveLength(2);
    for (const [place, stack] of STACKS.entries()) {
      expect(team.comments[place]?.body).toContain(`\`yandex-ai-access\` / \`${stack}\` at \`${HEAD.slice(0, 12)}\``);
      expect(team.comments[place]?.body).toContain("**gains** `translation`");
    }
    expect(team.cloud.snapshot()).toEqual(before);

    // It is merged, and applied; the overlap is over, and the keys before end.
    team.merge("translate");
    team.passDays(14);
    expectCodes(await run("deploy.yml", { name: "push" }), bothUp);
    for (const stack of STACKS)
      expect(team.access(stack).grants.map(({ roleId }) => roleId)).toContain("ai.translate.user");
    for (const stack of STACKS) expect(team.access(stack).keys).toHaveLength(1);
    expect(team.access("prod").keys[0]?.id).not.toBe(first?.id);

    // Somebody takes a role away in prod; the daily run finds that, and only that.
    await takeRoleAway(team, "prod", "ai.translate.user");
    const drift = await run("drift.yml", { name: "schedule" });
    expectCodes(drift, { "drift (dev) / run": 0, "drift (prod) / run": 7 });
    expect(drift[1]?.log).toContain("removed outside of the program: role ai.translate.user of shop");
    expectCodes(await run("repair.yml", { name: "workflow_dispatch", inputs: { stack: "prod" } }), {
      "repair / run": 0,
    });
    expect(team.access("prod").grants.map(({ roleId }) => roleId)).toContain("ai.translate.user");

    // Prod is taken down, only where its name is written twice; dev stays whole, and works.
    const dev = team.access("dev");
    expect(await run("destroy.yml", { name: "workflow_dispatch", inputs: { stack: "prod", confirm: "" } })).toEqual([]);
    const inputs = { stack: "prod", confirm: "prod" };
    expectCodes(await run("destroy.yml", { name: "workflow_dispatch", inputs }), { "destroy / run": 0 });
    expect(team.access("prod")).toEqual({ accounts: [], keys: [], grants: [] });
    expect(team.access("dev")).toEqual(dev);
    expect((await team.byHand("dev", "npm run --silent drift -- --stack dev")).code).toBe(0);

    // Nothing of it all is in clear anywhere: state, repository, logs, comments.
    expect(secrets.size).toBe(4);
    const logs = Object.fromEntries(jobs.map(({ name, log }, place) => [`${place} ${name}`, log]));
    const comments = Object.fromEntries(team.comments.map(({ body }, place) => [`comment ${place}`, body]));
    for (const secret of [...secrets, ...Object.values(team.passphrases)]) {
      expect(secret.length).toBeGreaterThan(15);
      expect(await leaksOf(secret, team.bucket.folder, { ...logs, ...comments })).toEqual([]);
      expect(await leaksOf(secret, team.folder)).toEqual([]);
    }
    for (const { log } of jobs) expect(log).not.toMatch(/\bt1\.\w|session-of-one-hour/);
  }, 1_200_000);
});
