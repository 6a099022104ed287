import { inputsOf, isEmpty, sameMeaning } from "../properties";
import type { Property, PropertyTable } from "../properties";
import { holdsUnknown } from "./values";
import type { Plain, PlainProperties } from "./values";

/** One thing that differs between what is and what is wanted. */
export interface Change {
  /** The input that changes. */
  property: string;
  /** Where in it, as the engine writes paths: `description`, `labels.env`, `labels["a b"]`. */
  path: string;
  kind: "add" | "update" | "delete";
  replace: boolean;
}

/**
 * What would change, property by property. Both sides are inputs: what the cloud added cannot differ, and what
 * somebody changed by hand has come into the old inputs by a refresh. A value that is not known yet may be any other.
 */
export function diffInputs(table: PropertyTable, old: PlainProperties, wanted: PlainProperties): Change[] {
  return inputsOf(table).flatMap(([name, property]) => {
    const before = old[name];
    const after = wanted[name];
    if (!holdsUnknown(after) && sameMeaning(property, before, after)) return [];
    const replace = property.onChange === "replace";
    return pathsOf(property, name, before, after).map(([path, a, b]) => ({
      property: name,
      path,
      kind: isEmpty(a) ? ("add" as const) : isEmpty(b) ? ("delete" as const) : ("update" as const),
      replace,
    }));
  });
}

type Place = [path: string, before: Plain | undefined, after: Plain | undefined];

/** A map is shown entry by entry, so that a reviewer sees which label changed; everything else as a whole. */
function pathsOf(property: Property, name: string, before: Plain | undefined, after: Plain | undefined): Place[] {
  if (property.type !== "map" || !isMap(before) || !isMap(after)) return [[name, before, after]];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => before[key] !== after[key] || holdsUnknown(after[key]))
    .map((key) => [name + step(key), before[key], after[key]]);
}

const isMap = (value: Plain | undefined): value is { [key: string]: Plain } =>
  !isEmpty(value) && typeof value === "object" && !Array.isArray(value);

const step = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
