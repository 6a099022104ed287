import fc from "fast-check";
import {
  currentKey,
  type DeployedKey,
  KEY_SUFFIX,
  policyMistakes,
  retiringKeys,
  type RotationPolicy,
  type WantedKey,
} from "../../components/rotation";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse("2026-01-01T00:00:00Z");

const policies: fc.Arbitrary<RotationPolicy> = fc
  .record({
    everyDays: fc.integer({ min: 1, max: 400 }),
    overlap: fc.double({ min: 0, max: 1, noNaN: true }),
    anchorDay: fc.integer({ min: -800, max: 800 }),
    trigger: fc.option(fc.constantFrom("leak of June", "2", "again"), { nil: undefined }),
  })
  .map(({ everyDays, overlap, anchorDay, trigger }) => ({
    everyDays,
    overlapDays: Math.max(1, Math.round(everyDays * overlap)),
    anchor: new Date(START + anchorDay * DAY_MS).toISOString().slice(0, 10),
    trigger,
  }));

const moments = fc.integer({ min: 0, max: 800 * 24 }).map((hours) => new Date(START + hours * HOUR_MS));

/** What one `up` does to the keys: those wanted are there afterwards, all others are deleted. */
function up(now: Date, policy: RotationPolicy | undefined, deployed: readonly DeployedKey[]): DeployedKey[] {
  const current: WantedKey = policy ? currentKey(now, policy) : { suffix: "" };
  const wanted = [current, ...retiringKeys(now, policy, current, deployed)];
  return wanted.map((key) => ({
    ...key,
    createdAt: deployed.find(({ suffix }) => suffix === key.suffix)?.createdAt ?? now.toISOString(),
  }));
}

const works = ({ expiresAt }: WantedKey, now: Date) => !expiresAt || Date.parse(expiresAt) > now.getTime();
const later = (now: Date, ms: number) => new Date(now.getTime() + ms);

