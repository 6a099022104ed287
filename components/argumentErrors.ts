import type { AiStudioAccessArgs, ApiKeyArgs, NewServiceAccount } from "./arguments";
import { capabilityNames, isCapability, nearestCapability } from "./capabilities";
import { day, type RotationPolicy, startOf } from "./rotation";
import { nearest } from "./suggestions";
import { isLater, writtenValue } from "./written";

/** The arguments as they may come from plain JavaScript, or from a file that nobody has checked. */
export type UncheckedArguments = { [Name in keyof AiStudioAccessArgs]?: unknown };

export interface Mistake {
  /** Where it is, such as ["capabilities", 0]. */
  path: (string | number)[];
  /** What is wrong and what to do, to be read after the path. */
  reason: string;
}

/** All mistakes in the arguments of an AiStudioAccess that is deployed now; empty if there are none. */
export function argumentMistakes(args: UncheckedArguments, now: Date): Mistake[] {
  const { capabilities, serviceAccount, rotation, apiKey, waitUntilReady } = args;
  return [
    ...unknownNames(args, ARGUMENTS),
    ...capabilityMistakes(capabilities),
    ...within("serviceAccount", serviceAccount, '{ existingName: "sa-api" }', accountMistakes),
    ...within("rotation", rotation, '{ everyDays: 90, overlapDays: 14, anchor: "2026-01-01" }', (map) =>
      rotationMistakes(map, now),
    ),
    ...within("apiKey", apiKey, '{ expiresAt: "2027-01-31T00:00:00Z" }', (key) => keyMistakes(key, isGiven(rotation))),
    ...(["extraRoles", "extraScopes"] as const).flatMap((name) => wordMistakes(name, args[name])),
    ...(isGiven(waitUntilReady) && typeof waitUntilReady !== "boolean"
      ? [{ path: ["waitUntilReady"], reason: `must be true or false, not ${writtenValue(waitUntilReady)}` }]
      : []),
  ];
}

function capabilityMistakes(capabilities: unknown = []): Mistake[] {
  const path = ["capabilities"];
  if (capabilities !== null && !Array.isArray(capabilities)) return [noList(path, capabilities, "textGeneration")];
  if (capabilities === null || capabilities.length === 0) {
    return [{ path, reason: `names nothing; name what the application needs, of ${capabilityNames.join(", ")}` }];
  }
  return capabilities.flatMap((word: unknown, index) =>
    typeof word === "string" && isCapability(word) ? [] : [{ path: [...path, index], reason: unknownCapability(word) }],
  );
}

/** Why a word is no capability, and which is. */
function unknownCapability(word: unknown): string {
  const meant = typeof word === "string" && nearestCapability(word);
  const hint = meant ? `did you mean ${meant}?` : `there are ${capabilityNames.join(", ")}`;
  return `${writtenValue(word)} is no capability; ${hint}`;
}

function accountMistakes(account: Given): Mistake[] {
  const empty = ADOPTING.filter((name) => name in account && !isLater(account[name]) && !account[name]);
  const given = Object.keys(account).filter((name) => isGiven(account[name]));
  const isMixed = given.length > 1 && given.some((name) => ADOPTING.includes(name));
  return [
    ...unknownNames(account, SERVICE_ACCOUNT),
    ...empty.map((name) => ({
      path: [name],
      reason: `is ${writtenValue(account[name])}; name an account that exists, or leave it out to make one`,
    })),
    ...(isMixed
      ? [
          {
            path: [],
            reason: "either adopts an account by id or existingName, or describes a new one; keep one of them",
          },
        ]
      : []),
  ];
}

const DAY_MS = 24 * 60 * 60 * 1000;

