import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { version } from "../../provider/schema/package";
import { chat } from "../support/access";
import { leaksOf } from "../support/leakScan";
import { FOLDER, record, replay } from "./recording";
import { ADOPTED } from "./recordedProgram";

const recordings = existsSync(FOLDER) ? readdirSync(FOLDER) : [];

// The engine starts several times in each of these.
jest.setTimeout(200_000);

describe("the states of released versions", () => {
  it("are recorded, that of the present version too; npm run record records it again", async () => {
    if (process.env["RECORD_STATE"]) await record();

    expect(readdirSync(FOLDER)).toContain(`${version}.json`);
  });

  // Case 37: an upgrade creates nothing, deletes nothing, and replaces no key.
  it.each(recordings)("preview without a change, and refresh to what they were: %s", async (file) => {
    await using recorded = await replay(file);
    const { stack } = recorded;

    const preview = await stack.preview();

    expect(preview.steps).toEqual({});
    expect(preview.output).not.toMatch(/warning|error/i);
    expect((await stack.refresh()).steps).toEqual({});
    expect((await stack.preview()).steps).toEqual({});
  });

  it.each(recordings)("keep their keys over an update, and leave nothing behind after a destroy: %s", async (file) => {
    await using recorded = await replay(file);
    const { cloud, stack } = recorded;
    const before = await stack.outputs();
    const keys = cloud.snapshot().apiKeys;

    const { steps, outputs } = await stack.up();

    expect(steps).toEqual({});
    expect(outputs).toEqual(before);
    expect(cloud.snapshot().apiKeys).toEqual(keys);
    for (const name of ["shopApiKey", "shopPreviousApiKey"]) {
      expect([name, outputs[name]?.secret, await chat(cloud, outputs[name]?.value)]).toEqual([name, true, "200"]);
    }

    await stack.destroy();
    const left = cloud.snapshot();
    expect(left.accounts.map(({ name }) => name)).toEqual([ADOPTED]);
    expect(left.grants.map(({ roleId }) => roleId)).toEqual(["admin"]);
    expect(left.apiKeys).toEqual([]);
  });

  it.each(recordings)("show no secret, no machine and no address of it: %s", async (file) => {
    await using recorded = await replay(file);
    const secrets = Object.values(await recorded.stack.outputs()).filter(({ secret }) => secret);

    expect(secrets.length).toBeGreaterThanOrEqual(5);
    for (const { value } of secrets) expect([value, await leaksOf(value as string, FOLDER)]).toEqual([value, []]);
    const text = await readFile(join(FOLDER, file), "utf8");
    for (const place of [process.cwd(), "node_modules", "/tmp/", "127.0.0.1", "localhost"]) {
      expect([place, text.includes(place)]).toEqual([place, false]);
    }
  });
});
