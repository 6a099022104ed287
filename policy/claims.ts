import { type Connected, isAccount, isGrant, isKey, known } from "./resources";

/** By account, the IDs that values made from it have: one if the program is honest. */
export type Claims = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * A rule sees the inputs and outputs of an account, and its ID is in neither. But whatever a program makes from the ID
 * has to agree: a value that differs did not come from there.
 */
export function claimsOf(resources: readonly Connected[]): Claims {
  const claims = new Map<string, Set<string>>();
  const claim = (account: Named, id: string | undefined) => {
    if (id !== undefined) claims.set(keyOf(account), (claims.get(keyOf(account)) ?? new Set()).add(id));
  };
  for (const resource of resources) {
    // A bridged provider repeats the ID among the outputs.
    if (isAccount(resource)) claim(resource, known(resource, "id"));
    const account = sourceOf(resource);
    if (account) claim(account, accountIdOf(resource));
  }
  return claims;
}

/** The ID in a grant's member, or in a key's account. */
export const accountIdOf = (resource: Connected): string | undefined =>
  isKey(resource)
    ? known(resource, "serviceAccountId")
    : /^serviceAccount:(.+)$/.exec(known(resource, "member") ?? "")?.[1];

/** The account of this stack from which a grant's member or a key's account was made. */
export function sourceOf(resource: Connected): Named | undefined {
  const property = isKey(resource) ? "serviceAccountId" : isGrant(resource) ? "member" : undefined;
  return property === undefined ? undefined : resource.propertyDependencies[property]?.find(isAccount);
}

type Named = Connected["propertyDependencies"][string][number];

/** Two accounts of one stack differ in name or in the types of their parents; both are in the URN. */
export const keyOf = ({ urn, name }: Named): string => urn ?? name;
