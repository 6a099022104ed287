import type { Emulator } from "../../emulator/emulator";
import { startReader } from "../docs/document";
import { chat } from "../support/access";
import { startCloud } from "../support/cloud";
import { entriesOf } from "../support/lockbox";

const UP = "npm start -- --stack dev --yes";
const REVOKE = "npm run revoke -- --stack dev --app shop";
const DELIVERY = "deliverTo: { lockbox: { name: shop, entry: api_key } }";
jest.setTimeout(300_000);

type Reader = ReturnType<typeof startReader>;

const output = async (reader: Reader, name: string) =>
  (await reader.sh(`npm run --silent pulumi -- stack output ${name} --show-secrets --stack dev`)).output.trim();
const answers = async (cloud: Emulator, ...keys: string[]) =>
  (await Promise.all(keys.map((key) => chat(cloud, key)))).map((answer) => answer.slice(0, 3));

// Of a previous key: test/docs/howTo.test.ts.
describe("npm run revoke", () => {
  it("ends the key of an application without rotation and makes one that works", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    await reader.sh(UP);
    const old = await output(reader, "shopApiKey");

    const { code, output: said } = await reader.sh(`${REVOKE} --yes`);

    expect([code, said]).toEqual([0, expect.stringContaining("AI Studio refuses the old key (401).")]);
    expect(said).toContain("Next: npm run env -- --stack dev --app shop");
    expect(said).not.toContain(old);
    expect(await answers(cloud, old, await output(reader, "shopApiKey"))).toEqual(["401", "200"]);
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
    expect((await reader.sh("npm run pulumi -- preview --stack dev --expect-no-changes")).code).toBe(0);
  });

  it("ends a delivered key, puts the new one into Lockbox, and proves it where it may read the old one", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud, DELIVERY);
    await reader.sh(UP);
    const secretId = await output(reader, "shopSecretId");
    const key = async () => (await entriesOf(cloud, secretId))["api_key"]!;
    const [first, firstId] = [await key(), await output(reader, "shopApiKeyId")];

    const { code, output: said } = await reader.sh(`${REVOKE} --yes`);
    const second = await key();
    cloud.fault({ method: "PayloadService/Get", code: "PERMISSION_DENIED", times: 1 });
    const unproved = await reader.sh(`${REVOKE} --yes`);
    cloud.clearFaults();
    const third = await key();

    expect([code, said]).toEqual([0, expect.stringContaining("AI Studio refuses the old key (401).")]);
    expect(said).toContain(`The new key is the current version of Lockbox secret ${secretId}.`);
    expect([unproved.code, unproved.output]).toEqual([0, expect.stringContaining("cannot be read here")]);
    for (const text of [first, second, third]) expect(said + unproved.output).not.toContain(text);
    expect(await answers(cloud, first, second, third)).toEqual(["401", "401", "200"]);
    expect(cloud.snapshot().apiKeys.map(({ id }) => id)).not.toContain(firstId);
  });
});
