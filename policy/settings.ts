/** What the rules can be told, with a file for `--policy-pack-config`: settings by the name of the rule. */

/** How many days ahead a key's expiry may lie. */
export const MOST_DAYS = 366;

/**
 * Roles that give an application more than its work with models needs; `*` stands for any text. A role of AI Studio that
 * lets its holder do one thing, such as `ai.languageModels.user`, is none of them.
 */
export const BROAD_ROLES: readonly string[] = [
  "admin",
  "editor",
  "viewer",
  "auditor",
  "primitive.*",
  "*.admin",
  "ai.editor",
  "ai.viewer",
  "ai.auditor",
  "iam.*",
  "resource-manager.*",
  "organization-manager.*",
  "billing.*",
  "kms.*",
  "lockbox.*",
];

/** Whether the role is one of the patterns. */
export const isBroad = (role: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => new RegExp(`^${pattern.split("*").map(literally).join(".*")}$`).test(role));

const literally = (text: string): string => text.replace(/[\\^$.|?+()[\]{}]/g, "\\$&");
