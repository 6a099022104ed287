import { inputsOf, instant, isEmpty, LAST_INSTANT, sameMeaning } from "../properties";
import type { Pattern, Property, PropertyTable } from "../properties";
import { didYouMean } from "./suggestions";
import { holdsUnknown } from "./values";
import type { Plain, PlainProperties, Properties } from "./values";

/** What is wrong with one property; the reason is a sentence that goes on after the property's name. */
export interface Failure {
  property: string;
  reason: string;
}

/** The inputs as they are accepted, and what is wrong with them. */
export interface Checked {
  inputs: Properties;
  failures: Failure[];
}

export interface CheckOptions {
  /** The inputs that were accepted before, empty for a new resource. */
  old: PlainProperties;
  /** Milliseconds since 1970. */
  now: number;
  /** Names of the inputs whose values must not be quoted, because the user passed them as secrets. */
  secret: ReadonlySet<string>;
}

/**
 * What the table can say against the inputs. Values that are not known yet are not judged; neither is a time that has
 * passed since it was accepted, for it has simply come.
 */
export function checkInputs(
  table: PropertyTable,
  inputs: PlainProperties,
  { old, now, secret }: CheckOptions,
): Failure[] {
  const known = inputsOf(table);
  const failures: Failure[] = [];
  for (const name of Object.keys(inputs)) {
    if (!known.some(([property]) => property === name)) failures.push(notAnInput(table, name));
  }
  for (const [name, property] of known) {
    const value = inputs[name];
    if (holdsUnknown(value)) continue;
    if (isEmpty(value)) {
      if (property.required)
        failures.push({ property: name, reason: property.missing ?? "is required and was not given" });
      continue;
    }
    const reason =
      wrongWith(secret.has(name) ? { ...property, secret: true } : property, value as Plain) ??
      (property.type === "time" && !sameMeaning(property, value, old[name]) ? wrongMoment(value, now) : undefined);
    if (reason) failures.push({ property: name, reason });
  }
  return failures;
}

function notAnInput(table: PropertyTable, name: string): Failure {
  if (table[name]?.output) return { property: name, reason: "is made by the cloud and cannot be given" };
  const names = inputsOf(table).map(([property]) => property);
  const hint = didYouMean(name, names) || `; the properties are ${names.join(", ")}`;
  return { property: name, reason: `is not a property of this resource${hint}` };
}

function wrongMoment(value: unknown, now: number): string | undefined {
  const moment = instant(value);
  if (moment === undefined) return undefined;
  if (moment <= now) return `${String(value)} has already passed; give a moment in the future`;
  if (moment > LAST_INSTANT) return `${String(value)} is too late; the cloud accepts nothing after 2105-12-31`;
  return undefined;
}

/** A value is quoted only where it cannot be secret. */
function wrongWith(property: Property, value: Plain): string | undefined {
  const shown = property.secret ? "the value" : JSON.stringify(value);
  switch (property.type) {
    case "text":
      return typeof value === "string" ? wrongText(property, value, shown) : `${shown} must be a string`;
    case "time":
      return instant(value) === undefined
        ? `${shown} is not a moment in time; write it as 2027-01-31T00:00:00Z, with the time and the zone`
        : undefined;
    case "flag":
      return typeof value === "boolean" ? undefined : `${shown} must be true or false`;
    case "whole":
      return Number.isInteger(value) ? wrongSize(property, value as number, "") : `${shown} must be a whole number`;
    case "set":
      return wrongSet(property, value, shown);
    case "map":
      return wrongMap(property, value, shown);
    case "object":
      return wrongObject(property, value, shown);
    case "list":
      return wrongList(property, value, shown);
  }
}

function wrongText(property: Property, value: string, shown: string): string | undefined {
  if (property.values && !property.values.includes(value)) {
    return `${shown} must be one of ${property.values.join(", ")}${didYouMean(value, property.values)}`;
  }
  if (value !== value.trim() && !property.lines) return `${shown} begins or ends with white space; take it out`;
  return wrongSize(property, [...value].length, " characters") ?? wrongForm(property.pattern, value, shown);
}

function wrongSet(property: Property, value: Plain, shown: string): string | undefined {
  if (!Array.isArray(value) || value.some((element) => typeof element !== "string")) {
    return `${shown} must be a list of strings`;
  }
  const elements = value as string[];
  const twice = elements.find((element, index) => elements.indexOf(element) !== index);
  const quote = (element: string) => (property.secret ? "one of the values" : JSON.stringify(element));
  if (twice !== undefined) return `names ${quote(twice)} twice; name it once`;
  const reasons = elements.map((element) => wrongText({ ...property, min: 1, max: 256 }, element, quote(element)));
  return wrongSize(property, elements.length, " elements") ?? reasons.find((reason) => reason !== undefined);
}

function wrongMap(property: Property, value: Plain, shown: string): string | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return `${shown} must be a map of strings`;
  for (const [key, element] of Object.entries(value)) {
    const what = `has ${JSON.stringify(key)}, which`;
    const reason = wrongForm(property.keys, key, what);
    if (reason) return reason;
    if (typeof element !== "string") return `${what} must be a string`;
    const wrong = wrongForm(property.pattern, element, `has ${JSON.stringify(key)}, whose value`);
    if (wrong) return wrong;
  }
  return wrongSize(property, Object.keys(value).length, " entries");
}

function wrongObject(property: Property, value: Plain, shown: string): string | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return `${shown} must be an object`;
  const names = Object.keys(value);
  const [first] = checkInputs(property.properties ?? {}, value, {
    old: {},
    now: 0,
    secret: new Set(property.secret ? names : []),
  });
  return first && `has ${first.property}, which ${first.reason}`;
}

function wrongList(property: Property, value: Plain, shown: string): string | undefined {
  if (!Array.isArray(value)) return `${shown} must be a list`;
  const reasons = value.map((element, index) => wrongObject(property, element, `element ${index + 1}`));
  const first = reasons.findIndex((reason) => reason !== undefined);
  if (first !== -1) return `${value.length > 1 ? `(element ${first + 1}) ` : ""}${reasons[first]}`;
  return wrongSize(property, value.length, " elements");
}

const wrongForm = (pattern: Pattern | undefined, value: string, shown: string): string | undefined =>
  pattern && !new RegExp(`^(?:${pattern.expression.source})$`, "u").test(value)
    ? `${shown} must ${pattern.means}`
    : undefined;

function wrongSize(property: Property, size: number, unit: string): string | undefined {
  const { min = 0, max = Infinity } = property;
  if (size < min) return `has ${size}${unit}; at least ${min} are needed`;
  if (size > max) return `has ${size}${unit}; at most ${max} are allowed`;
  return undefined;
}
