import { type DeployedKey, keysAt, KEY_SUFFIX, type RotationPolicy, type WantedKey } from "../../components/rotation";
import { fc } from "../support/properties";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse("2026-01-01T00:00:00Z");

const policies: fc.Arbitrary<RotationPolicy> = fc
  .record({
    everyDays: fc.integer({ min: 1, max: 400 }),
    overlap: fc.double({ min: 0, max: 1, noNaN: true }),
    anchorDay: fc.integer({ min: -800, max: 800 }),
    trigger: fc.option(fc.constantFrom("leak of June", "2", "again", " "), { nil: undefined }),
  })
  .map(({ everyDays, overlap, anchorDay, trigger }) => ({
    everyDays,
    overlapDays: Math.max(1, Math.round(everyDays * overlap)),
    anchor: new Date(START + anchorDay * DAY_MS).toISOString().slice(0, 10),
    trigger,
  }));

const moments = fc.integer({ min: 0, max: 800 * 24 }).map((hours) => new Date(START + hours * HOUR_MS));

/** What one `up` does to the keys: those wanted exist afterwards, all others are deleted. */
function up(now: Date, policy: RotationPolicy | undefined, deployed: readonly DeployedKey[]): DeployedKey[] {
  const { current, retiring } = keysAt({ now }, policy, deployed);
  return [current, ...retiring].map((key, index) => ({
    ...key,
    createdAt: deployed.find(({ suffix }) => suffix === key.suffix)?.createdAt ?? now.toISOString(),
    retires: index > 0,
  }));
}

const works = ({ expiresAt }: WantedKey, now: Date) => !expiresAt || Date.parse(expiresAt) > now.getTime();
const later = (now: Date, ms: number) => new Date(now.getTime() + ms);
const namesOf = (keys: readonly WantedKey[]) => keys.map(({ suffix }) => suffix);

const POLICY: RotationPolicy = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" };
const MARKED = /^-2026-01-01-[0-9a-f]{6}$/;

