import type { AiStudioAccessArgs, ApiKeyArgs, NewServiceAccount } from "./arguments";
import { capabilityNames, isCapability, nearestCapability } from "./capabilities";
import { policyMistakes, type RotationPolicy } from "./rotation";
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

/** All that is wrong with the arguments of an AiStudioAccess; nothing if they can be deployed. */
export function argumentMistakes(args: UncheckedArguments): Mistake[] {
  const { capabilities, serviceAccount, rotation, apiKey, waitUntilReady } = args;
  return [
    ...unknownNames(args, ARGUMENTS),
    ...capabilityMistakes(capabilities),
    ...within("serviceAccount", serviceAccount, '{ existingName: "sa-api" }', accountMistakes),
    ...within("rotation", rotation, '{ everyDays: 90, overlapDays: 14, anchor: "2026-01-01" }', rotationMistakes),
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

const rotationMistakes = (rotation: Given): Mistake[] => [
  ...unknownNames(rotation, ROTATION),
  ...policyMistakes(rotation as unknown as RotationPolicy).map(({ property, reason }) => ({
    path: [property],
    reason,
  })),
];

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
