import { createHash } from "node:crypto";

/**
 * When keys take turns. Everything follows from the time, the policy and the keys that are deployed: no timer runs, and
 * `pulumi up` on any day does what is due by then.
 */
export interface RotationPolicy {
  /** Days that a key is the current one. A whole number, 1 to 3650. */
  everyDays: number;
  /** Days that a key goes on working after the next one has become current. A whole number, 1 to `everyDays`. */
  overlapDays: number;
  /**
   * The day on which the first key becomes current, such as "2026-01-01" (00:00 UTC). No generation precedes it. At most
   * `everyDays` from today.
   */
  anchor: string;
  /** Any new value makes a new key at the next `up`; the key that it replaces works for `overlapDays` more. */
  trigger?: string;
}

/** A key as a resource: what its logical name adds to the application's, and when the cloud stops accepting it. */
export interface WantedKey {
  /** "" for a key that does not rotate, "-2026-04-01" for a generation, "-2026-04-01-5f3a1c" for a triggered one. */
  suffix: string;
  /** RFC 3339; undefined or empty means never. */
  expiresAt?: string;
}

/** A key that an earlier `up` has deployed. */
export interface DeployedKey extends WantedKey {
  /** RFC 3339, from the cloud; undefined if unknown. */
  createdAt?: string;
  /** Whether an earlier `up` has put another key in its place. Such a key never becomes current again. */
  retires?: boolean;
  /** Whether the state has the key and the cloud no longer does. Such a key ends, and its name is not used again. */
  isGone?: boolean;
}

/** The keys that an application has after an `up`. */
export interface KeyPlan {
  /** The key to hand out. */
  current: WantedKey;
  /** Keys that an application may still hold, newest first. */
  retiring: WantedKey[];
}

export interface Circumstances {
  /** The cloud's time. */
  now: Date;
  /** Whether `now` may be wrong: then no deployed key is deleted or gets another expiry. */
  isUnsure?: boolean;
  /** Whether deployed keys are protected: the engine deletes one only after an `up` that declared it without protection. */
  isProtected?: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The keys that an application has at a moment. It follows from the arguments alone, and a second call with its own
 * result changes nothing.
 *
 * The current key is the newest deployed one for as long as it belongs to the generation of the moment, or a later one,
 * and to the trigger; a removed trigger asks for no other key. Otherwise it is a key under a name that no deployed key
 * has: what once retired, perhaps because it leaked, never comes back, whatever is set back or reverted.
 *
 * Every other deployed key that works stays and keeps its expiry. Where that is later than `overlapDays` from now (the
 * policy was changed, or a trigger), it becomes that moment, rounded up to midnight so that the next run says the same.
 * Because these keys are taken from the deployed ones and not computed, no change of the policy takes one away earlier.
 */
export function keysAt(
  { now, isUnsure = false, isProtected = false }: Circumstances,
  policy: RotationPolicy | undefined,
  deployed: readonly DeployedKey[],
): KeyPlan {
  const newestFirst = [...deployed].sort(byAge);
  const last = newestFirst.find(({ retires }) => !retires);
  const current = policy
    ? rotatingKey(now, policy, newestFirst, last)
    : { suffix: last?.suffix ?? firstName(now, newestFirst) };
  const end = policy && Math.ceil(now.getTime() / DAY_MS + policy.overlapDays) * DAY_MS;
  const works = ({ expiresAt }: WantedKey) => time(expiresAt) > now.getTime();
  return {
    current: isUnsure && last?.suffix === current.suffix ? { ...current, expiresAt: last.expiresAt } : current,
    retiring: newestFirst
      .filter((key) => key.suffix !== current.suffix && !key.isGone)
      .filter((key) => isUnsure || works(key) || (isProtected && key === last))
      .map(({ suffix, expiresAt }) => ({
        suffix,
        expiresAt: !isUnsure && end !== undefined && end < time(expiresAt) ? moment(end) : expiresAt,
      })),
  };
}

function rotatingKey(
  now: Date,
  policy: RotationPolicy,
  newestFirst: readonly DeployedKey[],
  last: DeployedKey | undefined,
): WantedKey {
  const due = generationAt(now.getTime(), policy);
  const trigger = policy.trigger?.trim();
  const isCurrent =
    last !== undefined && dayOf(last) >= due && time(last.expiresAt) > now.getTime() && bears(last, trigger);
  const start = isCurrent ? dayOf(last) : Math.max(due, ...newestFirst.map(dayOf));
  const anchor = startOf(policy.anchor);
  const next = anchor + (Math.floor((start - anchor) / periodOf(policy)) + 1) * periodOf(policy);
  return {
    suffix: isCurrent ? last.suffix : unused(start, newestFirst, trigger),
    expiresAt: moment(next + policy.overlapDays * DAY_MS),
  };
}

/** The day on which the generation of a moment begins. */
function generationAt(now: number, policy: RotationPolicy): number {
  const anchor = startOf(policy.anchor);
  return anchor + Math.max(0, Math.floor((now - anchor) / periodOf(policy))) * periodOf(policy);
}

const periodOf = ({ everyDays }: RotationPolicy): number => everyDays * DAY_MS;

/** The name of a key that does not rotate, where none is current. */
const firstName = (now: Date, deployed: readonly DeployedKey[]): string =>
  isFree("", deployed) ? "" : unused(Math.max(now.getTime(), ...deployed.map(dayOf)), deployed);

/** The first name after a day that no deployed key has. */
function unused(start: number, deployed: readonly DeployedKey[], trigger = ""): string {
  const name = `-${day(start)}`;
  const names = marksOf(trigger).map((mark) => `${name}-${mark}`);
  return (trigger ? names : [name, ...names]).find((suffix) => isFree(suffix, deployed))!;
}

const isFree = (suffix: string, deployed: readonly DeployedKey[]): boolean =>
  deployed.every((key) => key.suffix !== suffix);

/** Whether a key was made under a trigger, the same one again included. */
const bears = ({ suffix }: WantedKey, trigger: string | undefined): boolean =>
  !trigger || marksOf(trigger).includes(KEY_SUFFIX.exec(suffix)?.[3] ?? "");

/** What a trigger can add to a name: the second and later ones are for a trigger that is set back to an earlier value. */
const marksOf = (trigger: string): string[] =>
  Array.from({ length: 100 }, (_, turn) => mark(turn === 0 ? trigger : `${trigger}\n${turn}`));

const mark = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 6);

/** The suffixes that keys of an application may have had, under whatever policy: the day and the trigger's mark. */
export const KEY_SUFFIX = /^(-(\d{4}-\d{2}-\d{2})(?:-([0-9a-f]{6}))?)?$/;

/** The day that a key is named after; a key that did not rotate precedes them all. */
const dayOf = ({ suffix }: WantedKey): number => startOf(KEY_SUFFIX.exec(suffix)?.[2] ?? "0001-01-01");

const byAge = (a: DeployedKey, b: DeployedKey): number =>
  dayOf(b) - dayOf(a) ||
  Date.parse(b.createdAt ?? "") - Date.parse(a.createdAt ?? "") ||
  b.suffix.localeCompare(a.suffix);

export const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

export const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

const moment = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z");

/** Infinity for a key without an expiry. To the provider an empty text means the same; a text that is not a moment never
 * deletes a key. */
const time = (expiresAt: string | undefined): number => {
  const parsed = Date.parse(expiresAt ?? "");
  return Number.isNaN(parsed) ? Infinity : parsed;
};