describe("rotation", () => {
  it("has exactly one current key at every moment, which works and goes on working for the overlap", () => {
    fc.assert(
      fc.property(moments, policies, (now, policy) => {
        const { suffix, expiresAt } = currentKey(now, policy);

        expect(suffix).toMatch(KEY_SUFFIX);
        expect(Date.parse(expiresAt!)).toBeGreaterThan(now.getTime() + policy.overlapDays * DAY_MS);
      }),
    );
  });

  it("names a key and its end by its generation alone: the same on every day of it, another in the next", () => {
    fc.assert(
      fc.property(moments, policies, fc.nat({ max: 23 }), (now, policy, hours) => {
        const key = currentKey(now, policy);
        const end = Date.parse(key.expiresAt!) - policy.overlapDays * DAY_MS;

        expect(currentKey(new Date(Math.min(end - 1, now.getTime() + hours * HOUR_MS)), policy)).toEqual(key);
        expect(currentKey(new Date(end), policy).suffix).not.toBe(key.suffix);
      }),
    );
  });

  it("begins with one key, whenever the application is new and whatever its anchor", () => {
    fc.assert(fc.property(moments, policies, (now, policy) => expect(up(now, policy, [])).toHaveLength(1)));
  });

  it("changes nothing in a second run at the same moment", () => {
    fc.assert(
      fc.property(moments, policies, fc.option(policies, { nil: undefined }), (now, policy, before) => {
        const deployed = up(now, policy, up(later(now, -30 * DAY_MS), before, []));

        expect(up(now, policy, deployed)).toEqual(deployed);
      }),
    );
  });

  it("has at most two working keys while the policy stands, however irregular the runs", () => {
    fc.assert(
      fc.property(policies, fc.array(fc.integer({ min: 1, max: 300 * 24 }), { maxLength: 30 }), (policy, pauses) => {
        let now = new Date(START);
        let deployed: DeployedKey[] = [];
        for (const hours of pauses) {
          now = later(now, hours * HOUR_MS);
          deployed = up(now, policy, deployed);
          expect(deployed.length).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  it("recovers in one run from any absence, without a key that has died", () => {
    fc.assert(
      fc.property(moments, policies, fc.integer({ min: 0, max: 2000 }), (now, policy, days) => {
        const back = later(now, days * DAY_MS);
        const deployed = up(back, policy, up(now, policy, []));

        expect(deployed.every((key) => works(key, back))).toBe(true);
        expect(deployed[0]!.suffix).toBe(currentKey(back, policy).suffix);
      }),
    );
  });

  // The heart of it: whoever deploys within the overlap after a run never meets a refusal, whatever was changed.
  it("keeps every working key for the overlap, or to its own end if that comes first, whatever change of policy", () => {
    const changes = fc.array(
      fc.record({ policy: fc.option(policies, { nil: undefined }), hours: fc.integer({ min: 0, max: 100 * 24 }) }),
      { minLength: 2, maxLength: 12 },
    );
    fc.assert(
      fc.property(changes, (runs) => {
        let now = new Date(START);
        let deployed: DeployedKey[] = [];
        for (const { policy, hours } of runs) {
          now = later(now, hours * HOUR_MS);
          const after = up(now, policy, deployed);
          for (const held of deployed.filter((key) => works(key, now))) {
            const kept = after.find(({ suffix }) => suffix === held.suffix);
            const promised = policy ? now.getTime() + policy.overlapDays * DAY_MS : Infinity;
            const end = (key: WantedKey) => (key.expiresAt ? Date.parse(key.expiresAt) : Infinity);

            expect(kept).toBeDefined();
            expect(end(kept!)).toBeGreaterThanOrEqual(Math.min(promised, end(held)));
          }
          deployed = after;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("serves every request of a client that takes the new key within the overlap, for as long as somebody runs it", () => {
    const timelines = policies.chain((policy) =>
      fc.record({
        policy: fc.constant(policy),
        // Hours between runs, and after each run until the client has the key of that run: together within the overlap.
        runs: fc.array(
          fc.record({
            pause: fc.integer({ min: 1, max: Math.max(1, policy.overlapDays * 12) }),
            delivery: fc.integer({ min: 0, max: Math.max(0, policy.overlapDays * 12 - 1) }),
          }),
          { minLength: 5, maxLength: 60 },
        ),
      }),
    );
    fc.assert(
      fc.property(timelines, ({ policy, runs }) => {
        let now = new Date(START);
        let deployed = up(now, policy, []);
        let held = deployed[0]!.suffix;
        for (const { pause, delivery } of runs) {
          now = later(now, pause * HOUR_MS);
          deployed = up(now, policy, deployed);
          const moment = later(now, Math.min(delivery, pause) * HOUR_MS);
          const key = deployed.find(({ suffix }) => suffix === held);

          expect(key && works(key, moment)).toBe(true);
          held = deployed[0]!.suffix;
        }
      }),
    );
  });

  it("makes a new key at once when the trigger changes, and keeps the old one for the overlap", () => {
    const now = new Date("2026-02-10T09:30:00Z");
    const policy = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" };
    const before = up(new Date("2026-01-05T00:00:00Z"), policy, []);

    const after = up(now, { ...policy, trigger: "a laptop was stolen" }, before);

    expect(after.map(({ suffix, expiresAt }) => [suffix, expiresAt])).toEqual([
      [expect.stringMatching(/^-2026-01-01-[0-9a-f]{6}$/), "2026-04-15T00:00:00Z"],
      ["-2026-01-01", "2026-02-25T00:00:00Z"],
    ]);
  });

  it.each([
    [{ everyDays: 0 }, "everyDays must be a whole number of days from 1 to 3650, not 0"],
    [{ everyDays: 1.5 }, "everyDays must be a whole number of days from 1 to 3650, not 1.5"],
    [{ overlapDays: 0 }, "overlapDays must be a whole number of days from 1, not 0"],
    [{ overlapDays: 91 }, "overlapDays is 91 days, more than everyDays (90); three keys would work at once"],
    [{ anchor: "2026-02-30" }, 'anchor must be a day such as "2026-01-01", not "2026-02-30"'],
    [{ anchor: "soon" }, 'anchor must be a day such as "2026-01-01", not "soon"'],
  ])("refuses %j", (change, sentence) => {
    const policy = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01", ...change };

    expect(policyMistakes(policy).map(({ property, reason }) => `${property} ${reason}`)).toEqual([sentence]);
  });

  it("takes every policy that it may be given", () => {
    fc.assert(fc.property(policies, (policy) => expect(policyMistakes(policy)).toEqual([])));
  });
});
