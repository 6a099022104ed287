import { stringify } from "yaml";
import { capabilityTable } from "../components/capabilities";
import { openedBy } from "./access";
import { withoutMark } from "./owner";
import type { Account, Key } from "./survey";

/**
 * The settings and the program that take an account and its roles over and make a key beside the old one.
 *
 * @param roles what the account holds on its folder
 * @throws a sentence if the key opens nothing that a capability stands for
 */
export function adoptionOf(key: Key, account: Account, roles: readonly string[]): string {
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
  const left = roles.filter((role) => !covered.includes(role));
  const settings = { capabilities, serviceAccount: { existingName: account.name } };
  const about =
    withoutMark(key.description) === key.description ? "" : " (a stack has made it; look for its state first)";
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
      "});",
    ].map((line) => `# ${line}`),
    ...(left.length > 0 ? [`# These roles stay as they are, outside the program: ${left.join(", ")}`] : []),
    "# The account stays, the roles are declared from then on, and a key is made beside the old one.",
    `# Once the application has the new key: yc iam api-key delete ${key.id}`,
    "",
  ].join("\n");
}
