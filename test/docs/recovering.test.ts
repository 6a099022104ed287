import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { openApi } from "../support/api";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { blocksOf, startReader } from "./document";

const recovering = blocksOf("recovering.md");
const UP = "npm start -- --stack dev --yes";
const DRIFT = "npm run drift -- --stack dev";
const KEY = "npm run pulumi -- stack output shopApiKey --show-secrets --stack dev";

// Each of these starts the engine several times, beside whatever else the machine does.
jest.setTimeout(900_000);

describe("what docs/recovering.md says, when an update was killed", () => {
  it("removes the lock, continues the update, and creates nothing twice", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    await killUpdate(reader, cloud, 1);

    const locked = await reader.sh(UP);
    expect(locked.output).toContain("the stack is currently locked by 1 lock(s)");
    expect(locked.code).not.toBe(0);
    expect(await reader.sh(recovering["A lock that nobody holds"]!)).toMatchObject({ code: 0 });
    expect(await reader.sh(UP)).toMatchObject({ code: 0 });
    expect(count(cloud)).toEqual({ accounts: 1, apiKeys: 1 });

    const blog = "config set --path 'yandex-ai-access:apps.blog.capabilities[0]' translation --stack dev";
    expect(await reader.sh(`npm run pulumi -- ${blog}`)).toMatchObject({ code: 0 });
    await killUpdate(reader, cloud, 2);
    const { code, output } = await reader.sh(recovering["An update that was interrupted"]!);

    expect([code, output]).toEqual([0, expect.stringMatching(/\+ \d created/)]);
    expect(count(cloud)).toEqual({ accounts: 2, apiKeys: 2 });
    expect(await reader.sh(DRIFT)).toMatchObject({ code: 0 });
  });
});

describe("what docs/recovering.md says, when something of a stack is lost", () => {
  // One stack serves all: each case but the last leaves it as it was.
  const parts = new AsyncDisposableStack();
  let cloud: Emulator;
  let reader: ReturnType<typeof startReader>;
  beforeAll(async () => {
    cloud = parts.use(await startCloud());
    reader = parts.use(startReader(cloud));
    await reader.sh(UP);
  });
  afterAll(() => parts.disposeAsync());

  it("shows that an account was deleted by hand, and creates it again with all that was on it", async () => {
    using api = openApi(cloud, "rest");
    await api.call("ServiceAccountService/Delete", { serviceAccountId: cloud.snapshot().accounts[0]?.id });

    const { code, output } = await reader.sh(recovering["Deleted by hand"]!);

    expect(output).toContain("removed outside of the program: service account shop");
    expect(code).toBe(0);
    expect(count(cloud)).toEqual({ accounts: 1, apiKeys: 1 });
    expect(await reader.sh(DRIFT)).toMatchObject({ code: 0 });
  });

  it("restores settings and salt from the state where the file of a stack is lost", async () => {
    const file = join(reader.folder, "stacks", "Pulumi.dev.yaml");
    const salt = /^encryptionsalt:.*$/m.exec(readFileSync(file, "utf8"))?.[0];
    expect(salt).toBeDefined();
    rmSync(file);

    expect(await reader.sh(recovering["The file of a stack is lost"]!)).toMatchObject({ code: 0 });

    expect(readFileSync(file, "utf8")).toContain(salt);
    expect(await reader.sh(DRIFT)).toMatchObject({ code: 0 });
  });

  it("takes account and roles over where the passphrase is lost, and the application gets a new key", async () => {
    const key = (await reader.sh(KEY)).output.trim();
    const before = cloud.snapshot();
    const [account] = before.accounts;
    const forgotten = {
      PULUMI_CONFIG_PASSPHRASE: "what was it?",
      NEW_PASSPHRASE: "the passphrase of now",
      ACCOUNT_ID: account!.id,
    };

    const { code, output } = await reader.sh(recovering["The passphrase is lost, or the state"]!, forgotten);

    const after = cloud.snapshot();
    expect([code, output]).toEqual([0, expect.stringMatching(/^The answer: \S/m)]);
    expect(after.accounts.map(({ id, name }) => ({ id, name }))).toEqual([{ id: account!.id, name: account!.name }]);
    expect(after.grants).toEqual(before.grants);
    expect(output).toContain(`API key ${before.apiKeys[0]?.id} is not in the state:`);
    const now = { PULUMI_CONFIG_PASSPHRASE: "the passphrase of now" };
    const next = (await reader.sh(KEY, now)).output.trim();
    expect([next, next === key]).toEqual([expect.stringMatching(/^AQVN/), false]);
    for (const secret of [key, next])
      expect(await leaksOf(secret, join(reader.folder, ".work", "state"), { output })).toEqual([]);
  });
});

const count = (cloud: Emulator) => {
  const { accounts, apiKeys } = cloud.snapshot();
  return { accounts: accounts.length, apiKeys: apiKeys.length };
};

/** Brings the stack up until the cloud has so many accounts and never answers for the last, and kills all that runs. */
async function killUpdate(reader: ReturnType<typeof startReader>, cloud: Emulator, accounts: number) {
  cloud.fault({ method: "ServiceAccountService/Create", when: "after", hang: true });
  await using update = reader.start(UP);
  await update.until(() => cloud.snapshot().accounts.length === accounts);
}
