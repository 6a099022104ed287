import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Emulator } from "../../emulator/emulator";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { startBucket } from "../support/bucket";
import { blocksOf, PASSPHRASE, startReader } from "./document";

const state = blocksOf("state.md");
const rotation = blocksOf("rotation.md");
const HOUR_MS = 60 * 60 * 1000;
const SETTINGS = "stacks/Pulumi.dev.yaml";
const UP = "npm start -- --stack dev --yes";
const KEY = "npm run pulumi -- stack output shopApiKey --show-secrets --stack dev";

// Each of these starts the engine several times, beside whatever else the machine does.
jest.setTimeout(900_000);

describe("state in a bucket of Object Storage", () => {
  it("is kept there by the commands of docs/state.md and holds no secret in clear", async () => {
    await using cloud = await startCloud();
    await using bucket = await startBucket();
    await using reader = startReader(cloud);
    const block = state["In a bucket of Object Storage"]!.replace("<bucket>", "team-state")
      .replace("https://storage.yandexcloud.net", bucket.endpoint)
      .replace("<key ID>", "S3RVER")
      .replace("<secret key>", "S3RVER")
      .replace("--stack dev\n", "--stack dev --yes\n");

    const { code, output } = await reader.sh(block);

    expect(output).toMatch(/^The answer: \S/m);
    expect(output).toMatch(/^ok {7}The backend s3:\/\/team-state\/access answers\.$/m);
    expect(output).toMatch(/^ok {7}Locks in a bucket are not looked at here: /m);
    expect(code).toBe(0);
    const env = { ...bucket.credentials, PULUMI_BACKEND_URL: bucket.url };
    const key = (await reader.sh(`${KEY} 2>/dev/null`, env)).output.trim();
    expect(key).toMatch(/^AQVN/);
    expect(await leaksOf(key, bucket.folder, { output })).toEqual([]);
    expect(existsSync(join(reader.folder, ".work", "state", ".pulumi"))).toBe(false);

    expect(await reader.sh("npm run destroy -- --stack dev --yes", env)).toMatchObject({ code: 0 });
    expect(cloud.snapshot().apiKeys).toEqual([]);
  });
});

describe("two updates at once", () => {
  it("are one that goes on, and one that ends and says whose the first is", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: HOUR_MS } } });
    await using bucket = await startBucket();
    await using first = startReader(cloud);
    await using second = startReader(cloud);
    const env = { ...bucket.credentials, PULUMI_BACKEND_URL: bucket.url };
    await first.sh("npm run pulumi -- stack init dev", env);
    copyFileSync(join(first.folder, SETTINGS), join(second.folder, SETTINGS));

    // Holds the lock while the cloud makes the account, which takes an hour of the cloud's clock.
    await using winner = first.start(UP, env);
    await winner.until(() => cloud.calls.some(({ method }) => method === "ServiceAccountService/Create"));
    const loser = await second.sh(UP, env);
    const made = cloud.calls.filter(({ method }) => method === "ServiceAccountService/Create");
    cloud.clock.advance(HOUR_MS);

    expect(loser.output).toMatch(
      /the stack is currently locked by 1 lock\(s\)[^]*created by \S+@\S+ \(pid \d+\) at \S+/,
    );
    expect(loser.code).not.toBe(0);
    expect(made).toHaveLength(1);
    cloud.switches.operations = "atOnce";
    const { code, output } = await winner.ended;
    expect([code, output]).toEqual([0, expect.stringMatching(/^The answer: \S/m)]);
    expect(await second.sh("npm run drift -- --stack dev", env)).toMatchObject({ code: 0 });
  });
});

