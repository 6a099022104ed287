import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { authorityMistake, holderMistake, memberMistake, outsiderMistake, roleMistake } from "./grantRules";
import { expiryMistake, scopeMistake } from "./keyRules";
import { type Claims, claimsOf } from "./claims";
import type { Connected, Subject } from "./resources";
import { type RuleName, SETTINGS, unknownSetting } from "./settings";

const OWN_ACCOUNT = "A role is granted only to a service account of the stack.";

/** The rules of the pack; `now` in milliseconds since 1970, for the expiry of keys. */
export const rulesAt = (now: () => number): Policies => [
  ofEach("key-has-scopes", "An API key lists the scopes it is for.", scopeMistake),
  ofEach<{ mostDays: number }>("key-expires", "An API key expires, and soon enough.", (subject, { mostDays }) =>
    expiryMistake(subject, mostDays, now()),
  ),
  ofEach<{ allowedRoles: string[] }>(
    "role-is-narrow",
    "A grant gives no role that allows more than calls to models.",
    (subject, { allowedRoles }) => roleMistake(subject, allowedRoles),
  ),
  ofEach("grant-adds-only", "A grant removes no grant of others.", authorityMistake),
  {
    ...ofEach<{ trusted: string[] }>("grant-to-own-account", OWN_ACCOUNT, (subject, { trusted }) =>
      outsiderMistake(subject, trusted),
    ),
    ...ofStack("grant-to-own-account", OWN_ACCOUNT, memberMistake),
  },
  ofStack("key-of-own-account", "A key is created only for a service account of the stack.", holderMistake),
];

/** Looked at before the resource is created or updated, one by one. */
const ofEach = <Settings extends object>(
  name: RuleName,
  description: string,
  mistakeOf: (subject: Subject, settings: Settings) => string | undefined,
): ResourceValidationPolicy => ({
  name,
  description,
  configSchema: { properties: SETTINGS[name] },
  validateResource: (args, report) => {
    const mistake = mistakeOf(args, checked(name, args.getConfig<Settings>()));
    if (mistake) report(mistake);
  },
});

/** Looked at when all resources are known, since it matters from what a property was made. */
const ofStack = (
  name: RuleName,
  description: string,
  mistakeOf: (subject: Connected, trusted: readonly string[], claims: Claims) => string | undefined,
): StackValidationPolicy => ({
  name,
  description,
  configSchema: { properties: SETTINGS[name] },
  validateStack: ({ resources, getConfig }, report) => {
    const { trusted } = checked(name, getConfig<{ trusted: string[] }>());
    const claims = claimsOf(resources);
    for (const resource of resources) {
      const mistake = mistakeOf(resource, trusted, claims);
      if (mistake) report(mistake, resource.urn);
    }
  },
});

/** The engine passes over a setting that it does not know, and the rule would not be as strict as its team believes. */
function checked<Settings extends object>(rule: RuleName, settings: Settings): Settings {
  const mistake = unknownSetting(rule, settings);
  if (mistake) throw new Error(`The settings of the policy pack are wrong: ${mistake}.`);
  return settings;
}
