import type { PolicyConfigSchema } from "@pulumi/policy";
import { nearest } from "../components/suggestions";

/** How many days ahead a key's expiry may lie. */
export const MOST_DAYS = 366;

const list = { type: "array", items: { type: "string" }, default: [] } as const;

/** The rules, and the settings of each, as the file for `--policy-pack-config` names them. */
export const SETTINGS = {
  "key-has-scopes": {},
  "key-expires": { mostDays: { type: "integer", minimum: 1, default: MOST_DAYS } },
  "role-is-narrow": { allowedRoles: list },
  "grant-adds-only": {},
  "grant-to-own-account": { trusted: list },
  "key-of-own-account": { trusted: list },
} satisfies Record<string, PolicyConfigSchema["properties"]>;

export type RuleName = keyof typeof SETTINGS;

/** Settings of a team as the policy pack and the review use them. */
export interface Rules {
  mostDays: number;
  /** Roles that are allowed although they are not narrow. */
  allowedRoles: readonly string[];
  /** Members that may be granted roles although this stack does not create them. */
  trustedMembers: readonly string[];
  /** IDs of accounts that may have keys although this stack does not create them. */
  trustedAccounts: readonly string[];
}

export const DEFAULT_RULES: Rules = { mostDays: MOST_DAYS, allowedRoles: [], trustedMembers: [], trustedAccounts: [] };

const LEVELS = ["advisory", "mandatory", "remediate", "disabled"];

/**
 * Reads the settings of a team.
 *
 * @throws a sentence for everything that the engine would pass over in silence, or refuse without saying where
 */
export function parseRules(text: string, file: string): Rules {
  const given = parse(text, file);
  const mistakes = Object.entries(given).flatMap(([rule, value]) => mistakesOf(rule, value));
  if (mistakes.length > 0) throw new Error(`${file}: ${mistakes.join("; ")}.`);
  const of = (rule: RuleName) => (isRecord(given[rule]) ? given[rule] : {});
  return {
    mostDays: (of("key-expires")["mostDays"] as number | undefined) ?? MOST_DAYS,
    allowedRoles: words(of("role-is-narrow")["allowedRoles"]),
    trustedMembers: words(of("grant-to-own-account")["trusted"]),
    trustedAccounts: words(of("key-of-own-account")["trusted"]),
  };
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // The sentence below says more than the parser's.
  }
  throw new Error(`${file} is not a JSON object: write it like {"key-expires": {"mostDays": 120}}.`);
}

function mistakesOf(rule: string, value: unknown): string[] {
  const where = JSON.stringify(rule);
  if (rule !== "all" && !isRule(rule)) return [`${where} is not a rule${suggestion(rule, Object.keys(SETTINGS))}`];
  const level = isRecord(value) ? value["enforcementLevel"] : value;
  if (level !== undefined && !LEVELS.includes(level as string))
    return [`${where} must be ${LEVELS.join(", ")}, or an object with the settings of the rule`];
  if (!isRecord(value)) return [];
  const settings = settingsOf(rule);
  const unknown = unknownSetting(rule, value);
  return [
    ...(unknown ? [unknown] : []),
    ...Object.entries(settings).flatMap(([name, schema]) => {
      const isGood = value[name] === undefined || ("items" in schema ? isWords(value[name]) : isDays(value[name]));
      const kind = "items" in schema ? "a list of texts" : "a whole number of at least 1";
      return isGood ? [] : [`${JSON.stringify(name)} of ${where} must be ${kind}`];
    }),
  ];
}

/** Why a setting is not one of the rule; undefined if all are. The engine itself would ignore it. */
export function unknownSetting(rule: string, settings: object): string | undefined {
  const known = Object.keys(settingsOf(rule));
  const name = Object.keys(settings).find((each) => each !== "enforcementLevel" && !known.includes(each));
  if (name === undefined) return undefined;
  return `${JSON.stringify(name)} is not a setting of rule ${JSON.stringify(rule)}${suggestion(name, known)}`;
}

function suggestion(word: string, known: string[]): string {
  const meant = nearest(word, known);
  if (meant !== undefined) return ` (did you mean ${JSON.stringify(meant)}?)`;
  return known.length > 0 ? ` (choose one of ${known.join(", ")})` : " (it has no settings)";
}

const settingsOf = (rule: string): NonNullable<PolicyConfigSchema["properties"]> =>
  isRule(rule) ? SETTINGS[rule] : {};
const isRule = (name: string): name is RuleName => Object.hasOwn(SETTINGS, name);
const isDays = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const isWords = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === "string");
const words = (value: unknown): string[] => (isWords(value) ? (value as string[]) : []);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
