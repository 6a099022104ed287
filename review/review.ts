import { DEFAULT_RULES, type Rules } from "../policy/settings";
import { type Access, accessOf, roleLabel } from "./access";
import { alsoOpened, capabilitiesOf, type CapabilityTable } from "./capabilities";
import { compare, type Comparison } from "./comparison";
import type { Digest } from "./digest";
import { type Drift, driftOf } from "./drift";
import { type KeyChange, keyChanges } from "./keys";
import { errorsOf, type Message, shownMessage, warningsOf } from "./messages";
import { type Change, nameOf, parentsOf, type Resource, resourcesOf, subjectOf } from "./resources";
import { type Risk, risksOf } from "./risks";
import { redact } from "./shown";

/** How a change alters the access of each application. Plain data: `--format json` prints it as it is. */
export interface Review {
  project: string;
  stack: string;
  /** The commit that was looked at, if the caller knows it. */
  commit?: string;
  /** False if there was no preview at all: the errors say why, and nothing else is known. */
  isMade: boolean;
  counts: Counts;
  /** Those that change: first those with a risk, each by name. */
  applications: ApplicationReview[];
  /** Every resource that changes, by application, deletions first. */
  resources: ResourceReview[];
  /** Why the preview failed, if it did. The rest then shows only how far it came. */
  errors: Message[];
  /** Of this project's component and provider. */
  warnings: Message[];
  /** Whether the preview leaves out everything that stays as it is; the lists of what an application keeps can be wrong then. */
  incomplete: boolean;
  /** Changes that were made outside of the program; only from a preview with `--refresh`. */
  drift?: Drift[];
}

export interface Counts {
  create: number;
  update: number;
  replace: number;
  delete: number;
  /** Forgotten by the engine, and kept by the cloud. */
  leave: number;
  same: number;
}

export interface ApplicationReview {
  /** Undefined for resources that belong to no application. */
  name?: string;
  change: Change;
  capabilities: Comparison;
  /** Capabilities that the same roles and scopes open besides. */
  alsoOpens: Comparison;
  roles: Comparison;
  scopes: Comparison;
  keys: KeyChange[];
  risks: Risk[];
}

export interface ResourceReview {
  change: Exclude<Change, "none">;
  type: string;
  name: string;
  changed: Resource["changed"];
}

/** What a digest does not say of itself. */
export interface About {
  /** Default: those of the digest. */
  project?: string;
  stack?: string;
  commit?: string;
  /** Default: none but the defaults of the policy pack. */
  rules?: Rules;
}

/** @param now milliseconds since 1970, against which expiry is judged */
export function reviewOf(digest: Digest, table: CapabilityTable, now: number, about: About = {}): Review {
  const resources = resourcesOf(digest);
  const labels = labelsOf(resources);
  const applications = [...new Set(resources.map(({ application }) => application))]
    .map((application) => applicationReview(application, labels, resources, table, now, about.rules ?? DEFAULT_RULES))
    .filter(({ change, risks }) => change !== "none" || risks.length > 0)
    .sort((one, other) => Number(other.risks.length > 0) - Number(one.risks.length > 0));
  const objects = resources.filter(({ kind }) => kind !== "application" && kind !== "validation");
  return {
    ...headOf(about, subjectOf(digest)),
    isMade: true,
    counts: countsOf(objects),
    applications,
    resources: objects.flatMap(({ change, type, name, changed }) =>
      change === "none" ? [] : [{ change, type: redact(type), name: redact(name), changed }],
    ),
    errors: errorsOf(digest),
    warnings: warningsOf(digest),
    incomplete: digest.leavesOut,
    drift: driftOf(digest),
  };
}

/** Instead of a review that could not be made, so that an earlier one is not mistaken for this change's. */
export const noReview = (reason: string, about: About): Review => ({
  ...headOf(about),
  isMade: false,
  counts: countsOf([]),
  applications: [],
  resources: [],
  errors: [shownMessage({ message: reason })],
  warnings: [],
  incomplete: false,
});

function headOf(about: About, found = { project: about.project ?? "", stack: about.stack ?? "" }) {
  const commit = /^[0-9a-f]{7,64}$/.test(about.commit ?? "") ? about.commit : undefined;
  return { project: redact(found.project), stack: redact(found.stack), ...(commit !== undefined && { commit }) };
}

/** By URN, the name of each application; with the types of its parents where two have the same name. */
function labelsOf(resources: readonly Resource[]): Map<string | undefined, string> {
  const urns = [...new Set(resources.flatMap(({ application }) => application ?? []))];
  const count = (name: string) => urns.filter((urn) => nameOf(urn) === name).length;
  return new Map(
    urns.map((urn) => {
      const name = nameOf(urn);
      const parents = parentsOf(urn);
      return [urn, redact(count(name) > 1 ? `${name} (${parents ? `below ${parents}` : "at the root"})` : name)];
    }),
  );
}

function applicationReview(
  application: string | undefined,
  labels: Map<string | undefined, string>,
  all: Resource[],
  table: CapabilityTable,
  now: number,
  rules: Rules,
): ApplicationReview {
  const resources = all.filter((each) => each.application === application);
  const [before, after] = [accessOf(application, all, "before"), accessOf(application, all, "after")];
  const showPlace = hasSeveralPlaces(before, after);
  const labelled = ({ roles }: Access) => roles.map((role) => redact(roleLabel(role, showPlace)));
  const scopesOf = ({ keys }: Access) => keys.flatMap(({ scopes }) => scopes);
  return {
    name: labels.get(application),
    change: changeOf(application, resources),
    capabilities: compare(capabilitiesOf(before, table), capabilitiesOf(after, table)),
    alsoOpens: alsoOpened(before, after, table),
    roles: compare(labelled(before), labelled(after)),
    scopes: compare(scopesOf(before), scopesOf(after)),
    keys: keyChanges(resources, before, after, now).map(redactKey),
    risks: risksOf({ resources, before, after }, rules, now).map((risk) => ({
      ...risk,
      subject: redact(risk.subject),
    })),
  };
}

function redactKey(key: KeyChange): KeyChange {
  const { name, account, accountBefore, delivery, deliveryBefore } = key;
  return {
    ...key,
    name: redact(name),
    ...(account !== undefined && { account: redact(account) }),
    ...(accountBefore !== undefined && { accountBefore: redact(accountBefore) }),
    ...(delivery !== undefined && { delivery: redact(delivery) }),
    ...(deliveryBefore !== undefined && { deliveryBefore: redact(deliveryBefore) }),
  };
}

/** Roles of one account on one folder, as always, need no word about the folder. */
function hasSeveralPlaces(before: Access, after: Access): boolean {
  const home = after.home ?? before.home;
  const own = [...before.roles, ...after.roles].filter(({ holder }) => holder.kind === "own");
  const places = new Set(own.map(({ place }) => place));
  if (home !== undefined && before.home === after.home) places.add(`folder ${home}`);
  return places.size > 1;
}

/** The component's own step says whether the application is created or deleted; for the rest, whether anything changes. */
function changeOf(application: string | undefined, resources: readonly Resource[]): Change {
  const own = resources.find(({ kind }) => kind === "application");
  if (application !== undefined && own && own.change !== "none") return own.change;
  return resources.some(({ change }) => change !== "none") ? "update" : "none";
}

function countsOf(resources: readonly Resource[]): Counts {
  const count = (wanted: Change) => resources.filter(({ change }) => change === wanted).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    leave: count("leave"),
    same: count("none"),
  };
}
