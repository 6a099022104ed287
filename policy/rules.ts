import type { Policies, PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { authorityMistake, holderMistake, memberMistake, roleMistake } from "./grantRules";
import { expiryMistake, scopeMistake } from "./keyRules";
import type { Connected, Subject } from "./resources";
import { BROAD_ROLES, MOST_DAYS } from "./settings";

/** The rules of the pack; `now` in milliseconds since 1970, for the expiry of keys. */
export const rulesAt = (now: () => number): Policies => [
  ofEach("key-has-scopes", "An API key lists the scopes it is for.", scopeMistake),
  ofEach<{ mostDays: number }>(
    "key-expires",
    "An API key expires, and soon enough.",
    (subject, { mostDays }) => expiryMistake(subject, mostDays, now()),
    { properties: { mostDays: { type: "integer", minimum: 1, default: MOST_DAYS } } },
  ),
  ofEach<{ broadRoles: string[] }>(
    "role-is-narrow",
    "A grant gives no role that allows more than calls to models.",
    (subject, { broadRoles }) => roleMistake(subject, broadRoles),
    { properties: { broadRoles: { type: "array", items: { type: "string" }, default: [...BROAD_ROLES] } } },
  ),
  ofEach("grant-adds-only", "A grant removes no grant of others.", authorityMistake),
  ofStack("grant-to-own-account", "A role is granted only to a service account of the stack.", memberMistake),
  ofStack("key-of-own-account", "A key is made only for a service account of the stack.", holderMistake),
];

/** Looked at before the resource is made, one by one. */
const ofEach = <Settings extends object>(
  name: string,
  description: string,
  mistakeOf: (subject: Subject, settings: Settings) => string | undefined,
  configSchema?: PolicyConfigSchema,
): ResourceValidationPolicy => ({
  name,
  description,
  configSchema,
  validateResource: (args, report) => {
    const mistake = mistakeOf(args, args.getConfig<Settings>());
    if (mistake) report(mistake);
  },
});

/** Looked at when all resources are known, since it matters what a property was made from. */
const ofStack = (
  name: string,
  description: string,
  mistakeOf: (subject: Connected, trusted: readonly string[]) => string | undefined,
): StackValidationPolicy => ({
  name,
  description,
  configSchema: { properties: { trusted: { type: "array", items: { type: "string" }, default: [] } } },
  validateStack: ({ resources, getConfig }, report) => {
    const { trusted } = getConfig<{ trusted: string[] }>();
    for (const resource of resources) {
      const mistake = mistakeOf(resource, trusted);
      if (mistake) report(mistake, resource.urn);
    }
  },
});
