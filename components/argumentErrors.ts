import { argumentRows, type Row, type Rows } from "./arguments";
import { capabilityNames, isCapability, nearestCapability } from "./capabilities";
import { day, startOf } from "./rotation";
import { nearest } from "./suggestions";
import { isLater, writtenValue } from "./written";

export interface Mistake {
  /** Where it is, such as ["capabilities", 0]. */
  path: (string | number)[];
  /** What is wrong and what to do, to be read after the path. */
  reason: string;
}

/**
 * All mistakes in the arguments of an AiStudioAccess; empty if it has no mistake.
 *
 * @param args unchecked, from plain JavaScript or from a file
 * @param now when they are deployed
 * @param rows the arguments that there are
 */
export function argumentMistakes(args: unknown, now: Date, rows: Rows = argumentRows): Mistake[] {
  const given = isMap(args) ? args : {};
  const shape = shapeMistakes(given, rows);
  const isSound = (name: string) => !shape.some(({ path }) => path.length === 1 && path[0] === name);
  const part = (name: string) => (isSound(name) && isMap(given[name]) ? given[name] : {});
  const below = (name: string, mistakes: Mistake[]) =>
    mistakes.map(({ path, reason }) => ({ path: [name, ...path], reason }));
  const sense = [
    ...below("serviceAccount", accountMistakes(part("serviceAccount"))),
    ...below("rotation", rotationMistakes(part("rotation"), now)),
    ...below("deliverTo", deliveryMistakes(part("deliverTo"))),
    ...below("apiKey", keyMistakes(part("apiKey"), isGiven(given["rotation"]))),
  ];
  // Of two mistakes in one place the first says what is wrong.
  return [...shape, ...sense.filter(({ path }) => !shape.some((one) => String(one.path) === String(path)))];
}

/** What the rows alone tell: names that there are not, values that are missing or of another kind. */
function shapeMistakes(given: Given, rows: Rows): Mistake[] {
  const known = Object.entries(rows).flatMap(([name, row]) =>
    isGiven(given[name])
      ? kindMistakes(given[name], row).map(({ path, reason }) => ({ path: [name, ...path], reason }))
      : row.required
        ? [{ path: [name], reason: missing(row) }]
        : [],
  );
  const unknown = Object.keys(given).filter((name) => isGiven(given[name]) && !Object.hasOwn(rows, name));
  return [...known, ...unknown.map((name) => ({ path: [name], reason: unknownName(name, Object.keys(rows)) }))];
}

const missing = ({ kind, example }: Row): string =>
  kind === "capabilities" ? NO_CAPABILITIES : `is missing; write it like ${example}`;

/** An unknown argument may be a misspelt expiry, without which a key never expires, so none is ignored. */
function unknownName(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `is not a known argument; ${meant ? `did you mean ${meant}?` : `there are ${known.join(", ")}`}`;
}

function kindMistakes(value: unknown, row: Row): Mistake[] {
  const refuse = (form: string): Mistake[] => [
    { path: [], reason: `must be ${form} such as ${row.example}, not ${writtenValue(value)}` },
  ];
  switch (row.kind) {
    case "text":
    case "moment":
      return typeof value === "string" || isLater(value) ? [] : refuse("text");
    case "plainText":
      // A number or a map could become the same text whatever it holds, and then no new value would have an effect.
      return typeof value === "string" ? [] : refuse("text in quotes,");
    case "flag":
      return typeof value === "boolean"
        ? []
        : [{ path: [], reason: `must be true or false, not ${writtenValue(value)}` }];
    case "words":
      return Array.isArray(value) ? value.flatMap(wordMistakes) : refuse("a plain list");
    case "texts":
      return Array.isArray(value) ? value.flatMap(textMistakes) : refuse("a plain list");
    case "capabilities":
      return Array.isArray(value) ? capabilityMistakes(value) : refuse("a plain list");
    case "labels":
      return isMap(value) || isLater(value) ? labelMistakes(value) : refuse("a map");
    case "map":
      return isMap(value) ? shapeMistakes(value, row.rows ?? {}) : refuse("a map");
    case "day":
    case "days":
      return [];
  }
}

const wordMistakes = (word: unknown, index: number): Mistake[] =>
  typeof word === "string" && word !== "" && word === word.trim()
    ? []
    : [{ path: [index], reason: `is ${writtenValue(word)}; write the name alone, without spaces` }];

const textMistakes = (text: unknown, index: number): Mistake[] => (isLater(text) ? [] : wordMistakes(text, index));