describe("keysAt", () => {
  it("gives a current key that works and goes on working for the overlap", () => {
    fc.assert(
      fc.property(moments, policies, (now, policy) => {
        const { suffix, expiresAt } = keysAt({ now }, policy, []).current;

        expect(suffix).toMatch(KEY_SUFFIX);
        expect(Date.parse(expiresAt!)).toBeGreaterThan(now.getTime() + policy.overlapDays * DAY_MS);
      }),
    );
  });

  it("names a first key and its end by its generation alone", () => {
    fc.assert(
      fc.property(moments, policies, fc.nat({ max: 23 }), (now, policy, hours) => {
        const key = keysAt({ now }, policy, []).current;
        const end = Date.parse(key.expiresAt!) - policy.overlapDays * DAY_MS;

        expect(
          keysAt({ now: new Date(Math.min(end - 1, now.getTime() + hours * HOUR_MS)) }, policy, []).current,
        ).toEqual(key);
        expect(keysAt({ now: new Date(end) }, policy, []).current.suffix).not.toBe(key.suffix);
      }),
    );
  });

  it("begins with one key, whatever the moment and the anchor", () => {
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

  it("keeps at most two working keys while the policy stays the same, however irregular the runs", () => {
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

  it("recovers in one run from any absence, without an expired key", () => {
    fc.assert(
      fc.property(moments, policies, fc.integer({ min: 0, max: 2000 }), (now, policy, days) => {
        const back = later(now, days * DAY_MS);
        const deployed = up(back, policy, up(now, policy, []));

        expect(deployed.every((key) => works(key, back))).toBe(true);
        expect(Date.parse(deployed[0]!.expiresAt!)).toBeGreaterThan(back.getTime() + policy.overlapDays * DAY_MS);
      }),
    );
  });

  it("makes a new key at once when the trigger changes, and keeps the old one for the overlap", () => {
    const now = new Date("2026-02-10T09:30:00Z");
    const before = up(new Date("2026-01-05T00:00:00Z"), POLICY, []);

    const after = up(now, { ...POLICY, trigger: "a laptop was stolen" }, before);

    expect(after.map(({ suffix, expiresAt }) => [suffix, expiresAt])).toEqual([
      [expect.stringMatching(MARKED), "2026-04-15T00:00:00Z"],
      ["-2026-01-01", "2026-02-25T00:00:00Z"],
    ]);
  });

  it.each([
    ["is removed", undefined],
    ["is left blank", " "],
  ])("leaves the key of a trigger current when the trigger %s", (_, trigger) => {
    const [first, second, third] = ["2026-02-01", "2026-02-10", "2026-02-12"].map((date) => new Date(date));
    const triggered = up(second!, { ...POLICY, trigger: "leak" }, up(first!, POLICY, []));

    expect(up(third!, { ...POLICY, trigger }, triggered)).toEqual(triggered);
    const afterOverlap = up(new Date("2026-03-05"), { ...POLICY, trigger }, triggered);
    expect(namesOf(afterOverlap)).toEqual([triggered[0]!.suffix]);
  });

  it("makes a third key, and not the first one again, when a trigger is set back to an earlier value", () => {
    const first = up(new Date("2026-02-01"), { ...POLICY, trigger: "A" }, []);
    const second = up(new Date("2026-02-02"), { ...POLICY, trigger: "B" }, first);

    const third = up(new Date("2026-02-03"), { ...POLICY, trigger: "A" }, second);

    expect(third.map(({ retires }) => retires)).toEqual([false, true, true]);
    expect(namesOf(first)).not.toContain(third[0]!.suffix);
    expect(namesOf(second)).not.toContain(third[0]!.suffix);
    expect(up(new Date("2026-03-01"), { ...POLICY, trigger: "A" }, third)).toEqual([third[0]]);
  });

  it("does not use the name of a key again that somebody deleted by hand and that the state still has", () => {
    const at = new Date(START);
    const first = up(at, { ...POLICY, trigger: "A" }, []);
    const [second, retiring] = up(at, { ...POLICY, trigger: "B" }, first);
    const deployed = [second!, { ...retiring!, isGone: true }];
    const { current, retiring: left } = keysAt({ now: at }, { ...POLICY, trigger: "A" }, deployed);

    expect(namesOf(first)).toEqual([retiring!.suffix]);
    expect(namesOf(deployed)).not.toContain(current.suffix);
    expect(namesOf(left)).toEqual([second!.suffix]);
  });

  it("does not take a retiring key up again when the current one was deleted by hand and refreshed away", () => {
    const leaked = up(new Date("2026-02-01"), POLICY, []);
    const [, retiring] = up(new Date("2026-02-02"), { ...POLICY, trigger: "leak" }, leaked);

    const { current } = keysAt({ now: new Date("2026-02-03") }, POLICY, [retiring!]);

    expect(current.suffix).toMatch(MARKED);
  });

  it("keeps the key in use, without an end, when rotation is removed, and makes the next one when it returns", () => {
    const rotating = up(new Date("2026-02-01"), POLICY, up(new Date("2025-12-01"), undefined, []));

    const kept = up(new Date("2026-02-02"), undefined, rotating);
    expect(kept[0]).toMatchObject({ suffix: "-2026-01-01", retires: false });
    expect(kept[0]!.expiresAt).toBeUndefined();
    expect(kept[1]).toMatchObject({ suffix: "", expiresAt: "2026-02-15T00:00:00Z" });
    expect(namesOf(up(new Date("2026-04-02"), POLICY, kept))).toEqual(["-2026-04-01", "-2026-01-01"]);
  });

  it.each([undefined, "", "never"])("takes an expiry of %p for no expiry", (expiresAt) => {
    const { retiring } = keysAt({ now: new Date("2026-02-01T10:00:00Z") }, POLICY, [{ suffix: "", expiresAt }]);

    expect(retiring).toEqual([{ suffix: "", expiresAt: "2026-02-16T00:00:00Z" }]);
  });

  it("deletes no key and changes no expiry while the time is unsure", () => {
    const states = fc.array(fc.tuple(moments, fc.option(policies, { nil: undefined })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(states, moments, policies, (runs, now, policy) => {
        const deployed = runs.reduce((keys, [moment, past]) => up(moment, past, keys), [] as DeployedKey[]);

        const { current, retiring } = keysAt({ now, isUnsure: true }, policy, deployed);

        const after = new Map([current, ...retiring].map(({ suffix, expiresAt }) => [suffix, expiresAt]));
        for (const { suffix, expiresAt } of deployed) expect([...after]).toContainEqual([suffix, expiresAt]);
      }),
    );
  });

  it("keeps a protected key for one run beyond its end, in which its protection is lifted", () => {
    const first = up(new Date("2026-01-05"), POLICY, []);
    const late = new Date("2027-01-05");

    const { current, retiring } = keysAt({ now: late, isProtected: true }, POLICY, first);
    expect(retiring).toEqual([{ suffix: "-2026-01-01", expiresAt: "2026-04-15T00:00:00Z" }]);

    const deployed = [current, { ...retiring[0]!, retires: true }];
    expect(keysAt({ now: late, isProtected: true }, POLICY, deployed).retiring).toEqual([]);
  });
});
