import { isNarrow, opensOneSecret } from "../policy/narrowRoles";
import { type Rules } from "../policy/settings";
import { type Access, type Key, type Role, roleLabel } from "./access";
import type { Holder } from "./accounts";
import { keyChange, timeOf } from "./keys";
import type { Resource, Side } from "./resources";
import { HIDDEN, NOT_KNOWN } from "./shown";

/** Something that a reviewer should have seen before saying yes. */
export interface Risk {
  kind: RiskKind;
  /** The role, the key or the account that it is about. */
  subject: string;
}

export type RiskKind = keyof typeof SENTENCES;

/** Each after its subject. docs/review.md lists them all. */
export const SENTENCES = {
  "not known yet": "is known only after the update, so this review cannot judge it",
  hidden: "is not shown, because it may be a secret, so this review cannot judge it",
  "broad role": "is wider than an application needs",
  "foreign member": "is granted to somebody else than the application's account",
  "other place": "is granted outside of the folder in which the application's account lives",
  "role moves": "was granted elsewhere before",
  "whole list": "sets the whole list of who has access, and removes the grants of others",
  "other account": "acts as an account that the application does not create, with every role of that account",
  "no expiry": "never expires",
  "late expiry": "expires later than the rules of the team allow",
  "longer life": "expires later than before",
  "no scopes": "has no scopes: the cloud then opens ten services to it",
  "unlimited key": "has no scopes and no end: it opens everything that its account may do",
  "key in use deleted": "is deleted while it still works; its holder is refused at once",
  "key replaced": "is replaced, and its old secret stops working in the same run",
  "account replaced": "is replaced, and every key and role of it with it",
  "account deleted": "is deleted, and every key and role of it with it",
  "delivery moves": "goes to another place; readers of the place before find no key there",
  "secret replaced": "is replaced by an empty one of another ID; readers of the old one are refused at once",
  "secret deleted": "is deleted with every key in it; its readers are refused at once",
  "secret unprotected":
    "can be deleted in one call, with every key in it (deletionProtection, protect; of deliverTo: lockbox.deletionProtection)",
  "left in the cloud": "is not deleted but left in the cloud (retainOnDelete), where it goes on working",
  "stays when removed": "stays in the cloud and goes on working when it leaves the program (retainOnDelete)",
  "no longer protected": "can be deleted from now on (protect)",
} as const;

