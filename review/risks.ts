import { accessOf } from "./access";
import { keyChanges } from "./keys";
import type { Resource } from "./resources";

/** Something that a reviewer should have seen before saying yes. */
export interface Risk {
  kind: RiskKind;
  /** The role, the key or the account that it is about. */
  subject: string;
}

export type RiskKind = keyof typeof SENTENCES;

/** Each after its subject. */
export const SENTENCES = {
  "broad role": "is wider than an application needs",
  "foreign member": "gets a role here and is not the application's account",
  "no expiry": "never expires",
  "no scopes": "has no scopes: the cloud then opens ten services to it",
  "key in use deleted": "is deleted while it still works; whoever holds it is refused at once",
  "key replaced": "is replaced, and its old secret stops working in the same run",
  "account replaced": "is replaced, and every key and role of it with it",
  "account deleted": "is deleted, and every key and role of it with it",
} as const;

/**
 * Roles that reach beyond using one service: those of a whole folder or cloud, every administrator, and those over
 * access itself.
 */
const BROAD =
  /^(?:admin|editor|viewer|auditor|ai\.(?:admin|editor|viewer|auditor)|(?:iam|resource-manager|organization-manager)\..+|.+\.admin)$/;

/** Of what the change makes or alters; what stays as it is has been accepted before. */
export function risksOf(resources: readonly Resource[], now: number): Risk[] {
  const risks = [
    ...resources.filter(({ change }) => change !== "none").flatMap((resource) => accountRisks(resource)),
    ...grantRisks(resources),
    ...resources.flatMap((resource) => keyRisks(resource, now)),
  ];
  return risks.filter((risk, index) => risks.findIndex((each) => isSame(each, risk)) === index);
}

function accountRisks({ kind, name, change }: Resource): Risk[] {
  if (kind !== "account") return [];
  if (change === "replace") return [{ kind: "account replaced", subject: name }];
  return change === "delete" ? [{ kind: "account deleted", subject: name }] : [];
}

function grantRisks(resources: readonly Resource[]): Risk[] {
  // Whose account is meant can only be told of all resources together; what is kept is then left out.
  const kept = resources.filter(({ kind, change }) => kind === "grant" && change === "none");
  const count = accessOf(kept, "after").roles.length;
  const others = resources.filter((each) => !kept.includes(each));
  const { roles } = accessOf([...kept, ...others], "after");
  return roles
    .slice(count)
    .flatMap(({ role, foreignMember }): Risk[] => [
      ...(BROAD.test(role) ? [{ kind: "broad role" as const, subject: role }] : []),
      ...(foreignMember ? [{ kind: "foreign member" as const, subject: foreignMember }] : []),
    ]);
}

function keyRisks(resource: Resource, now: number): Risk[] {
  if (resource.kind !== "key" || resource.change === "none") return [];
  const subject = resource.name;
  const [change] = keyChanges([resource], now);
  if (change?.what === "deleted") return [{ kind: "key in use deleted", subject }];
  const [key] = accessOf([resource], "after").keys;
  const alters = (property: string) =>
    resource.change !== "update" || resource.changed.some((each) => each.property === property);
  return [
    ...(change?.what === "replaced" ? [{ kind: "key replaced" as const, subject }] : []),
    ...(key?.expiryKnown && !key.expiresAt && alters("expiresAt") ? [{ kind: "no expiry" as const, subject }] : []),
    ...(key?.scopesKnown && key.scopes.length === 0 && alters("scopes")
      ? [{ kind: "no scopes" as const, subject }]
      : []),
  ];
}

const isSame = (one: Risk, other: Risk): boolean => one.kind === other.kind && one.subject === other.subject;
