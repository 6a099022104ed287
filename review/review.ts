import { accessOf } from "./access";
import { capabilitiesOf, type CapabilityTable } from "./capabilities";
import { compare, type Comparison } from "./comparison";
import type { Digest } from "./digest";
import { type Drift, driftOf } from "./drift";
import { type KeyChange, keyChanges } from "./keys";
import { type Change, nameOf, type Resource, resourcesOf, subjectOf } from "./resources";
import { type Risk, risksOf } from "./risks";
import { redact } from "./shown";

/** What a change would do to the access of each application. Plain data: `--format json` prints it as it is. */
export interface Review {
  project: string;
  stack: string;
  counts: Counts;
  /** Those that change: first those with a risk, each by name. */
  applications: ApplicationReview[];
  /** Every resource that changes, by application, those that go away first. */
  resources: ResourceReview[];
  /** Why the preview failed, if it did. The rest then shows only how far it came. */
  errors: { resource?: string; message: string; details: string[] }[];
  /** Whether the preview leaves out what stays as it is; what an application keeps is then told wrongly. */
  incomplete: boolean;
  /** What was done outside of the program; only from a preview with `--refresh`. */
  drift?: Drift[];
}

export interface Counts {
  create: number;
  update: number;
  replace: number;
  delete: number;
  same: number;
}

export interface ApplicationReview {
  /** Undefined for resources that belong to no application. */
  name?: string;
  change: Change;
  capabilities: Comparison;
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

/** @param now milliseconds since 1970, against which expiry is judged */
export function reviewOf(digest: Digest, table: CapabilityTable, now: number): Review {
  const resources = resourcesOf(digest);
  const owners = [...new Set(resources.map(({ application }) => application))];
  const applications = owners
    .map((name) =>
      applicationReview(
        name,
        resources.filter(({ application }) => application === name),
        table,
        now,
      ),
    )
    .filter(({ change }) => change !== "none")
    .sort((one, other) => Number(other.risks.length > 0) - Number(one.risks.length > 0));
  const { project, stack } = subjectOf(digest);
  // An application itself is no object in the cloud.
  const objects = resources.filter(({ kind }) => kind !== "application");
  return {
    project: redact(project),
    stack: redact(stack),
    counts: countsOf(objects),
    applications,
    resources: objects.flatMap(({ change, type, name, changed }) =>
      change === "none" ? [] : [{ change, type: redact(type), name: redact(name), changed }],
    ),
    errors: errorsOf(digest),
    incomplete: digest.leavesOut,
    drift: driftOf(digest),
  };
}

function applicationReview(
  name: string | undefined,
  resources: Resource[],
  table: CapabilityTable,
  now: number,
): ApplicationReview {
  const [before, after] = [accessOf(resources, "before"), accessOf(resources, "after")];
  const where = (roles: typeof before.roles) =>
    roles.map(({ role, foreignMember }) => (foreignMember ? `${role} to ${foreignMember}` : role));
  const scopesOf = (keys: typeof before.keys) => keys.flatMap(({ scopes }) => scopes);
  return {
    name: name === undefined ? undefined : redact(name),
    change: changeOf(name, resources),
    capabilities: compare(capabilitiesOf(before, table), capabilitiesOf(after, table)),
    roles: compare(where(before.roles), where(after.roles)),
    scopes: compare(scopesOf(before.keys), scopesOf(after.keys)),
    keys: keyChanges(resources, now).map((key) => ({ ...key, name: redact(key.name) })),
    risks: risksOf(resources, now).map((risk) => ({ ...risk, subject: redact(risk.subject) })),
  };
}

/** The component's own step says whether the application comes or goes; for the rest, whether anything changes. */
function changeOf(name: string | undefined, resources: readonly Resource[]): Change {
  const own = resources.find(({ kind }) => kind === "application");
  if (name !== undefined && own && own.change !== "none") return own.change;
  return resources.some(({ change }) => change !== "none") ? "update" : "none";
}

function countsOf(resources: readonly Resource[]): Counts {
  const count = (wanted: Change) => resources.filter(({ change }) => change === wanted).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    same: count("none"),
  };
}

/** The engine adds that the preview failed, which is only worth telling where nothing else is. */
function errorsOf({ errors }: Digest): Review["errors"] {
  const told = errors.map(({ urn, message }) => ({
    resource: urn === undefined ? undefined : redact(nameOf(urn)),
    ...messageOf(message),
  }));
  const reasons = told.filter(({ message }) => message !== "preview failed");
  return reasons.length > 0 ? reasons : told;
}

/** How this project's own lists of mistakes begin, one to a line. Of any other message the lines are one sentence. */
const LIST = /(?: has \d+ mistakes| cannot be deployed):$/;
const MOST_MISTAKES = 12;

/** What the engine puts before a reason: the resource, which is named beside it anyway, and the whole value. */
const REFUSED_PROPERTY = /^\S+ resource '[^']*': property (\S+) value \{[\s\S]*?\} has a problem: /;

/** The first lines of a message, without the stack of a program that threw. */
function messageOf(message: string): { message: string; details: string[] } {
  const lines = message
    .replace(/^error: /, "")
    .replace(/^Preview failed: /, "")
    .replace(REFUSED_PROPERTY, "$1: ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^at .*[:(]/.test(line));
  const shown = (text: string) => redact(text).slice(0, 600);
  const [first = "", ...others] = lines;
  if (!LIST.test(first)) return { message: shown(lines.slice(0, 5).join(" ")), details: [] };
  return { message: shown(first), details: others.slice(0, MOST_MISTAKES).map(shown) };
}
