import { isAccount, isApiKey, isAuthoritative, isGrant, isKey, isSecret } from "../policy/resources";
import type { Digest, ResourceState, Step } from "./digest";
import { propertyName } from "./shown";

/**
 * `binding`: the whole list of who has access · `credential`: a key that is not limited to scopes · `validation`: nothing
 * in the cloud.
 */
export type Kind =
  "application" | "account" | "grant" | "binding" | "key" | "credential" | "secret" | "validation" | "other";

/** What happens to a resource. `leave`: the engine forgets it, and the cloud keeps it. */
export type Change = "none" | "create" | "update" | "replace" | "delete" | "leave";

/** One resource of the stack with its properties before and after; a side is absent where it does not exist. */
export interface Resource {
  urn: string;
  kind: Kind;
  /** The last part of the type token, such as `IamServiceAccountApiKey`. */
  type: string;
  name: string;
  /** URN of the application it belongs to, or is. */
  application?: string;
  change: Change;
  before?: Side;
  after?: Side;
  /** Properties that differ, those that force a replacement marked. */
  changed: { property: string; forcesReplacement: boolean }[];
}

export interface Side {
  /** Undefined where it is known only after the update. */
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  /** By property, the URNs of the resources from which the program made its value. */
  madeFrom: Record<string, string[]>;
  isProtected: boolean;
  /** A deletion leaves it in the cloud. */
  isRetained: boolean;
}

const APPLICATION = "yandex-aistudio:index:AiStudioAccess";

const VALIDATION = "yandex:index/aiStudioKeyValidation:AiStudioKeyValidation";

const CHANGES: Record<string, Change> = {
  same: "none",
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "import-replacement": "replace",
  delete: "delete",
  discard: "none",
};

/**
 * The resources that a digest shows, without the stack itself, providers, and those that are only read. They are sorted,
 * because the engine's order is that in which answers came, and the same change has to read the same every time.
 */
export function resourcesOf({ steps }: Digest): Resource[] {
  const shown = steps.filter(({ op, urn }) => op in CHANGES && !isOfTheEngine(typeOf(urn)));
  return shown.map(resourceOf).sort((one, other) => compareWords(orderOf(one), orderOf(other)));
}

/** Application by application; deletions stand first. */
const orderOf = ({ application, change, type, name }: Resource): string =>
  [application === undefined ? "\uffff" : nameOf(application), application, ORDER.indexOf(change), type, name].join(
    "\0",
  );

const ORDER: Change[] = ["delete", "leave", "replace", "update", "create", "none"];

const compareWords = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function resourceOf(step: Step): Resource {
  const token = typeOf(step.urn);
  const change = changeOf(step);
  const before = change === "create" ? undefined : sideOf(step.oldState, step.oldState?.id);
  return {
    urn: step.urn,
    kind: kindOf(token),
    type: token.split(":").at(-1) ?? "",
    name: nameOf(step.urn),
    application: ownerOf(step),
    change,
    before,
    after: change === "delete" ? undefined : change === "leave" ? before : afterOf(step, change),
    changed: change === "update" || change === "replace" ? differences(step) : [],
  };
}

function changeOf({ op, oldState }: Step): Change {
  const change = CHANGES[op] ?? "none";
  return change === "delete" && oldState?.retainOnDelete ? "leave" : change;
}

/** A preview repeats neither ID nor outputs of a resource that keeps them. */
function afterOf({ oldState, newState }: Step, change: Change): Side | undefined {
  const isNew = change === "create" || change === "replace";
  const side = sideOf(newState, newState?.id ?? (isNew ? undefined : oldState?.id));
  return side && !isNew && newState?.outputs === undefined ? { ...side, outputs: oldState?.outputs ?? {} } : side;
}

/** URN of the application that a step's resource belongs to, or is. */
export function ownerOf({ urn, oldState, newState }: Step): string | undefined {
  if (typeOf(urn) === APPLICATION) return urn;
  const parent = newState?.parent ?? oldState?.parent;
  return parent !== undefined && typeOf(parent) === APPLICATION ? parent : undefined;
}

const sideOf = (state: ResourceState | undefined, id: string | undefined): Side | undefined =>
  state && {
    id,
    inputs: state.inputs ?? {},
    outputs: state.outputs ?? {},
    madeFrom: Object.fromEntries(
      Object.entries(state.propertyDependencies ?? {}).map(([property, urns]) => [property, urns ?? []]),
    ),
    isProtected: state.protect === true,
    isRetained: state.retainOnDelete === true,
  };

function differences({ detailedDiff, diffReasons, replaceReasons }: Step): Resource["changed"] {
  const forcing = (replaceReasons ?? []).map(propertyName);
  const all = [...Object.keys(detailedDiff ?? {}), ...(diffReasons ?? [])].filter((path) => !path.startsWith("__"));
  return [...new Set([...all.map(propertyName), ...forcing])].map((property) => ({
    property,
    forcesReplacement: forcing.includes(property),
  }));
}

/** By the types that the policy pack knows, too. */
export function kindOf(type: string): Kind {
  if (type === APPLICATION) return "application";
  if (type === VALIDATION) return "validation";
  if (isAccount({ type })) return "account";
  if (isGrant({ type })) return "grant";
  if (isAuthoritative({ type })) return "binding";
  if (isApiKey({ type })) return "key";
  if (isSecret({ type })) return "secret";
  return isKey({ type }) ? "credential" : "other";
}

export const isOfTheEngine = (token: string): boolean =>
  token === "pulumi:pulumi:Stack" || token.startsWith("pulumi:providers:");

/** `urn:pulumi:<stack>::<project>::<type of the parent>$<type>::<name>`; a name may hold colons of its own. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** The types of the component's parents, such as `my:index:Team`; empty at the root of a stack. */
export const parentsOf = (urn: string): string => urn.split("::")[2]?.split("$").slice(0, -1).join(" > ") ?? "";

/** Project and stack that a digest is about, as its URNs say it. */
export function subjectOf({ steps }: Digest): { project: string; stack: string } | undefined {
  const [stack = "", project = ""] = steps[0]?.urn.replace(/^urn:pulumi:/, "").split("::") ?? [];
  return steps.length === 0 ? undefined : { project, stack };
}