const labelMistakes = (labels: unknown): Mistake[] =>
  Object.entries(isMap(labels) ? labels : {})
    .filter(([, value]) => typeof value !== "string" && !isLater(value))
    .map(([name, value]) => ({ path: [name], reason: `must be text, not ${writtenValue(value)}` }));

const NO_CAPABILITIES = `must not be empty; list what the application needs, of ${capabilityNames.join(", ")}`;

const capabilityMistakes = (words: readonly unknown[]): Mistake[] =>
  words.length === 0
    ? [{ path: [], reason: NO_CAPABILITIES }]
    : words.flatMap((word, index) =>
        typeof word === "string" && isCapability(word) ? [] : [{ path: [index], reason: unknownCapability(word) }],
      );

function unknownCapability(word: unknown): string {
  const meant = typeof word === "string" && nearestCapability(word);
  const hint = meant ? `did you mean ${meant}?` : `there are ${capabilityNames.join(", ")}`;
  return `${writtenValue(word)} is not a capability; ${hint}`;
}

const ADOPTING = ["id", "existingName"];

function accountMistakes(account: Given): Mistake[] {
  const empty = ADOPTING.filter((name) => name in account && !isLater(account[name]) && !account[name]);
  const given = Object.keys(account).filter((name) => isGiven(account[name]));
  const isMixed = given.length > 1 && given.some((name) => ADOPTING.includes(name));
  return [
    ...empty.map((name) => ({
      path: [name],
      reason: `is ${writtenValue(account[name])}; name an account that exists, or leave it out to create one`,
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

function rotationMistakes({ everyDays, overlapDays, anchor }: Given, now: Date): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (name: string, reason: string) => void mistakes.push({ path: [name], reason });
  const every = isDays(everyDays) && everyDays <= 3650 ? everyDays : undefined;
  if (isGiven(everyDays) && every === undefined) {
    add("everyDays", `must be a whole number of days from 1 to 3650, not ${writtenValue(everyDays)}`);
  }
  if (isGiven(overlapDays) && !isDays(overlapDays)) {
    add("overlapDays", `must be a whole number of days from 1, not ${writtenValue(overlapDays)}`);
  } else if (every !== undefined && Number(overlapDays) > every) {
    add("overlapDays", `is ${Number(overlapDays)} days, more than everyDays (${every}); three keys would work at once`);
  }
  if (isGiven(anchor) && !isDay(anchor)) {
    add("anchor", `must be a day such as "2026-01-01", not ${writtenValue(anchor)}`);
  } else if (isDay(anchor) && every !== undefined && startOf(anchor) > now.getTime() + every * DAY_MS) {
    const reason = `is ${anchor}, more than everyDays (${every}) after today, ${day(now.getTime())}`;
    add("anchor", `${reason}; the first key would work until then, so write the day on which it becomes current`);
  }
  return mistakes;
}

const isDays = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1;

const isDay = (date: unknown): date is string =>
  typeof date === "string" &&
  /^\d{4}-\d{2}-\d{2}$/.test(date) &&
  !Number.isNaN(startOf(date)) &&
  day(startOf(date)) === date;

const keyMistakes = ({ expiresAt }: Given, rotates: boolean): Mistake[] =>
  rotates && isGiven(expiresAt)
    ? [
        {
          path: ["expiresAt"],
          reason: "cannot be set together with rotation, which gives each key its own expiry; leave one of them out",
        },
      ]
    : [];

function deliveryMistakes({ lockbox }: Given): Mistake[] {
  if (!isMap(lockbox)) return [];
  const { secretId, name, entry, deletionProtection } = lockbox;
  const mistakes: Mistake[] = [];
  if (isGiven(secretId) === isGiven(name)) {
    const reason = "needs either secretId, for a secret that exists, or name, for a new one";
    mistakes.push({ path: ["lockbox"], reason });
  }
  if (isGiven(secretId) && isGiven(deletionProtection)) {
    const reason = "is for a new secret; set it on the secret of secretId where that is declared";
    mistakes.push({ path: ["lockbox", "deletionProtection"], reason });
  }
  if (typeof entry === "string" && !/^[-_./\\@0-9a-zA-Z]{1,256}$/.test(entry)) {
    const reason = `is ${writtenValue(entry)}; write letters, digits and - _ . / \\ @, such as "api_key"`;
    mistakes.push({ path: ["lockbox", "entry"], reason });
  }
  return mistakes;
}

type Given = Record<string, unknown>;

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const isMap = (value: unknown): value is Given =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date) && !isLater(value);
