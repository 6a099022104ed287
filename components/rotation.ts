import { createHash } from "node:crypto";
import { writtenValue } from "./written";

/**
 * When keys take turns. Everything follows from the time, the policy and the keys that are deployed: no timer runs, and
 * `pulumi up` on any day does what is due by then.
 */
export interface RotationPolicy {
  /** Days that a key is the current one. A whole number, 1 to 3650. */
  everyDays: number;
  /** Days that a key goes on working after the next one has become current. A whole number, 1 to `everyDays`. */
  overlapDays: number;
  /** The day on which the first key becomes current, such as "2026-01-01" (00:00 UTC). No generation precedes it. */
  anchor: string;
  /** Any new value makes a new key at the next `up`; the one it replaces works for `overlapDays` more. */
  trigger?: string;
}

/** A key as a resource: what its logical name adds to the application's, and when the cloud stops accepting it. */
export interface WantedKey {
  /** "" for a key that does not rotate, "-2026-04-01" for a generation, "-2026-04-01-5f3a1c" for a forced one. */
  suffix: string;
  /** RFC 3339; undefined means never. */
  expiresAt?: string;
}

/** A key that an earlier `up` has deployed. */
export interface DeployedKey extends WantedKey {
  /** RFC 3339, as the cloud told it; undefined where it is not known. */
  createdAt?: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** What is wrong with a policy: one entry for each mistake, with the name of the property it is about. */
export function policyMistakes(policy: RotationPolicy): { property: keyof RotationPolicy; reason: string }[] {
  const { everyDays, overlapDays, anchor, trigger } = policy;
  const mistakes: ReturnType<typeof policyMistakes> = [];
  const everyIsDays = Number.isInteger(everyDays) && everyDays >= 1 && everyDays <= 3650;
  if (!everyIsDays) {
    const reason = `must be a whole number of days from 1 to 3650, not ${writtenValue(everyDays)}`;
    mistakes.push({ property: "everyDays", reason });
  }
  if (!Number.isInteger(overlapDays) || overlapDays < 1) {
    const reason = `must be a whole number of days from 1, not ${writtenValue(overlapDays)}`;
    mistakes.push({ property: "overlapDays", reason });
  } else if (everyIsDays && overlapDays > everyDays) {
    const reason = `is ${overlapDays} days, more than everyDays (${everyDays}); three keys would work at once`;
    mistakes.push({ property: "overlapDays", reason });
  }
  if (!isDay(anchor)) {
    mistakes.push({ property: "anchor", reason: `must be a day such as "2026-01-01", not ${writtenValue(anchor)}` });
  }
  // Anything else could be the same text whatever it holds, and then nothing would ever rotate.
  if (trigger !== undefined && trigger !== null && typeof trigger !== "string") {
    const reason = `must be text such as "a laptop was stolen", not ${writtenValue(trigger)}`;
    mistakes.push({ property: "trigger", reason });
  }
  return mistakes;
}

/** The key that is current at a moment. It depends on the moment and the policy alone. */
export function currentKey(now: Date, policy: RotationPolicy): WantedKey {
  const anchor = startOf(policy.anchor);
  const period = policy.everyDays * DAY_MS;
  const generation = Math.max(0, Math.floor((now.getTime() - anchor) / period));
  const start = anchor + generation * period;
  return {
    suffix: [`-${day(start)}`, ...(policy.trigger ? [mark(policy.trigger)] : [])].join("-"),
    expiresAt: moment(start + period + policy.overlapDays * DAY_MS),
  };
}

/**
 * The deployed keys that stay beside the current one, newest first: those that an application may still hold, which is
 * every key that works. Each keeps its expiry; one that the grid of the policy did not foresee (the policy was changed,
 * or a trigger) works for `overlapDays` from now, rounded up to midnight so that the next run says the same.
 *
 * Because they are taken from what is deployed and not computed, no change of the policy, not even its removal, takes a
 * key away earlier than that.
 */
export function retiringKeys(
  now: Date,
  policy: RotationPolicy | undefined,
  current: WantedKey,
  deployed: readonly DeployedKey[],
): WantedKey[] {
  const latest = policy && Math.ceil(now.getTime() / DAY_MS + policy.overlapDays) * DAY_MS;
  return deployed
    .filter(({ suffix, expiresAt }) => suffix !== current.suffix && time(expiresAt) > now.getTime())
    .sort((a, b) => (b.createdAt ?? b.suffix).localeCompare(a.createdAt ?? a.suffix))
    .map(({ suffix, expiresAt }) => ({
      suffix,
      expiresAt: latest !== undefined && latest < time(expiresAt) ? moment(latest) : expiresAt,
    }));
}

/** The suffixes that keys of an application may have had, under whatever policy. */
export const KEY_SUFFIX = /^(-\d{4}-\d{2}-\d{2}(-[0-9a-f]{6})?)?$/;

const mark = (trigger: string): string => createHash("sha256").update(trigger).digest("hex").slice(0, 6);

const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

const isDay = (date: unknown): boolean =>
  typeof date === "string" &&
  /^\d{4}-\d{2}-\d{2}$/.test(date) &&
  !Number.isNaN(startOf(date)) &&
  day(startOf(date)) === date;

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

const moment = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z");

const time = (moment: string | undefined): number => (moment === undefined ? Infinity : Date.parse(moment));
