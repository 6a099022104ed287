import type { Entry, Inventory } from "./inventory";

const DAY = 24 * 60 * 60 * 1000;

export const COLUMNS = [
  "key",
  "account",
  "folder",
  "scopes",
  "roles",
  "opens",
  "age in days",
  "expires",
  "last used",
  "made by",
  "stack",
  "findings",
] as const;

/** The keys as words, one per column. */
export function rowsOf({ keys, at, findings }: Inventory): string[][] {
  const kinds = new Map<string, string[]>();
  for (const { about, kind } of findings) kinds.set(about, [...(kinds.get(about) ?? []), kind]);
  return keys.map((entry) =>
    rowOf(entry, at, [...(kinds.get(entry.id) ?? []), ...(kinds.get(entry.account.id) ?? [])]),
  );
}

function rowOf(entry: Entry, at: number, kinds: readonly string[]): string[] {
  const { owner, opens } = entry;
  return [
    entry.id,
    `${entry.account.name} (${entry.account.id})`,
    entry.folder.name || entry.folder.id,
    entry.scopes.join(" ") || "none",
    entry.roles.map(({ role, place }) => `${role} on ${place.kind} ${place.id}`).join(", ") || "none seen",
    opens === "not known" ? opens : opens.join(" ") || "nothing",
    entry.createdAt === undefined ? "not known" : String(Math.floor((at - entry.createdAt) / DAY)),
    day(entry.expiresAt) ?? "never",
    day(entry.lastUsedAt) ?? "never",
    owner.kind === "stack" || owner.kind === "lost" || owner.kind === "abandoned" ? "Pulumi" : "not known",
    stackOf(entry),
    [...new Set(kinds)].join(", ") || "none",
  ];
}

function stackOf({ owner }: Entry): string {
  if (owner.kind === "stack") return owner.stack ?? "a stack (the key does not name it)";
  if (owner.kind === "lost") return `${owner.stack} (no settings here)`;
  return owner.kind === "beside" ? `none (account: ${owner.stack})` : "none";
}

const day = (moment: number | undefined): string | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 10);

export const headingOf = ({ scope, at, keys }: Inventory): string =>
  `${keys.length} API key${keys.length === 1 ? "" : "s"} for AI Studio in ${scope.kind} ${scope.id}, ${new Date(at).toISOString().slice(0, 16)}Z`;

export const totalsOf = ({ counts }: Inventory): string =>
  Object.entries(counts)
    .map(([severity, count]) => `${count} ${severity}`)
    .join(", ");