/** One application, or everything outside of any, before and after. */
export interface Changed {
  resources: readonly Resource[];
  before: Access;
  after: Access;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Of everything that the change creates or alters; what stays as it is has been accepted before. */
export function risksOf(changed: Changed, rules: Rules, now: number): Risk[] {
  const risks = changed.resources.flatMap((resource) => [
    ...accountRisks(resource),
    ...grantRisks(resource, changed, rules),
    ...keyRisks(resource, changed, rules, now),
    ...secretRisks(resource),
    ...deletionRisks(resource),
  ]);
  const order = Object.keys(SENTENCES);
  return risks
    .filter((risk, index) => risks.findIndex((each) => isSame(each, risk)) === index)
    .sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

function accountRisks({ kind, name, type, change }: Resource): Risk[] {
  if (kind === "credential")
    return change === "create" || change === "replace" ? [{ kind: "unlimited key", subject: `${type} ${name}` }] : [];
  if (kind !== "account") return [];
  if (change === "replace") return [{ kind: "account replaced", subject: name }];
  return change === "delete" ? [{ kind: "account deleted", subject: name }] : [];
}

function grantRisks(resource: Resource, { before, after }: Changed, rules: Rules): Risk[] {
  const { urn, application, kind, type, name, change } = resource;
  if ((kind !== "grant" && kind !== "binding") || change === "none" || change === "delete" || change === "leave")
    return [];
  const roles = after.roles.filter((each) => each.urn === urn);
  return [
    ...(kind === "binding" ? [{ kind: "whole list" as const, subject: `${type} ${name}` }] : []),
    ...roles.flatMap((role) => [
      ...roleRisks(role, application !== undefined, rules),
      ...placeRisks(role, before, after),
    ]),
  ];
}

function roleRisks(role: Role, isOfApplication: boolean, { allowedRoles, trustedMembers }: Rules): Risk[] {
  const member = role.holder.shown;
  const label = roleLabel(role);
  return [
    ...unclear(role.role, `role of ${role.name}`),
    ...unclear(role.holder.kind === "unknown" ? NOT_KNOWN : member, `member of ${role.name}`),
    ...(!/^\[/.test(role.role) && !isNarrow(role.role, allowedRoles) && !readsSecret(role)
      ? [{ kind: "broad role" as const, subject: label }]
      : []),
    ...(isOther(role.holder, isOfApplication) && !trustedMembers.includes(member)
      ? [{ kind: "foreign member" as const, subject: label }]
      : []),
  ];
}

/** What a reader of a delivered key has: the review shows who that is and which secret. */
const readsSecret = ({ role, place }: Role): boolean => opensOneSecret(role) && place.startsWith("secret ");

/** Outside of any application every account of the stack is one of those that it may concern. */
const isOther = ({ kind }: Holder, isOfApplication: boolean): boolean =>
  kind === "foreign" || (kind === "declared" && isOfApplication);

const unclear = (value: string, subject: string): Risk[] =>
  value === NOT_KNOWN ? [{ kind: "not known yet", subject }] : value === HIDDEN ? [{ kind: "hidden", subject }] : [];

function placeRisks(role: Role, before: Access, { home }: Access): Risk[] {
  const label = roleLabel(role, true);
  const elsewhere = before.roles.filter(
    (old) => old.role === role.role && old.holder.shown === role.holder.shown && old.place !== role.place,
  );
  const isNewHere = !before.roles.some((old) => old.role === role.role && old.place === role.place);
  return [
    ...unclear(/\[.*\]$/.exec(role.place)?.[0] ?? "", `place of ${role.name}`),
    ...(role.holder.kind === "own" && isOutside(role.place, home) && !readsSecret(role)
      ? [{ kind: "other place" as const, subject: label }]
      : []),
    ...(isNewHere && elsewhere[0]
      ? [{ kind: "role moves" as const, subject: `${label} (before: ${elsewhere[0].place})` }]
      : []),
  ];
}

const isOutside = (place: string, home: string | undefined): boolean =>
  !place.startsWith("folder ") || (home !== undefined && !place.endsWith("]") && place !== `folder ${home}`);

function keyRisks(resource: Resource, { before, after }: Changed, rules: Rules, now: number): Risk[] {
  const { kind, change, urn, name } = resource;
  if (kind !== "key" || change === "none") return [];
  const find = ({ keys }: Access) => keys.find((each) => each.urn === urn);
  const [old, key] = [find(before), find(after)];
  const { what } = keyChange(resource, old, key, now);
  if (what === "deleted") return [{ kind: "key in use deleted", subject: name }];
  if (!key || change === "delete" || change === "leave") return [];
  const isNew = change !== "update";
  return [
    ...(what === "replaced" && !resource.before?.isRetained ? [{ kind: "key replaced" as const, subject: name }] : []),
    ...(change === "update" && old?.delivery !== undefined && old.delivery !== key.delivery
      ? [{ kind: "delivery moves" as const, subject: name }]
      : []),
    ...unclear(/\[[^\]]*\]/.exec(key.delivery ?? "")?.[0] ?? "", `delivery of ${name}`),
    ...(isNew ? holderRisks(key, resource.application !== undefined, before, rules) : []),
    ...(isNew || alters(resource, "expiresAt") ? expiryRisks(key, isNew ? undefined : old, rules, now) : []),
    ...(isNew || alters(resource, "scopes") ? scopeRisks(key) : []),
  ];
}

/** A secret that a key is delivered to. What the engine protects, the program cannot delete by mistake. */
function secretRisks({ kind, name, change, before, after }: Resource): Risk[] {
  if (kind !== "secret") return [];
  if (change === "delete") return [{ kind: "secret deleted", subject: name }];
  const guarded = (side: Side | undefined) =>
    side !== undefined && (side.isProtected || ["true", true].includes(side.inputs.deletionProtection as string));
  const isNew = change === "create" || change === "replace";
  return [
    ...(change === "replace" ? [{ kind: "secret replaced" as const, subject: name }] : []),
    ...((isNew || guarded(before)) && after && !guarded(after)
      ? [{ kind: "secret unprotected" as const, subject: name }]
      : []),
  ];
}

const alters = ({ changed }: Resource, property: string): boolean => changed.some((each) => each.property === property);

/** A key of an account for which the application had one before, as in a rotation, gives nothing new. */
function holderRisks(
  { name, holder }: Key,
  isOfApplication: boolean,
  { keys }: Access,
  { trustedAccounts }: Rules,
): Risk[] {
  if (holder.kind === "unknown") return unclear(NOT_KNOWN, `account of ${name}`);
  const isAccepted = trustedAccounts.includes(holder.shown) || keys.some((old) => old.holder.shown === holder.shown);
  if (!isOther(holder, isOfApplication) || isAccepted) return [];
  return [{ kind: "other account", subject: `${name} of ${holder.shown}` }];
}

function expiryRisks(key: Key, old: Key | undefined, { mostDays }: Rules, now: number): Risk[] {
  const { name: subject, expiresAt, expiryKnown } = key;
  if (!expiryKnown) return unclear(NOT_KNOWN, `expiry of ${subject}`);
  if (!expiresAt) return [{ kind: "no expiry", subject }];
  return [
    ...(old && timeOf(expiresAt) > timeOf(old.expiresAt) ? [{ kind: "longer life" as const, subject }] : []),
    ...(timeOf(expiresAt) > now + mostDays * DAY_MS ? [{ kind: "late expiry" as const, subject }] : []),
  ];
}

function scopeRisks({ name: subject, scopes, scopesKnown }: Key): Risk[] {
  if (!scopesKnown) return unclear(NOT_KNOWN, `scopes of ${subject}`);
  if (scopes.length === 0) return [{ kind: "no scopes", subject }];
  return scopes.includes(HIDDEN) ? unclear(HIDDEN, `scopes of ${subject}`) : [];
}

/** Options of the program that decide about the end of a resource. They differ without a step of their own. */
function deletionRisks({ name, kind, change, before, after }: Resource): Risk[] {
  if (kind === "other" || kind === "validation" || kind === "application") return [];
  if (change === "leave" || (change === "replace" && before?.isRetained))
    return [{ kind: "left in the cloud", subject: name }];
  return [
    ...(after?.isRetained && !before?.isRetained ? [{ kind: "stays when removed" as const, subject: name }] : []),
    ...(before?.isProtected && after && !after.isProtected
      ? [{ kind: "no longer protected" as const, subject: name }]
      : []),
  ];
}

const isSame = (one: Risk, other: Risk): boolean => one.kind === other.kind && one.subject === other.subject;
