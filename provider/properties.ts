/**
 * properties/: the words in which inputs and outputs are declared, and what follows from a declaration: checks, diffs,
 * values with secrets and unknowns. It may import nothing of ours but schema/, backoff.ts and world.ts.
 * Start with `Property` below, then properties/check.ts, properties/diff.ts and properties/values.ts.
 */
/**
 * The declaration of a property. Schema, documentation, validation, diff and secrecy all follow from it, so a message
 * can never name a property that does not exist, and the SDK cannot disagree with the provider.
 */
export interface Property {
  type: "text" | "time" | "flag" | "whole" | "set" | "map" | "object" | "list";
  /** One or more sentences for the user; they become the documentation. */
  description: string;
  required?: boolean;
  /** The provider fills it in where the program leaves it out, so it is required of the provider only. */
  hasDefault?: boolean;
  /** The sentence if it is required and missing, instead of the general one. */
  missing?: string;
  /** Never shown: sealed in inputs, state and outputs. */
  secret?: boolean;
  /** Made by the provider or the cloud; cannot be given. */
  output?: boolean;
  /** As an output it is always there, if only empty, although the program may leave it out. */
  filled?: boolean;
  /** What a change of it does to the resource. */
  onChange?: "update" | "replace";
  /** Length of a text, number of elements of a set or map. */
  min?: number;
  max?: number;
  /** A text of several lines, which may well end with a line break. */
  lines?: boolean;
  /** What a text, an element of a set, or a value of a map must look like in full. */
  pattern?: Pattern;
  /** What a key of a map must look like in full. */
  keys?: Pattern;
  /** The only values allowed. */
  values?: readonly string[];
  /** Properties of an object or of the objects of a list, and the name of their type. */
  properties?: PropertyTable;
  typeName?: string;
  /** Only this provider has it; a bridged provider of the same name has not. */
  own?: boolean;
  deprecated?: string;
}

export interface Pattern {
  expression: RegExp;
  /** Completes the sentence "must …". */
  means: string;
}

export type PropertyTable = { readonly [name: string]: Property };

type Options = Omit<Property, "type" | "description" | "output">;

const input =
  (type: Property["type"]) =>
  (description: string, options: Options = {}): Property => ({ type, description, ...options });

/** A string. */
export const text = input("text");
/** A moment as RFC 3339 writes it, e.g. `2027-01-31T00:00:00Z`. Equal moments are equal however they are written. */
export const time = input("time");
export const flag = input("flag");
export const whole = input("whole");
/** Distinct strings; their order never matters. */
export const set = input("set");
/** Strings by name. */
export const map = input("map");
export const object = (typeName: string, properties: PropertyTable, description: string, options: Options = {}) =>
  ({ type: "object", description, typeName, properties, ...options }) satisfies Property;

/** Objects of one type, in the order of the program. */
export const list = (typeName: string, properties: PropertyTable, description: string, options: Options = {}) =>
  ({ type: "list", description, typeName, properties, ...options }) satisfies Property;

/** The same, made by the provider or the cloud. */
export const output = (property: Property): Property => ({ ...property, output: true });

export const inputsOf = (table: PropertyTable): [string, Property][] =>
  Object.entries(table).filter(([, property]) => !property.output);

export const outputsOf = (table: PropertyTable): [string, Property][] =>
  Object.entries(table).filter(([, property]) => property.output);

/** What an output holds where there is nothing. */
export function emptyOf({ type }: Property): "" | [] | Record<string, never> | undefined {
  if (type === "set" || type === "list") return [];
  if (type === "map") return {};
  return type === "text" ? "" : undefined;
}

/**
 * Whether two values of a property mean the same. Nothing given, an empty text and an empty list or map are one: the
 * cloud stores no difference between them.
 */
export function sameMeaning(property: Property, a: unknown, b: unknown): boolean {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  switch (property.type) {
    case "time":
      return a === b || instant(a) === instant(b);
    case "set":
      return Array.isArray(a) && Array.isArray(b) && sorted(a) === sorted(b);
    case "map":
    case "object":
    case "list":
      return canonical(a) === canonical(b);
    default:
      return a === b || String(a) === String(b);
  }
}

/**
 * A value as resources work with it: flags and numbers that came as texts, as settings and other languages give them, become
 * what they mean. A value of a wrong kind stays as it is, for a check to refuse.
 */
export function normalized(property: Property, value: unknown): unknown {
  if (property.type === "flag" && (value === "true" || value === "false")) return value === "true";
  if (property.type === "whole" && typeof value === "string" && /^-?\d+$/.test(value.trim())) return Number(value);
  return value;
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value as object).length === 0;
}

/**
 * Milliseconds since 1970 of an RFC 3339 time, or undefined if the text is not one. Finer digits are dropped: the vendor's
 * message definitions carry none.
 */
export function instant(value: unknown): number | undefined {
  const parts = typeof value === "string" ? RFC3339.exec(value) : null;
  if (!parts) return undefined;
  const [, day, clock, fraction = "", zone = "Z"] = parts;
  const milliseconds = Date.parse(`${day}T${clock}.${fraction.padEnd(3, "0").slice(0, 3)}${zone.toUpperCase()}`);
  // Date.parse rolls the 31st of February over to March; a date that does not come back as it went in does not exist.
  const local = Date.parse(`${day}T${clock}Z`);
  if (Number.isNaN(milliseconds) || new Date(local).toISOString().slice(0, 10) !== day) return undefined;
  return milliseconds;
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/** The last moment the cloud accepts anywhere, 2105-12-31T23:59:59.999999999Z, to the millisecond. */
export const LAST_INSTANT = Date.parse("2105-12-31T23:59:59.999Z");

const sorted = (values: unknown[]): string => canonical([...new Set(values)].sort());

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    child && typeof child === "object" && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  );
}
