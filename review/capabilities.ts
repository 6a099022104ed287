import type { Access } from "./access";

/** Name of a capability and the roles and scopes that it takes. */
export type CapabilityTable = Readonly<Record<string, { roles: readonly string[]; scopes: readonly string[] }>>;

/**
 * What the application may really do: the capabilities whose roles its account has, and whose scopes one of its keys
 * has. Those that need exactly the same are one entry, such as `textGeneration, embeddings`, because whoever may do one
 * may do the other.
 */
export function capabilitiesOf(access: Access, table: CapabilityTable): string[] {
  const roles = new Set(access.roles.filter(({ foreignMember }) => !foreignMember).map(({ role }) => role));
  const groups = new Map<string, string[]>();
  for (const [name, entry] of Object.entries(table)) {
    const granted = entry.roles.every((role) => roles.has(role));
    const keyed = access.keys.some(({ scopes }) => entry.scopes.every((scope) => scopes.includes(scope)));
    if (!granted || !keyed) continue;
    const need = JSON.stringify([[...entry.roles].sort(), [...entry.scopes].sort()]);
    groups.set(need, [...(groups.get(need) ?? []), name]);
  }
  return [...groups.values()].map((names) => names.join(", "));
}
