import { type Access, isEffective } from "./access";
import { compare, type Comparison } from "./comparison";

/** Name of a capability, the roles and scopes that it needs, and the other capabilities that these open, too. */
export type CapabilityTable = Readonly<
  Record<string, { roles: readonly string[]; scopes: readonly string[]; alsoOpens?: readonly string[] }>
>;

/**
 * The capabilities that the application really has: those whose roles its account has, and whose scopes one of its keys
 * has. Those that need exactly the same are one entry, such as `textGeneration, embeddings`, because an account that may
 * do one may do the other.
 */
export function capabilitiesOf(access: Access, table: CapabilityTable): string[] {
  const groups = new Map<string, string[]>();
  for (const name of heldOf(access, table)) {
    const { roles, scopes } = table[name]!;
    const need = JSON.stringify([[...roles].sort(), [...scopes].sort()]);
    groups.set(need, [...(groups.get(need) ?? []), name]);
  }
  return [...groups.values()].map((names) => names.join(", "));
}

function heldOf({ roles, keys, home }: Access, table: CapabilityTable): string[] {
  const own = new Set(roles.filter((each) => isEffective(each, home)).map(({ role }) => role));
  return Object.entries(table).flatMap(([name, entry]) => {
    const granted = entry.roles.every((role) => own.has(role));
    const keyed = keys.some(({ scopes }) => entry.scopes.every((scope) => scopes.includes(scope)));
    return granted && keyed ? [name] : [];
  });
}

/** The capabilities that come with others, because the vendor has no narrower role or scope for those. */
export function alsoOpened(before: Access, after: Access, table: CapabilityTable): Comparison {
  const [held, wanted] = [heldOf(before, table), heldOf(after, table)];
  const withOthers = (names: string[]) => [...names, ...names.flatMap((name) => table[name]?.alsoOpens ?? [])];
  const { gained, lost, kept } = compare(withOthers(held), withOthers(wanted));
  return {
    gained: gained.filter((each) => !wanted.includes(each)),
    lost: lost.filter((each) => !held.includes(each)),
    kept: kept.filter((each) => !wanted.includes(each)),
  };
}
