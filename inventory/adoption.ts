import { stringify } from "yaml";
import { capabilityTable } from "../components/capabilities";
import { openedBy } from "./access";
import { unmarked } from "../provider/ownership/marker";
import type { Account, Key } from "./survey";

const COMPONENT = "yandex-aistudio:index:AiStudioAccess";
const GRANT = "yandex:index/resourcemanagerFolderIamMember:ResourcemanagerFolderIamMember";

/**
 * The roles that a program of `adoptionOf` declares, as a file for `pulumi import --file`: below the component, under the
 * names that the component gives them.
 *
 * @throws a sentence if there is nothing to adopt
 */
export function importsOf(key: Key, account: Account, roles: readonly string[]): string {
  const { covered } = capabilitiesFor(key, account, roles);
  const grants = covered.map((role) => ({
    type: GRANT,
    name: `${account.name}-${role}`,
    id: `${account.folderId}/${role}/serviceAccount:${account.id}`,
    parent: account.name,
  }));
  const resources = [{ type: COMPONENT, name: account.name, component: true }, ...grants];
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}

/**
 * The settings and the program that take an account and its roles over and make a key beside the old one, which rotates.
 *
 * @param roles what the account holds on its folder
 * @param today the day on which the first key becomes current, such as `2026-11-26`; the keys rotate from then on
 * @throws a sentence if the key opens nothing that a capability stands for
 */
export function adoptionOf(
  key: Key,
  account: Account,
  roles: readonly string[],
  today: string,
  stack = "<stack>",
): string {
  const { capabilities, covered } = capabilitiesFor(key, account, roles);
  const left = roles.filter((role) => !covered.includes(role));
  const rotation = { everyDays: 90, overlapDays: 14, anchor: today };
  const settings = { capabilities, serviceAccount: { existingName: account.name }, rotation };
  const about = unmarked(key.description) === key.description ? "" : " (a stack has made it; look for its state first)";
  return [
    `# API key ${key.id} of ${account.name}${about}, folder ${account.folderId}`,
    "# Settings, below yandex-ai-access:apps of the stack:",
    stringify({ [account.name]: settings }).trimEnd(),
    "",
    "# Or a program:",
    ...[
      `new AiStudioAccess(${JSON.stringify(account.name)}, {`,
      `  capabilities: ${JSON.stringify(capabilities)},`,
      `  serviceAccount: { existingName: ${JSON.stringify(account.name)} },`,
      `  rotation: { everyDays: ${rotation.everyDays}, overlapDays: ${rotation.overlapDays}, anchor: "${today}" },`,
      "});",
    ].map((line) => `# ${line}`),
    ...(left.length > 0 ? [`# These roles stay as they are, outside the program: ${left.join(", ")}`] : []),
    "# To import the roles, so that the first update creates nothing but a key, after the settings are in place:",
    `# npm run --silent adopt -- --key ${key.id} --stack ${stack} --imports > roles.json`,
    `# npm run pulumi -- import --stack ${stack} --file roles.json --protect=false --generate-code=false --yes`,
    "# The account stays, the roles are declared from then on, and a key is made beside the old one.",
    `# Once the application has the new key: yc iam api-key delete ${key.id}`,
    "",
  ].join("\n");
}

/** What the key opens, and the roles among those of its account that this takes. */
function capabilitiesFor(key: Key, account: Account, roles: readonly string[]) {
  const opened = openedBy(roles, key.scopes).filter((name) =>
    capabilityTable[name].roles.every((role) => roles.includes(role)),
  );
  const needs = (name: (typeof opened)[number]) =>
    [...capabilityTable[name].roles, ...capabilityTable[name].scopes].sort().join();
  // Two capabilities with the same needs are one: the first says it.
  const capabilities = opened.filter((name, at) => opened.findIndex((other) => needs(other) === needs(name)) === at);
  if (capabilities.length === 0)
    throw new Error(
      `API key ${key.id} opens nothing of AI Studio by the roles of ${account.name} on its folder, so there is nothing to adopt. If nobody uses it: yc iam api-key delete ${key.id}`,
    );
  const covered: string[] = capabilities.flatMap((name) => [...capabilityTable[name].roles]);
  return { capabilities, covered: [...new Set(covered)] };
}
