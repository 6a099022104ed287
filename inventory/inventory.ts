import type { Capability } from "../components/capabilities";
import { disarm } from "../review/shown";
import { isAiScope, isPublic, openedBy, opensAiStudio } from "./access";
import * as find from "./findings";
import type { Finding, Severity } from "./findings";
import { unmarked } from "../provider/ownership/marker";
import { type Owner, ownerOf } from "./owner";
import type { Key, Place, Survey } from "./survey";

/** The vendor's rules that the findings name by section. */
export const STANDARD =
  "Yandex Cloud infrastructure security standard 1.4.1 of 16 June 2025, part 1: https://yandex.cloud/en/docs/security/standard/authentication";

/** One API key. Moments are milliseconds since 1970. */
export interface Entry {
  id: string;
  description: string;
  account: { id: string; name: string };
  folder: { id: string; name: string };
  scopes: readonly string[];
  /** Roles that let the account call AI Studio, and every primitive one. */
  roles: readonly { role: string; place: Place }[];
  /** What of AI Studio the key opens with them. */
  opens: readonly Capability[] | "not known";
  createdAt: number | undefined;
  expiresAt: number | undefined;
  lastUsedAt: number | undefined;
  owner: Owner;
}

export interface Inventory {
  scope: Survey["scope"];
  at: number;
  standard: string;
  keys: readonly Entry[];
  /** From the worst on. */
  findings: readonly Finding[];
  counts: Readonly<Record<Severity, number>>;
  /** What no run of this can see. */
  limits: readonly string[];
}

/**
 * Every key that can call AI Studio or has a scope of it, with what is wrong.
 *
 * @param stack the one whose settings signed in: the commands that mend something name it
 */
export function takeInventory(survey: Survey, stack?: string): Inventory {
  const folders = new Map(survey.folders.map((folder) => [folder.id, folder]));
  const accounts = new Map(survey.accounts.map((account) => [account.id, account]));
  const grants = groupBy(survey.grants, ({ subject }) => subject.id);
  const keysOf = groupBy(survey.keys, ({ accountId }) => accountId);
  const shared = survey.grants.filter(isPublic);
  const isPartial =
    survey.unseen.some(({ kind }) => kind === "roles" || kind === "folders") ||
    survey.grants.some(({ subject, role }) => subject.type === "group" && opensAiStudio(role));

  const entryOf = (key: Key): Entry => {
    const account = accounts.get(key.accountId);
    const folder = folders.get(account?.folderId ?? "");
    const held = [...(grants.get(key.accountId) ?? []), ...shared];
    const opens = openedBy(
      held.map(({ role }) => role),
      key.scopes,
    );
    return {
      ...{ id: key.id, scopes: [...key.scopes].sort(), description: disarmed(unmarked(key.description)) },
      account: { id: key.accountId, name: disarmed(account?.name ?? key.accountId) },
      folder: { id: folder?.id ?? "", name: disarmed(folder?.name ?? "") },
      roles: held.filter(({ role }) => opensAiStudio(role)).map(({ role, place }) => ({ role, place })),
      opens: opens.length === 0 && isPartial ? "not known" : opens,
      ...{ createdAt: key.createdAt, expiresAt: key.expiresAt, lastUsedAt: key.lastUsedAt },
      owner: ownerOf(key, account, survey),
    };
  };
  const keys = survey.keys
    .filter(({ scopes }) => scopes.length === 0 || scopes.some(isAiScope))
    .map(entryOf)
    .sort((a, b) => (a.account.name + a.id < b.account.name + b.id ? -1 : 1));
  const listed = new Set(keys.map(({ account }) => account.id));

  const findings = [
    ...keys.flatMap((entry) => find.findingsOfKey(entry, keysOf.get(entry.account.id) ?? [], survey.at, stack)),
    ...rolesOf(survey, listed, (id) => disarmed(accounts.get(id)?.name ?? id)),
    ...survey.unseen.map(({ reason, ...rest }) => find.notKnown({ ...rest, reason: disarm(reason, 300) })),
  ];
  const rank = ({ severity }: Finding) => find.severities.indexOf(severity);
  const count = (severity: Severity) => findings.filter((each) => each.severity === severity).length;
  return {
    ...{ scope: survey.scope, at: survey.at, standard: STANDARD, keys },
    findings: findings.sort((a, b) => rank(a) - rank(b)),
    counts: { high: count("high"), medium: count("medium"), low: count("low"), "not known": count("not known") },
    limits: limitsOf(survey),
  };
}

function rolesOf(
  { grants, accounts, deletedAccounts, unseen }: Survey,
  listed: Set<string>,
  name: (id: string) => string,
) {
  const living = new Set(accounts.map(({ id }) => id));
  const deleted = new Set(deletedAccounts);
  const closed = new Set(unseen.filter(({ kind }) => kind === "keys").map(({ about }) => about));
  const reported = new Set<string>();
  return grants.flatMap((grant): Finding[] => {
    const { subject, role } = grant;
    if (isPublic(grant)) return opensAiStudio(role) ? [find.publicRole(grant)] : [];
    if (subject.type !== "serviceAccount") return [];
    if (deleted.has(subject.id)) return opensAiStudio(role) ? [find.roleOfDeleted(grant)] : [];
    if (listed.has(subject.id)) return find.findingsOfRole(grant, name(subject.id));
    const lacksKey = living.has(subject.id) && !closed.has(subject.id) && /^(?:ai|search-api)\./.test(role);
    if (!lacksKey || !opensAiStudio(role) || reported.has(subject.id)) return [];
    reported.add(subject.id);
    return [find.roleWithoutKey(grant, name(subject.id))];
  });
}

function limitsOf({ scope, grants }: Survey): string[] {
  const groups = new Set(grants.filter(({ subject }) => subject.type === "group").map(({ subject }) => subject.id));
  return [
    "Roles that are granted on the organization",
    ...(scope.kind === "folder" ? ["Roles on other folders of the cloud: use --cloud"] : []),
    ...(groups.size > 0 ? [`Members of the groups that hold roles here (${groups.size})`] : []),
    "Who made a key: the API does not say it, the event CreateApiKey in Audit Trails does",
  ];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Names are chosen by strangers, and a description may hold what somebody should not have put there. */
const disarmed = (text: string): string => (text === "" ? "" : disarm(text));
