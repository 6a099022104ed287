import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { chat } from "../support/access";
import { startCloud } from "../support/cloud";
import { blocksOf, startReader } from "./document";

const howTo = blocksOf("how-to.md");
const ROTATION = 'rotation: { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" }';
const UP = "npm start -- --stack dev --yes";
const key = (app = "shop") => `npm run pulumi -- stack output ${app}ApiKey --show-secrets --stack dev`;

// Each of these starts the engine several times, beside whatever else the machine does.
jest.setTimeout(900_000);

describe("what docs/how-to.md says", () => {
  // One stack serves all, and is deployed by an account that has the roles of the page: each case but the last leaves
  // it up. What a page does not say of `revoke` is in test/commands/revoke.test.ts.
  const parts = new AsyncDisposableStack();
  let cloud: Emulator;
  let reader: ReturnType<typeof startReader>;
  let empty: ReturnType<Emulator["snapshot"]>;
  let looker: { YC_TOKEN: string };
  const keyOf = async (app?: string) => (await reader.sh(key(app))).output.trim();

  beforeAll(async () => {
    cloud = parts.use(await startCloud());
    const [deployer, onlyLooks] = ["deploys", "only"].map((who) =>
      cloud.addToken(cloud.addAccount({ name: who, roles: rolesOf(who) })),
    );
    looker = { YC_TOKEN: onlyLooks! };
    reader = parts.use(startReader({ ...cloud, token: deployer! }, ROTATION));
    empty = cloud.snapshot();
    expect(await reader.sh(UP)).toMatchObject({ code: 0 });
  });
  afterAll(() => parts.disposeAsync());

  it("works for a leak: a new key at once, and the old one works until somebody ends it", async () => {
    const old = await keyOf();
    const none = await reader.sh(howTo["End the old key at once"]!);

    const replaced = await reader.sh(howTo["Replace a key that has leaked"]!);
    const current = await keyOf();
    const during = [await chat(cloud, old), await chat(cloud, current)];
    const ended = await reader.sh(howTo["End the old key at once"]!);
    const after = [(await chat(cloud, old)).slice(0, 3), await chat(cloud, current)];

    expect([none.code, none.output]).toEqual([1, expect.stringContaining("has no previous key now")]);
    expect(replaced).toMatchObject({ code: 0 });
    expect(during).toEqual(["200", "200"]);
    expect([ended.code, ended.output]).toEqual([0, expect.stringContaining("AI Studio refuses the old key (401).")]);
    expect(ended.output).not.toContain("Next:");
    expect(ended.output).not.toContain(old);
    expect(after).toEqual(["401", "200"]);
    expect(await keyOf()).toBe(current);
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
    expect(await reader.sh(howTo["Go to a new version"]!)).toMatchObject({ code: 0 });
  });

  it("works for a leak that cannot wait: the key is refused at once, and a new one is there", async () => {
    const old = await keyOf();
    expect((await reader.sh("npm run revoke -- --stack dev --app shop")).output).toMatch(/^Nothing was done/);
    expect(await chat(cloud, old)).toBe("200");

    const { code, output } = await reader.sh(howTo["Revoke a key that has leaked, now"]!);
    const fresh = await keyOf();

    expect([code, output]).toEqual([0, expect.stringContaining("AI Studio refuses the old key (401)")]);
    expect(output).not.toContain(old);
    expect([(await chat(cloud, old)).slice(0, 3), await chat(cloud, fresh)]).toEqual(["401", "200"]);
    expect(readFileSync(join(reader.folder, ".env"), "utf8")).toContain(fresh);
  });

  it("works for roles: those of the reader are enough to look and for nothing else", async () => {
    const settings = join(reader.folder, "stacks", "Pulumi.dev.yaml");
    const text = readFileSync(settings, "utf8");
    const { accounts, grants } = cloud.snapshot();

    const drift = await reader.sh("npm run drift -- --stack dev", looker);
    const review = await reader.sh("npm run review -- --stack dev", looker);
    const added = await reader.sh(howTo["Add an application"]!, looker);
    writeFileSync(settings, text);

    expect([drift.code, review.code]).toEqual([0, 0]);
    expect(added.code).not.toBe(0);
    expect(cloud.snapshot()).toMatchObject({ accounts, grants });
  });

  it("works for an application: it comes, its key is handed over, and it goes with all that it had", async () => {
    const before = cloud.snapshot();

    const added = await reader.sh(howTo["Add an application"]!);
    const blog = await keyOf("blog");
    const handed = await reader.sh(howTo["Give the key to an application"]!);
    const removed = await reader.sh(howTo["Take an application away"]!);

    expect([added.code, added.output]).toEqual([0, expect.stringContaining("gains translation")]);
    expect(blog).toMatch(/^AQVN/);
    expect([handed.code, handed.output]).toEqual([0, expect.stringMatching(/^Wrote \.env/)]);
    const shop = await keyOf();
    expect(readFileSync(join(reader.folder, ".env"), "utf8")).toContain(`OPENAI_API_KEY=${shop}\n`);
    expect([removed.code, removed.output]).toEqual([0, expect.stringContaining("account deleted: blog")]);
    expect(await chat(cloud, blog)).toMatch(/^401/);
    expect(await chat(cloud, shop)).toBe("200");
    const after = cloud.snapshot();
    expect([after.accounts, after.grants]).toEqual([before.accounts, before.grants]);
    expect(after.apiKeys).toHaveLength(1);
  });

  it("works for an environment: it is created beside the other, and deleted as a whole", async () => {
    const { accounts, grants } = cloud.snapshot();
    const settings = (stack: string) => join(reader.folder, "stacks", `Pulumi.${stack}.yaml`);
    writeFileSync(settings("prod"), readFileSync(settings("dev"), "utf8").replace(/^encryptionsalt.*$/m, ""));

    expect(await reader.sh(howTo["Add an environment"]!)).toMatchObject({ code: 0 });
    expect(cloud.snapshot().accounts).toHaveLength(accounts.length + 1);
    expect(await reader.sh(howTo["Take a whole environment away"]!)).toMatchObject({ code: 0 });

    expect(cloud.snapshot()).toMatchObject({ accounts, grants });
  });

  it("works for roles: those of the deployer are enough for all, also to delete it", async () => {
    expect(await reader.sh("npm run destroy -- --stack dev --yes")).toMatchObject({ code: 0 });
    expect(cloud.snapshot()).toEqual(empty);
  });
});

/** The roles in the page's table, in the row of somebody. */
function rolesOf(who: string): string[] {
  const page = readFileSync(join(__dirname, "../../docs/how-to.md"), "utf8");
  const [, row = ""] = new RegExp(`^\\| ${who}.*?\\|(.+)\\|$`, "m").exec(page) ?? [];
  const roles = [...row.matchAll(/`([\w.-]+)`/g)].map(([, role = ""]) => role);
  expect(roles).toHaveLength(2);
  return roles;
}
