import { isNarrow } from "../policy/narrowRoles";
import { haveOwnScopes, isAiScope, isPrimitive, isUmbrella, opensAiStudio } from "./access";
import type { Entry } from "./inventory";
import type { Grant, Key, Unseen } from "./survey";

export type Severity = "high" | "medium" | "low" | "not known";

/** From the worst on. "not known" is beside the others: it can hide anything. */
export const severities = ["high", "medium", "low", "not known"] as const satisfies readonly Severity[];

/**
 * How severe each kind is, what it says after its subject, and the rule behind it: a number is the section of the
 * vendor's standard (STANDARD), "key page" the vendor's page on API keys, nothing is a rule of this project.
 */
export const KINDS = {
  "no scopes": ["high", "has no scopes, so it opens every service that takes API keys", "1.11, key page"],
  "no expiry": ["high", "never expires", "1.10, key page"],
  "nobody knows it": ["high", "was made by a run that ended before the secret was stored: nobody can use it", ""],
  "public role": ["high", "is held by everybody who has an account in any cloud", "1.21"],
  "primitive role": ["high", "covers every service, not only AI Studio", "1.5"],
  "wide scopes": ["medium", "has scopes of services outside AI Studio", "1.11, key page"],
  old: ["medium", "is older than 90 days", "1.10"],
  "never used": ["medium", "has not been used since it was made more than 7 days ago", "1.25"],
  unused: ["medium", "has not been used for more than 30 days", "1.25"],
  "no owner": ["medium", "belongs to no stack: somebody made it by hand or with another tool", ""],
  "beside the program": ["medium", "was made beside the program, on an account that a stack owns", ""],
  "owner lost": ["medium", "bears the mark of a stack that has no settings here", ""],
  "broad role": ["medium", "is wider than an application needs", "1.8"],
  "inherited role": ["medium", "is granted on the cloud, so it holds in every folder", "1.8"],
  "umbrella scope": ["low", "has the scope for all of AI Studio, though its roles need narrower ones only", "1.11"],
  expired: ["low", "has expired and is still there", ""],
  "expires soon": ["low", "expires within 14 days, and no later key of its account replaces it", "1.10"],
  "key without role": ["low", "opens nothing: its account has no role that fits its scopes", "1.8"],
  "role without key": ["low", "has a role for AI Studio and no API key for it", "1.8"],
  "role of a deleted account": ["low", "is granted to an account that no longer exists", "1.8"],
  "not known": ["not known", "", ""],
} as const satisfies Record<string, readonly [Severity, string, string]>;

export type Kind = keyof typeof KINDS;

export interface Finding {
  kind: Kind;
  severity: Severity;
  /** ID of the key, the account, or the folder or cloud that it is about. */
  about: string;
  /** One sentence without a full stop. */
  text: string;
  /** The command, or the step, that ends it. */
  next: string;
}

const DAY = 24 * 60 * 60 * 1000;
const SOON = 14 * DAY;

const finding = (kind: Kind, about: string, subject: string, next: string): Finding => ({
  ...{ kind, severity: KINDS[kind][0], about },
  ...{ text: `${subject} ${KINDS[kind][1]}`, next },
});

