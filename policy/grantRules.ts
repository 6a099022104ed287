import type { Connected, Subject } from "./resources";
import { isAccount, isAuthoritative, isGrant, isKey, known } from "./resources";
import { isBroad } from "./settings";

/** Why the granted role cannot stay. */
export function roleMistake(subject: Subject, patterns: readonly string[]): string | undefined {
  if (!isGrant(subject)) return undefined;
  const role = String(subject.props.role);
  if (!isBroad(role, patterns)) return undefined;
  return (
    `Grant "${subject.name}" gives the role ${role}, which allows far more than calls to models: ` +
    `grant the role of each capability instead, such as ai.languageModels.user.`
  );
}

/** Why the grant cannot stay, whoever it is for: it takes away what others have granted. */
export function authorityMistake(subject: Subject): string | undefined {
  if (!isAuthoritative(subject)) return undefined;
  return (
    `"${subject.name}" (${subject.type}) sets the whole list of who has access, and so removes what others granted: ` +
    `use ResourcemanagerFolderIamMember, which adds one role for one member.`
  );
}

/** Why the grant's member cannot stay: it is nobody that this stack has made. */
export function memberMistake(subject: Connected, trusted: readonly string[]): string | undefined {
  if (!isGrant(subject)) return undefined;
  const member = known(subject, "member");
  if (member !== undefined && trusted.includes(member)) return undefined;
  if (madeHere(subject, "member") && (member === undefined || member.startsWith("serviceAccount:"))) return undefined;
  return (
    `Grant "${subject.name}" is for ${member ?? "a member that is known only later"}, not for a service account of ` +
    `this stack: grant roles where the account is declared, or list the member under "trusted" of this rule.`
  );
}

/** Why the key cannot stay: the account it acts as is none that this stack has made. */
export function holderMistake(subject: Connected, trusted: readonly string[]): string | undefined {
  if (!isKey(subject)) return undefined;
  const account = known(subject, "serviceAccountId");
  if (madeHere(subject, "serviceAccountId")) return undefined;
  if (account !== undefined && trusted.includes(account)) return undefined;
  return (
    `Key "${subject.name}" is for service account ${account ?? "that is known only later"}, which this stack has not ` +
    `made: make the key where the account is declared, or list the account's ID under "trusted" of this rule.`
  );
}

const madeHere = ({ propertyDependencies }: Connected, property: string): boolean =>
  (propertyDependencies[property] ?? []).some(isAccount);
