import type { Emulator } from "../../emulator/emulator";
import { access, advanceTo, chat, startStackOn } from "../support/access";
import type { Json } from "../support/api";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { addSecret } from "../support/lockbox";
import { dayAfter } from "./rotationDays";
import { fc, runs } from "../support/properties";

const ENTRY = "api_key";
/** Five generations in two years. */
const rotation = { everyDays: 180, overlapDays: 30, anchor: "2027-01-01" };

/** What can go wrong in one run, at each step on the way of a key from its creation to the state. */
const FAULTS: (Parameters<Emulator["fault"]>[0] | undefined)[] = [
  undefined,
  { method: "ApiKeyService/Create", code: "UNAVAILABLE", when: "after" },
  { method: "SecretService/AddVersion", code: "PERMISSION_DENIED" },
  { method: "SecretService/AddVersion", code: "DATA_LOSS", when: "after" },
  { method: "SecretService/AddVersion", cut: true, when: "after", times: 1 },
  { method: "ApiKeyService/Update", code: "PERMISSION_DENIED" },
  { method: "SecretService/ScheduleVersionDestruction", code: "PERMISSION_DENIED" },
];

/** An application that reads its key from Lockbox again and again, and asks the model with what it finds. */
function startReader(cloud: Emulator, secretId: string) {
  const refusals: string[] = [];
  const keys = new Set<string>();
  let stopped = false;
  const reading = (async () => {
    let token = cloud.addToken(cloud.deployerId);
    while (!stopped) {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${cloud.url}/lockbox/v1/secrets/${secretId}/payload`, { headers });
      if (answer.status === 401) token = cloud.addToken(cloud.deployerId);
      const { entries = [] } = (await answer.json()) as Json;
      const key = (entries as Json[]).find((entry) => entry.key === ENTRY)?.textValue as string | undefined;
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (key === undefined) continue;
      keys.add(key);
      const said = await chat(cloud, key);
      if (said !== "200") refusals.push(`${new Date(cloud.clock.now()).toISOString()} ${said}`);
    }
  })();
  return { refusals, keys, [Symbol.asyncDispose]: () => ((stopped = true), reading) };
}

describe("a delivered key that rotates", () => {
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it("opens the model to each reader of the current version in two years, whatever fails on the way", async () => {
    const faults = fc.array(fc.constantFrom(...FAULTS), { minLength: 5, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(faults, async (failures) => {
        await using cloud = await startCloud();
        const secretId = await addSecret(cloud, [{ key: "theirs", textValue: "their-own-value" }]);
        const program = access({ rotation, deliverTo: { lockbox: { secretId, entry: ENTRY } } });
        await using stack = await startStackOn(cloud, program);
        await using reader = startReader(cloud, secretId);

        for (const [generation, fault] of failures.entries()) {
          advanceTo(cloud, stack, dayAfter(generation * rotation.everyDays + 1));
          if (fault) cloud.fault(fault);
          await stack.tryUp();
          await stack.up();
        }

        expect(reader.refusals).toEqual([]);
        expect(reader.keys.size).toBe(failures.length);
        expect((await stack.preview()).steps).toEqual({});
        const printed = stack.printed();
        for (const key of reader.keys)
          expect(await leaksOf(key, stack.folder, { printed, cloud: cloud.dump() })).toEqual([]);
      }),
      { numRuns: runs(1) },
    );
  });
});