/** What is to be said of a key; `siblings` are all keys of its account, `stack` is the one that signed in. */
export function findingsOfKey(entry: Entry, siblings: readonly Key[], now: number, stack?: string): Finding[] {
  const { id, owner, createdAt, expiresAt, lastUsedAt, scopes, opens } = entry;
  const say = (kind: Kind, next: string) => finding(kind, id, `API key ${id} of ${entry.account.name}`, next);
  const remove = `yc iam api-key delete ${id}`;
  const adopt = `npm run adopt -- --key ${id}${stack === undefined ? "" : ` --stack ${stack}`}`;
  const isOwned = owner.kind === "stack";
  const rotate = isOwned ? "Rotate it: docs/how-to.md, Replace a key that has leaked" : adopt;
  if (owner.kind === "abandoned") return [say("nobody knows it", remove)];
  if (expiresAt !== undefined && expiresAt <= now) return [say("expired", remove)];

  const age = now - (createdAt ?? now);
  const left = expiresAt === undefined ? Infinity : expiresAt - now;
  const hasLater = () =>
    siblings.some((key) => (key.createdAt ?? 0) > (createdAt ?? 0) && (key.expiresAt ?? Infinity) > now + left);
  const found: (Finding | false)[] = [
    scopes.length === 0 && say("no scopes", isOwned ? "Give it scopes in the program" : adopt),
    scopes.some((scope) => !isAiScope(scope)) &&
      say("wide scopes", isOwned ? "Take the scope out of extraScopes" : adopt),
    scopes.some(isUmbrella) &&
      opens !== "not known" &&
      haveOwnScopes(opens) &&
      say("umbrella scope", isOwned ? "Take the scope out of extraScopes" : adopt),
    expiresAt === undefined &&
      say(
        "no expiry",
        isOwned
          ? "Give its application a rotation: docs/rotation.md"
          : `yc iam api-key update ${id} --expires-at ${new Date(now + 30 * DAY).toISOString().slice(0, 10)}T00:00:00Z`,
      ),
    // The key before the current one is on its way out, by plan.
    age > 90 * DAY && !(left <= 31 * DAY && hasLater()) && say("old", rotate),
    left <= SOON && !hasLater() && say("expires soon", rotate),
    lastUsedAt === undefined && age > 7 * DAY && say("never used", remove),
    lastUsedAt !== undefined && now - lastUsedAt > 30 * DAY && say("unused", remove),
    opens !== "not known" && opens.length === 0 && say("key without role", remove),
    owner.kind === "none" && say("no owner", adopt),
    owner.kind === "beside" && say("beside the program", remove),
    owner.kind === "lost" && say("owner lost", adopt),
  ];
  return found.filter((each) => each !== false);
}

/** What is to be said of a role that an account with a key holds. */
export function findingsOfRole({ place, role, subject }: Grant, name: string): Finding[] {
  const say = (kind: Kind) =>
    finding(kind, subject.id, `role ${role} of ${name} on ${place.kind} ${place.id}`, removal(place, role, subject.id));
  if (isPrimitive(role)) return [say("primitive role")];
  if (!opensAiStudio(role)) return [];
  if (!isNarrow(role)) return [say("broad role")];
  return place.kind === "cloud" ? [say("inherited role")] : [];
}

export const roleWithoutKey = ({ place, role, subject }: Grant, name: string): Finding =>
  finding("role without key", subject.id, `service account ${name} (${subject.id})`, removal(place, role, subject.id));

export const publicRole = ({ place, role, subject }: Grant): Finding =>
  finding(
    ...(["public role", place.id, `role ${role} on ${place.kind} ${place.id}`] as const),
    `yc resource-manager ${place.kind} remove-access-binding ${place.id} --role ${role} --subject system:${subject.id}`,
  );

export const roleOfDeleted = ({ place, role, subject }: Grant): Finding =>
  finding(
    ...(["role of a deleted account", place.id, `role ${role} on ${place.kind} ${place.id}`] as const),
    removal(place, role, subject.id),
  );

const removal = (place: Grant["place"], role: string, account: string): string =>
  `yc resource-manager ${place.kind} remove-access-binding ${place.id} --role ${role} --service-account-id ${account}`;

const UNSEEN: Record<Unseen["kind"], (id: string) => string> = {
  folders: (id) => `the folders of cloud ${id} are not known`,
  roles: (id) => `the roles on ${id} are not known`,
  accounts: (id) => `the service accounts in folder ${id} are not known`,
  keys: (id) => `the API keys of service account ${id} are not known`,
  account: (id) => `whether service account ${id}, which holds a role here, exists is not known`,
};

export const notKnown = ({ kind, about, reason }: Unseen): Finding => ({
  ...{ kind: "not known", severity: "not known", about },
  text: `${UNSEEN[kind](about)}: ${reason}`,
  next: "Sign in as somebody who has iam.viewer and resource-manager.viewer there, and run this again",
});
