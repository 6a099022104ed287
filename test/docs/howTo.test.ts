import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chat } from "../support/access";
import { startCloud } from "../support/cloud";
import { blocksOf, startReader } from "./document";

const howTo = blocksOf("how-to.md");
const ROTATION = 'rotation: { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" }';
const UP = "npm start -- --stack dev --yes";
const DRIFT = "npm run drift -- --stack dev";
const key = (stack = "dev", app = "shop") =>
  `npm run pulumi -- stack output ${app}ApiKey --show-secrets --stack ${stack}`;

// Each of these starts the engine several times, beside whatever else the machine does.
jest.setTimeout(900_000);

describe("what docs/how-to.md says", () => {
  it("works for an application: it comes, its key is handed over, and it goes with all that it had", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    expect(await reader.sh(UP)).toMatchObject({ code: 0 });
    const before = cloud.snapshot();

    const added = await reader.sh(howTo["Add an application"]!);
    const blog = (await reader.sh(key("dev", "blog"))).output.trim();
    const handed = await reader.sh(howTo["Give the key to an application"]!);
    const later = await reader.sh(howTo["Go to a new version"]!);
    const removed = await reader.sh(howTo["Take an application away"]!);

    expect([added.code, added.output]).toEqual([0, expect.stringContaining("gains translation")]);
    expect(blog).toMatch(/^AQVN/);
    expect([handed.code, handed.output]).toEqual([0, expect.stringMatching(/^Wrote \.env/)]);
    const shop = (await reader.sh(key())).output.trim();
    expect(readFileSync(join(reader.folder, ".env"), "utf8")).toContain(`OPENAI_API_KEY=${shop}\n`);
    expect(later).toMatchObject({ code: 0 });
    expect([removed.code, removed.output]).toEqual([0, expect.stringContaining("account deleted: blog")]);
    expect(await chat(cloud, blog)).toMatch(/^401/);
    expect(await chat(cloud, shop)).toBe("200");
    const after = cloud.snapshot();
    expect([after.accounts, after.grants]).toEqual([before.accounts, before.grants]);
    expect(after.apiKeys).toHaveLength(1);
  });

  it("works for a leak: a new key at once, and the old one works until somebody ends it", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud, ROTATION);
    await reader.sh(UP);
    const old = (await reader.sh(key())).output.trim();

    const replaced = await reader.sh(howTo["Replace a key that has leaked"]!);
    const current = (await reader.sh(key())).output.trim();
    const during = [await chat(cloud, old), await chat(cloud, current)];
    const ended = await reader.sh(howTo["End the old key at once"]!);
    const after = [(await chat(cloud, old)).slice(0, 3), await chat(cloud, current)];

    expect(replaced).toMatchObject({ code: 0 });
    expect(during).toEqual(["200", "200"]);
    expect([ended.code, ended.output]).toEqual([0, expect.stringContaining("AI Studio refuses the old key (401)")]);
    expect(after).toEqual(["401", "200"]);
    expect(await reader.sh(UP)).toMatchObject({ code: 0 });
    expect(await reader.sh(DRIFT)).toMatchObject({ code: 0 });
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
  });

  it("works for a leak that cannot wait: the key is refused at once, and a new one is there", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud, ROTATION);
    await reader.sh(UP);
    const old = (await reader.sh(key())).output.trim();
    expect((await reader.sh("npm run revoke -- --stack dev --app shop")).output).toMatch(/^Nothing was done/);
    expect(await chat(cloud, old)).toBe("200");

    const { code, output } = await reader.sh(howTo["Revoke a key that has leaked, now"]!);
    const fresh = (await reader.sh(key())).output.trim();

    expect([code, output]).toEqual([0, expect.stringContaining("AI Studio refuses the old key (401)")]);
    expect(output).not.toContain(old);
    expect([(await chat(cloud, old)).slice(0, 3), await chat(cloud, fresh)]).toEqual(["401", "200"]);
    expect(readFileSync(join(reader.folder, ".env"), "utf8")).toContain(fresh);
  });

  it("works for an environment: it is created beside the other, and deleted as a whole", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    await reader.sh(UP);
    const { accounts, grants } = cloud.snapshot();
    const settings = (stack: string) => join(reader.folder, "stacks", `Pulumi.${stack}.yaml`);
    writeFileSync(settings("prod"), readFileSync(settings("dev"), "utf8").replace(/^encryptionsalt.*$/m, ""));

    expect(await reader.sh(howTo["Add an environment"]!)).toMatchObject({ code: 0 });
    expect(cloud.snapshot().accounts).toHaveLength(2);
    expect(await reader.sh(howTo["Take a whole environment away"]!)).toMatchObject({ code: 0 });

    expect(cloud.snapshot()).toMatchObject({ accounts, grants });
  });

  it("works for roles: those of the deployer are enough for all, and those of the reader to look and for nothing else", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    const page = readFileSync(join(__dirname, "../../docs/how-to.md"), "utf8");
    const signIn = (who: string) => {
      const [, row = ""] = new RegExp(`^\\| ${who}.*?\\|(.+)\\|$`, "m").exec(page) ?? [];
      const roles = [...row.matchAll(/`([\w.-]+)`/g)].map(([, role = ""]) => role);
      expect(roles).toHaveLength(2);
      return { YC_TOKEN: cloud.addToken(cloud.addAccount({ name: who, roles })) };
    };
    const [deployer, looker] = [signIn("deploys"), signIn("only")];
    const before = cloud.snapshot();

    expect(await reader.sh(UP, deployer)).toMatchObject({ code: 0 });
    expect(await reader.sh(DRIFT, looker)).toMatchObject({ code: 0 });
    expect(await reader.sh("npm run review -- --stack dev", looker)).toMatchObject({ code: 0 });
    const { accounts, grants } = cloud.snapshot();
    expect((await reader.sh(howTo["Add an application"]!, looker)).code).not.toBe(0);
    expect(cloud.snapshot()).toMatchObject({ accounts, grants });
    expect(await reader.sh("npm run destroy -- --stack dev --yes", deployer)).toMatchObject({ code: 0 });
    expect(cloud.snapshot()).toEqual(before);
  });
});
