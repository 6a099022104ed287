import { accountIdOf, type Claims, keyOf, sourceOf } from "./claims";
import { isNarrow, opensOneSecret } from "./narrowRoles";
import type { Connected, Subject } from "./resources";
import { isAuthoritative, isGrant, isKey, isOnSecret, known } from "./resources";

/** Why the granted role cannot stay. */
export function roleMistake(subject: Subject, allowed: readonly string[]): string | undefined {
  if (!isGrant(subject)) return undefined;
  const role = String(subject.props.role);
  if (isNarrow(role, allowed) || (isOnSecret(subject) && opensOneSecret(role))) return undefined;
  return (
    `Grant "${subject.name}" gives the role ${role}, which allows more than calls to models: grant the role of each ` +
    `capability instead, such as ai.languageModels.user, or list the role under "allowedRoles" of this rule.`
  );
}

/** Why the grant cannot stay for any member: it removes the grants of others. */
export function authorityMistake(subject: Subject): string | undefined {
  if (!isAuthoritative(subject)) return undefined;
  return (
    `"${subject.name}" (${subject.type}) sets the whole list of who has access, and so removes what others granted: ` +
    `use ResourcemanagerFolderIamMember, which adds one role for one member.`
  );
}

/** Why the member cannot stay, as far as one resource shows it: so the grant is stopped before it is created. */
export function outsiderMistake(subject: Subject, trusted: readonly string[]): string | undefined {
  const member = isGrant(subject) ? known(subject, "member") : undefined;
  if (member === undefined || member.startsWith("serviceAccount:") || trusted.includes(member)) return undefined;
  return foreign(subject, member);
}

/** Why the grant's member cannot stay: it is not an account of this stack. */
export function memberMistake(subject: Connected, trusted: readonly string[], claims: Claims): string | undefined {
  if (!isGrant(subject)) return undefined;
  const member = known(subject, "member");
  if (member !== undefined && (trusted.includes(member) || !member.startsWith("serviceAccount:"))) return undefined;
  if (!sourceOf(subject)) return foreign(subject, member ?? "a member that is known only later");
  return disagreement(`Grant "${subject.name}"`, subject, claims);
}

const foreign = ({ name }: Subject, member: string): string =>
  `Grant "${name}" is for ${member}, not for a service account of this stack: grant roles where the account is ` +
  `declared, or list the member under "trusted" of this rule.`;

/** Why the key cannot stay: its account is not one of this stack. */
export function holderMistake(subject: Connected, trusted: readonly string[], claims: Claims): string | undefined {
  if (!isKey(subject)) return undefined;
  const account = known(subject, "serviceAccountId");
  if (account !== undefined && trusted.includes(account)) return undefined;
  if (sourceOf(subject)) return disagreement(`Key "${subject.name}"`, subject, claims);
  return (
    `Key "${subject.name}" is for service account ${account ?? "that is known only later"}, which this stack does not ` +
    `create: make the key where the account is declared, or list the account's ID under "trusted" of this rule.`
  );
}

/** Where an ID comes from says nothing if the program exchanged it on the way. */
function disagreement(what: string, subject: Connected, claims: Claims): string | undefined {
  const [account, id] = [sourceOf(subject), accountIdOf(subject)];
  const others = [...((account && claims.get(keyOf(account))) ?? [])].filter((each) => each !== id);
  if (id === undefined || !account || others.length === 0) return undefined;
  return (
    `${what} is made from service account "${account.name}" but names ${id}, while other resources made from it name ` +
    `${others.join(", ")}: use the account's own id, unchanged.`
  );
}