describe("the state of a stack that is up", () => {
  // One stack serves all: no case changes a resource, and the last one changes the passphrase.
  const parts = new AsyncDisposableStack();
  let cloud: Emulator;
  let reader: ReturnType<typeof startReader>;
  let key: string;
  let before: ReturnType<Emulator["snapshot"]>;
  beforeAll(async () => {
    cloud = parts.use(await startCloud());
    reader = parts.use(startReader(cloud));
    await reader.sh(rotation["Of API keys"]!);
    key = (await reader.sh(KEY)).output.trim();
    before = cloud.snapshot();
  });
  afterAll(() => parts.disposeAsync());

  it("takes a compressed form in the place of the plain one without a change, holds no secret in clear, and is read by runs that do not compress", async () => {
    const folder = join(reader.folder, ".work", "state", ".pulumi", "stacks", "yandex-ai-access");
    const kept = () => readdirSync(folder).filter((name) => !name.endsWith(".bak"));
    expect(kept()).toEqual(["dev.json"]);

    const { code, output } = await reader.sh(state["A stack of many applications"]!);

    expect([code, output]).toEqual([0, expect.stringMatching(/Resources:\n +\d+ unchanged/)]);
    expect(kept()).toEqual(["dev.json.zst"]);
    expect(statSync(join(folder, "dev.json.zst")).size).toBeLessThan(statSync(join(folder, "dev.json.bak")).size / 3);
    expect(await leaksOf(key, join(reader.folder, ".work"), { output })).toEqual([]);
    expect((await reader.sh(KEY)).output.trim()).toBe(key);
    expect(await reader.sh("npm run pulumi -- up --stack dev --yes --skip-preview --expect-no-changes")).toMatchObject({
      code: 0,
    });
    expect(kept()).toEqual(["dev.json"]);
    expect(cloud.snapshot()).toEqual(before);
  });

  it("is moved to a bucket and back without a change, and shows no secret on the way", async () => {
    await using bucket = await startBucket();
    const move = state["Moving a stack from one place to another"]!;
    const leave = state["Forgetting it in the old place"]!;
    const folder = pathToFileURL(join(reader.folder, ".work", "state")).href;
    const there = { ...bucket.credentials, NEW_BACKEND_URL: bucket.url, OLD_BACKEND_URL: folder };
    const back = { ...bucket.credentials, NEW_BACKEND_URL: folder, OLD_BACKEND_URL: bucket.url };

    const exported = await reader.sh(move.replace("rm dev.json", "cp dev.json exported.json"), there);
    expect(exported).toMatchObject({ code: 0 });
    expect(await reader.sh(leave, there)).toMatchObject({ code: 0 });
    expect(readFileSync(join(reader.folder, "exported.json"), "utf8")).not.toContain(key);
    const away = await reader.sh(KEY);
    expect(away.output).toMatch(/no stack named 'dev'/);
    const returned = await reader.sh(move, { ...back, PULUMI_BACKEND_URL: bucket.url });
    expect(returned).toMatchObject({ code: 0 });
    expect(await reader.sh(leave, back)).toMatchObject({ code: 0 });

    expect((await reader.sh(KEY)).output.trim()).toBe(key);
    expect(cloud.snapshot()).toEqual(before);
    expect(await leaksOf(key, bucket.folder, { exported: exported.output, returned: returned.output })).toEqual([]);
  });

  it("gets another passphrase by the commands of docs/rotation.md, after which the old one opens nothing and no resource changed", async () => {
    const changed = await reader.sh(rotation["Of the passphrase"]!, { NEW_PASSPHRASE: "the passphrase of now" });

    expect(changed).toMatchObject({ code: 0 });
    expect((await reader.sh(KEY, { PULUMI_CONFIG_PASSPHRASE: "the passphrase of now" })).output.trim()).toBe(key);
    const old = await reader.sh(KEY, { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE });
    expect(old.output).toMatch(/incorrect passphrase/);
    expect(old.output).not.toContain(key);
    expect(cloud.snapshot()).toEqual(before);
    expect(await leaksOf(key, join(reader.folder, ".work"), { changed: changed.output })).toEqual([]);
    expect(await leaksOf("the passphrase of now", join(reader.folder, ".work"), { changed: changed.output })).toEqual(
      [],
    );
  });
});