function rotationMistakes(rotation: Given, now: Date): Mistake[] {
  const { everyDays, overlapDays, anchor, trigger } = rotation;
  const mistakes = unknownNames(rotation, ROTATION);
  const add = (name: keyof RotationPolicy, reason: string) => void mistakes.push({ path: [name], reason });
  const every = isDays(everyDays) && everyDays <= 3650 ? everyDays : undefined;
  if (every === undefined) {
    add("everyDays", `must be a whole number of days from 1 to 3650, not ${writtenValue(everyDays)}`);
  }
  if (!isDays(overlapDays)) {
    add("overlapDays", `must be a whole number of days from 1, not ${writtenValue(overlapDays)}`);
  } else if (every !== undefined && overlapDays > every) {
    add("overlapDays", `is ${overlapDays} days, more than everyDays (${every}); three keys would work at once`);
  }
  if (!isDay(anchor)) {
    add("anchor", `must be a day such as "2026-01-01", not ${writtenValue(anchor)}`);
  } else if (every !== undefined && startOf(anchor) > now.getTime() + every * DAY_MS) {
    const reason = `is ${anchor}, more than everyDays (${every}) after today, ${day(now.getTime())}`;
    add("anchor", `${reason}; the first key would work until then, so write the day on which it becomes current`);
  }
  // A number or a map could become the same text whatever it holds, and then no new value would make a new key.
  if (isGiven(trigger) && typeof trigger !== "string") {
    add("trigger", `must be text such as "a laptop was stolen", in quotes, not ${writtenValue(trigger)}`);
  }
  return mistakes;
}

const isDays = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1;

const isDay = (date: unknown): date is string =>
  typeof date === "string" &&
  /^\d{4}-\d{2}-\d{2}$/.test(date) &&
  !Number.isNaN(startOf(date)) &&
  day(startOf(date)) === date;

function keyMistakes(key: Given, rotates: boolean): Mistake[] {
  const { expiresAt } = key;
  const path = ["expiresAt"];
  const mistakes = unknownNames(key, API_KEY);
  if (!isGiven(expiresAt)) return mistakes;
  if (rotates) {
    const reason = "cannot be set together with rotation, which gives each key its own expiry; leave one of them out";
    return [...mistakes, { path, reason }];
  }
  if (typeof expiresAt === "string" || isLater(expiresAt)) return mistakes;
  return [...mistakes, { path, reason: `must be text such as "2027-01-31T00:00:00Z", not ${writtenValue(expiresAt)}` }];
}

function wordMistakes(name: string, words: unknown): Mistake[] {
  if (!isGiven(words)) return [];
  if (!Array.isArray(words)) return [noList([name], words, "name")];
  return words.flatMap((word: unknown, index) =>
    typeof word === "string" && word !== "" && word === word.trim()
      ? []
      : [{ path: [name, index], reason: `is ${writtenValue(word)}; write the name alone, without spaces` }],
  );
}

const noList = (path: string[], value: unknown, example: string): Mistake => ({
  path,
  reason: `must be a plain list such as ["${example}"], not ${writtenValue(value)}`,
});

type Given = Record<string, unknown>;

/** The mistakes in a map, if one is given and it is one. */
function within(name: string, value: unknown, example: string, mistakesIn: (map: Given) => Mistake[]): Mistake[] {
  if (!isGiven(value)) return [];
  if (typeof value !== "object" || Array.isArray(value) || isLater(value)) {
    return [{ path: [name], reason: `must be a map such as ${example}, not ${writtenValue(value)}` }];
  }
  return mistakesIn(value as Given).map(({ path, reason }) => ({ path: [name, ...path], reason }));
}

/** A key that expires because of an argument that nobody reads would not expire at all, so none is passed over. */
function unknownNames(given: Given, known: readonly string[]): Mistake[] {
  const unknown = Object.keys(given).filter((name) => isGiven(given[name]) && !known.includes(name));
  return unknown.map((name) => {
    const meant = nearest(name, known);
    return {
      path: [name],
      reason: `is no argument; ${meant ? `did you mean ${meant}?` : `there are ${known.join(", ")}`}`,
    };
  });
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Names that the types have, too: a new one that is forgotten here does not compile. */
const namesOf = <T>(names: Record<keyof T, true>): readonly string[] => Object.keys(names);

const ARGUMENTS = namesOf<AiStudioAccessArgs>({
  capabilities: true,
  folderId: true,
  serviceAccount: true,
  apiKey: true,
  rotation: true,
  extraRoles: true,
  extraScopes: true,
  waitUntilReady: true,
  baseUrl: true,
});
const ADOPTING: readonly string[] = ["id", "existingName"];
const SERVICE_ACCOUNT = [...ADOPTING, ...namesOf<NewServiceAccount>({ name: true, description: true, labels: true })];
const ROTATION = namesOf<RotationPolicy>({ everyDays: true, overlapDays: true, anchor: true, trigger: true });
const API_KEY = namesOf<ApiKeyArgs>({ description: true, expiresAt: true });
