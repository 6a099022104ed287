import type { Digest, ResourceState, Step } from "./digest";
import { propertyName } from "./shown";

export type Kind = "application" | "account" | "grant" | "key" | "other";

/** What happens to a resource. */
export type Change = "none" | "create" | "update" | "replace" | "delete";

/** One resource of the stack with what the program gives it before and after; a side is absent where it does not exist. */
export interface Resource {
  urn: string;
  kind: Kind;
  /** The last part of the type token, such as `IamServiceAccountApiKey`. */
  type: string;
  name: string;
  /** Name of the application it belongs to. */
  application?: string;
  change: Change;
  before?: Side;
  after?: Side;
  /** Properties that differ, those that force a replacement marked. */
  changed: { property: string; forcesReplacement: boolean }[];
}

export interface Side {
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

const APPLICATION = "yandex-aistudio:index:AiStudioAccess";

/** Tokens are compared by their last part, so that both spellings of a module are understood. */
const KINDS: Record<string, Kind> = {
  IamServiceAccount: "account",
  ResourcemanagerFolderIamMember: "grant",
  IamServiceAccountApiKey: "key",
};

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
 * The resources that a digest shows, without the stack itself, providers, and what is only read. They are sorted, because
 * the engine's order is that in which answers came, and the same change has to read the same every time.
 */
export function resourcesOf({ steps }: Digest): Resource[] {
  const shown = steps.filter(({ op, urn }) => op in CHANGES && !isOfTheEngine(typeOf(urn)));
  return shown.map(resourceOf).sort((one, other) => compareWords(orderOf(one), orderOf(other)));
}

/** Application by application; what goes away stands first. */
const orderOf = ({ application = "\uffff", change, type, name }: Resource): string =>
  [application, ORDER.indexOf(change), type, name].join("\0");

const ORDER: Change[] = ["delete", "replace", "update", "create", "none"];

const compareWords = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function resourceOf(step: Step): Resource {
  const token = typeOf(step.urn);
  const change = CHANGES[step.op] ?? "none";
  const kind = kindOf(token);
  return {
    urn: step.urn,
    kind,
    type: token.split(":").at(-1) ?? "",
    name: nameOf(step.urn),
    application: ownerOf(step),
    change,
    before: change === "create" ? undefined : sideOf(step.oldState),
    after: change === "delete" ? undefined : sideOf(step.newState),
    changed: change === "update" || change === "replace" ? differences(step) : [],
  };
}

/** Name of the application that a step's resource belongs to, or is. */
export function ownerOf({ urn, oldState, newState }: Step): string | undefined {
  if (typeOf(urn) === APPLICATION) return nameOf(urn);
  const parent = newState?.parent ?? oldState?.parent;
  return parent !== undefined && typeOf(parent) === APPLICATION ? nameOf(parent) : undefined;
}

const sideOf = (state: ResourceState | undefined): Side | undefined =>
  state && { id: state.id, inputs: state.inputs ?? {}, outputs: state.outputs ?? {} };

function differences({ detailedDiff, diffReasons, replaceReasons }: Step): Resource["changed"] {
  const forcing = (replaceReasons ?? []).map(propertyName);
  const all = [...Object.keys(detailedDiff ?? {}), ...(diffReasons ?? [])].filter((path) => !path.startsWith("__"));
  return [...new Set([...all.map(propertyName), ...forcing])].map((property) => ({
    property,
    forcesReplacement: forcing.includes(property),
  }));
}

export function kindOf(token: string): Kind {
  if (token === APPLICATION) return "application";
  return (token.startsWith("yandex:") && KINDS[token.split(":").at(-1) ?? ""]) || "other";
}

export const isOfTheEngine = (token: string): boolean =>
  token === "pulumi:pulumi:Stack" || token.startsWith("pulumi:providers:");

/** `urn:pulumi:<stack>::<project>::<type of the parent>$<type>::<name>`; a name may hold colons of its own. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** Project and stack that a digest is about, as its URNs say it. */
export function subjectOf({ steps }: Digest): { project: string; stack: string } {
  const [stack = "", project = ""] = steps[0]?.urn.replace(/^urn:pulumi:/, "").split("::") ?? [];
  return { project, stack };
}
