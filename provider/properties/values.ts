import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/**
 * Values as the engine sends them, and the plain values that resources work with.
 *
 * The engine wraps a value to say more of it than JSON can: that it is secret, or not known yet. Both wrappings are
 * constants of the protocol and are understood here and nowhere else. A resource sees plain values; what was secret
 * in its inputs or in its old state is sealed again on the way out, at any depth, because the engine leaves that to a
 * provider that accepts secrets.
 */
export type Value = null | boolean | number | string | Secret | typeof UNKNOWN | Value[] | { [key: string]: Value };

/** A value that must never be shown. */
export class Secret {
  constructor(readonly value: Value) {}
}

/** A value that exists only after the update has run. */
export const UNKNOWN: unique symbol = Symbol("unknown");

export type Properties = { [key: string]: Value };

/** What resources work with: no wrapping but `unknown`, which is there in previews only. */
export type Plain = null | boolean | number | string | typeof UNKNOWN | Plain[] | { [key: string]: Plain };
export type PlainProperties = { [key: string]: Plain };

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** One sentinel for each type the engine knows: boolean, number, string, array, asset, archive, object. */
const UNKNOWN_SENTINELS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function decode(struct: Struct | undefined): Properties {
  return struct ? (decodeValue(struct.toJavaScript()) as Properties) : {};
}

export function encode(properties: Properties): Struct {
  return Struct.fromJavaScript(encodeValue(properties) as { [key: string]: JavaScriptValue });
}

function decodeValue(value: JavaScriptValue): Value {
  if (typeof value === "string") return UNKNOWN_SENTINELS.has(value) ? UNKNOWN : value;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(decodeValue);
  const object = value as { [key: string]: JavaScriptValue };
  switch (object[SIGNATURE_KEY]) {
    case SECRET_SIGNATURE:
      return new Secret(decodeValue(object.value ?? null));
    case OUTPUT_SIGNATURE: {
      const inner = object.value === undefined ? UNKNOWN : decodeValue(object.value);
      return object.secret === true ? new Secret(inner) : inner;
    }
    case RESOURCE_SIGNATURE:
      // A resource that is passed where an ID is wanted means its ID.
      return decodeValue(object.id ?? object.urn ?? null);
    default:
      return mapEntries(object, decodeValue);
  }
}

function encodeValue(value: Value): JavaScriptValue {
  if (value === UNKNOWN) return UNKNOWN_STRING;
  if (value instanceof Secret) return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: encodeValue(value.value) };
  if (value === null || typeof value !== "object") return value as JavaScriptValue;
  if (Array.isArray(value)) return value.map(encodeValue);
  return mapEntries(value, encodeValue);
}

/** The value without the wrapping of secrets, at every depth. Properties that are null count as not given. */
export function unwrapSecrets(properties: Properties): PlainProperties {
  const plain: PlainProperties = {};
  for (const [key, value] of Object.entries(properties)) {
    const revealed = revealValue(value);
    if (revealed !== null) plain[key] = revealed;
  }
  return plain;
}

function revealValue(value: Value): Plain {
  if (value instanceof Secret) return revealValue(value.value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(revealValue);
  return mapEntries(value, revealValue);
}

/**
 * The same value with every part sealed that is secret in one of the templates: an object's by name, a list as a
 * whole, because the cloud may return a list in another order and then places say nothing.
 */
export function seal(value: Plain, ...templates: (Value | undefined)[]): Value {
  if (templates.some((template) => template instanceof Secret || (Array.isArray(template) && holdsSecret(template)))) {
    return new Secret(value);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return mapEntries(value, (child, key) => seal(child, ...templates.map((template) => childOf(template, key))));
}

export function copySecrets(properties: PlainProperties, ...templates: Properties[]): Properties {
  return seal(properties, ...templates) as Properties;
}

export function holdsUnknown(value: Plain | Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (value instanceof Secret) return holdsUnknown(value.value);
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some((child) => holdsUnknown(child as Plain));
}

export function holdsSecret(value: Value | undefined): boolean {
  if (value instanceof Secret) return true;
  if (value === null || value === undefined || typeof value !== "object") return false;
  return Object.values(value).some((child) => holdsSecret(child as Value));
}

/** Whether the value shows something in clear that is secret in the template. */
export function shows(value: Value | undefined, template: Value | undefined): boolean {
  if (value === undefined || value === null || value instanceof Secret) return false;
  if (template instanceof Secret) return true;
  if (template === null || typeof template !== "object") return false;
  if (Array.isArray(template)) return holdsSecret(template);
  return Object.entries(template).some(([key, child]) => shows(childOf(value, key), child));
}

function childOf(template: Value | undefined, key: string): Value | undefined {
  if (template === null || typeof template !== "object" || template instanceof Secret || Array.isArray(template)) {
    return undefined;
  }
  return Object.hasOwn(template, key) ? template[key] : undefined;
}

/** Copies without what is undefined, which the wire cannot carry. */
function mapEntries<A, B>(object: { [key: string]: A }, change: (value: A, key: string) => B): { [key: string]: B } {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value, key)]));
}
