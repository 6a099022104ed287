import { type DeployedKey, keysAt, type RotationPolicy } from "../../components/rotation";
import { fc, runs } from "../support/properties";

/**
 * A stack as a machine: whatever is done to it, in whatever order, a client that holds the key which was handed out last,
 * or the one before within its overlap, is served.
 */

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

interface CloudKey extends DeployedKey {
  id: number;
}

interface Machine {
  /** The cloud's time. */
  now: number;
  policy: RotationPolicy | undefined;
  /** How far this machine's clock is off. */
  skew: number;
  keys: CloudKey[];
  /** What the state says, which may name keys that somebody deleted. */
  state: CloudKey[];
  made: number;
  /** IDs that an `up` gave out as the current key, in that order, with the moment until which the cloud promised to serve it. */
  handedOut: { id: number; until: number; byTarget?: boolean }[];
  deletedByHand: Set<number>;
}

const end = ({ expiresAt }: DeployedKey) => (expiresAt ? Date.parse(expiresAt) : Infinity);
const serves = (machine: Machine, id: number) => machine.keys.some((key) => key.id === id && end(key) > machine.now);

type Step = (machine: Machine) => void;

interface Up {
  /** Whether it reaches its end; a run with `--target` does not reach that of the component. */
  finishes: boolean;
  asksCloud: boolean;
  /** With `--target`: whether the key of this place in the plan, the current one first, is among the targets. */
  targets?: readonly boolean[];
}

/** What an `up` does; `isUnsure` and the time as the component finds them out. */
function up(machine: Machine, { finishes, asksCloud, targets }: Up): void {
  const clock = machine.now + machine.skew;
  const isWrong = Math.abs(machine.skew) > 5 * 60_000;
  const past = machine.state.map(({ createdAt }) => Date.parse(createdAt!));
  const now = new Date(asksCloud ? (isWrong ? machine.now : clock) : Math.max(clock, ...past));
  const isGone = ({ id, retires }: CloudKey) => asksCloud && retires && machine.deletedByHand.has(id);
  const known = machine.state.map((key) => ({ ...key, isGone: isGone(key) }));
  const plan = keysAt({ now, isUnsure: !asksCloud || isWrong }, machine.policy, known);

  const after = [plan.current, ...plan.retiring].map(({ suffix, expiresAt }, index): CloudKey => {
    const old = machine.state.find((key) => key.suffix === suffix);
    // The provider replaces a key whose expiry changes after it has expired, and judges that by the clock of this machine.
    const isExpired = old && old.expiresAt !== expiresAt && end(old) <= clock;
    const isKept = old && !isExpired;
    return {
      suffix,
      expiresAt,
      id: isKept ? old.id : machine.made++,
      createdAt: isKept ? old.createdAt : new Date(machine.now).toISOString(),
      retires: index > 0,
    };
  });
  const isNew = ({ id }: CloudKey) => machine.state.every((key) => key.id !== id);
  if (!finishes) {
    // What is created comes first; the outputs that name what retires come last.
    const isTarget = (_: CloudKey, place: number) => targets?.[place] ?? targets === undefined;
    const created = after
      .filter(isTarget)
      .filter(isNew)
      .map((key) => ({ ...key, retires: false }));
    const replaced = (old: CloudKey) => created.some(({ suffix }) => suffix === old.suffix);
    machine.state = [...machine.state.filter((key) => !replaced(key)), ...created];
    machine.keys = [...machine.keys, ...created];
    // The outputs of the stack show a key that was a target, although the component has not got to its end.
    const shown = targets?.[0] ? created.find(({ suffix }) => suffix === after[0]!.suffix) : undefined;
    if (shown) machine.handedOut.push({ id: shown.id, until: end(shown), byTarget: true });
    return;
  }
  machine.state = after;
  machine.keys = after.filter(({ id }) => !machine.deletedByHand.has(id));

  const current = after[0]!;
  const latest = machine.handedOut.at(-1);
  const promise = machine.now + (machine.policy?.overlapDays ?? Infinity) * DAY_MS;
  // The key that is handed out works as long as this run says, also where a run before has handed it out. Each run may
  // shorten the promise for the others, but to no less than its overlap.
  for (const held of machine.handedOut)
    held.until = held.id === current.id ? end(current) : Math.min(held.until, promise);
  if (latest?.id !== current.id) machine.handedOut.push({ id: current.id, until: end(current) });
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.boolean().map(
    (asksCloud): Step =>
      (machine) =>
        up(machine, { finishes: true, asksCloud }),
  ),
  fc.constant<Step>((machine) => up(machine, { finishes: true, asksCloud: true })),
  fc.boolean().map(
    (asksCloud): Step =>
      (machine) =>
        up(machine, { finishes: false, asksCloud }),
  ),
  fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()).map(
    ([asksCloud, ...targets]): Step =>
      (machine) =>
        up(machine, { finishes: false, asksCloud, targets }),
  ),
  fc.integer({ min: 1, max: 40 * 24 }).map(
    (hours): Step =>
      (machine) =>
        void (machine.now += hours * HOUR_MS),
  ),
  fc
    .option(
      fc.record({
        everyDays: fc.constantFrom(10, 30, 90),
        overlapDays: fc.constantFrom(1, 5, 10),
        anchor: fc.constantFrom("2025-12-01", "2026-01-01", "2026-02-15"),
        trigger: fc.constantFrom(undefined, "A", "B", ""),
      }),
      { nil: undefined },
    )
    .map(
      (policy): Step =>
        (machine) =>
          void (machine.policy = policy),
    ),
  fc.constantFrom<RotationPolicy["trigger"]>(undefined, "A", "B", "C").map(
    (trigger): Step =>
      (machine) =>
        void (machine.policy &&= { ...machine.policy, trigger }),
  ),
  fc.oneof(fc.constant(0), fc.integer({ min: -200, max: 200 })).map(
    (days): Step =>
      (machine) =>
        void (machine.skew = days * DAY_MS),
  ),
  fc.nat({ max: 3 }).map((index): Step => (machine) => {
    const key = machine.keys[index];
    if (key) machine.deletedByHand.add(key.id);
    machine.keys = machine.keys.filter((each) => each !== key);
  }),
  fc.constant<Step>(function refresh(machine) {
    machine.state = machine.state.filter(({ id }) => !machine.deletedByHand.has(id));
  }),
);

describe("an application whose keys rotate", () => {
  it("serves each holder of the last key, or of an earlier one within its overlap, and never hands a key out twice", () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 5, maxLength: 40 }), (sequence) => {
        const machine: Machine = {
          now: Date.parse("2026-01-03T10:00:00Z"),
          policy: { everyDays: 30, overlapDays: 5, anchor: "2026-01-01" },
          skew: 0,
          keys: [],
          state: [],
          made: 1,
          handedOut: [],
          deletedByHand: new Set(),
        };
        for (const step of sequence) {
          step(machine);
          for (const { id, until } of machine.handedOut) {
            if (machine.deletedByHand.has(id) || until <= machine.now) continue;
            expect({ id, served: serves(machine, id) }).toEqual({ id, served: true });
          }
          // After a run with targets that was not completed, a reverted trigger leads back to the key of before.
          const ids = machine.handedOut
            .filter(({ byTarget }) => !byTarget)
            .map(({ id }) => id)
            .filter((id, at, all) => id !== all[at - 1]);
          expect(new Set(ids).size).toBe(ids.length);
        }
      }),
      { numRuns: runs(1500) },
    );
  });
});
