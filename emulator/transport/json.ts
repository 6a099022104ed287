import {
  type DescField,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonObject,
  type JsonValue,
  ScalarType,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import type { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { StatusError } from "../status";
import { methodAt, registry } from "./descriptors";

/** The JSON mapping of protocol buffers for one call: what REST says and hears, as the bytes that gRPC would carry. */
export interface JsonMapping {
  /** Names in camelCase or snake_case; fields that the message does not have are left out. Throws a StatusError. */
  requestBytes(json: Record<string, unknown>): Uint8Array;
  /** Query parameters as the JSON of the request. */
  queryJson(query: URLSearchParams): JsonObject;
  responseJson(bytes: Uint8Array): JsonValue;
}

export function mappingOf(path: string): JsonMapping {
  const { input, output } = methodAt(path);
  return {
    requestBytes(json) {
      requireEnums(input, json as JsonObject);
      const bytes = bytesOf(input, json);
      if (bytes) return bytes;
      const misfit = Object.entries(json).find(([name, value]) => !bytesOf(input, { [name]: value }))?.[0];
      return unfit(misfit ?? "several fields together");
    },
    queryJson: (query) => fromQuery(input, query, ""),
    responseJson: (bytes) =>
      shown(output, toJson(output, fromBinary(output, bytes), { registry, alwaysEmitImplicit: true })),
  };
}

/** Undefined where the JSON does not fit. */
function bytesOf(input: DescMessage, json: Record<string, unknown>): Uint8Array | undefined {
  try {
    const request = fromJson(input, withMask(json) as JsonValue, { registry, ignoreUnknownFields: true });
    return toBinary(input, request);
  } catch {
    return undefined;
  }
}

function unfit(what: string): never {
  throw new StatusError("INVALID_ARGUMENT", `Request does not fit its definition: ${what}`);
}

/** Of fields that are not known the mapping takes leave, and so it would of names of values: the default would stand for them. */
function requireEnums(message: DescMessage, json: JsonObject): void {
  for (const field of message.fields) {
    const value = json[field.jsonName] ?? json[field.name];
    const values = field.fieldKind === "list" && Array.isArray(value) ? value : [value];
    for (const each of values) {
      if ("message" in field && field.message && each && isObject(each) && !isWellKnown(field.message))
        requireEnums(field.message, each);
      if (!("enum" in field) || !field.enum || typeof each !== "string") continue;
      if (field.enum.values.every(({ name }) => name !== each)) unfit(field.name);
    }
  }
}

const isWellKnown = (message: DescMessage) => message.typeName.startsWith("google.protobuf.");

/** Fields of a message within the request are named by their path: `folderAndName.folderId`. */
function fromQuery(message: DescMessage, query: URLSearchParams, before: string): JsonObject {
  return Object.fromEntries(
    message.fields.flatMap((field) => {
      const names = new Set([field.jsonName, field.name].map((name) => before + name));
      const texts = [...names].flatMap((name) => query.getAll(name)).map((text) => valueOf(field, text));
      if (texts.length > 0) return [[field.jsonName, field.fieldKind === "list" ? texts : (texts.at(-1) ?? null)]];
      if (before !== "" || field.fieldKind !== "message") return [];
      const within = [...names].map((name) => fromQuery(field.message, query, `${name}.`));
      const found = within.find((json) => Object.keys(json).length > 0);
      return found ? [[field.jsonName, found]] : [];
    }),
  );
}

/** Numbers may be text in proto JSON; truth may not, and an enum's number neither. */
function valueOf(field: DescField, text: string): JsonValue {
  const isBool = "scalar" in field && field.scalar === ScalarType.BOOL;
  if (isBool && (text === "true" || text === "false")) return text === "true";
  if ("enum" in field && field.enum && /^\d+$/.test(text)) return Number(text);
  return text;
}

/** Masks come with snake_case paths too, which the mapping itself forbids. */
function withMask(json: Record<string, unknown>): Record<string, unknown> {
  const name = "update_mask" in json ? "update_mask" : "updateMask";
  const mask = json[name];
  if (typeof mask !== "string") return json;
  const paths = mask.split(",").map((path) => path.trim());
  const camel = (path: string) => path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { ...json, [name]: paths.filter(Boolean).map(camel).join(",") };
}

/** As the cloud shows it: with false and 0, but without empty text, lists, maps, and values of an enum that say nothing. */
function shown(message: DescMessage, json: JsonValue): JsonValue {
  if (!isObject(json)) return json;
  const packed = message.typeName === "google.protobuf.Any" ? typeIn(json) : undefined;
  if (packed?.typeName === "google.protobuf.Empty") return { ...json, value: {} };
  if (packed) return shown(packed, json);
  if (isWellKnown(message)) return json;
  const fields = new Map(message.fields.map((field) => [field.jsonName, field]));
  const entries = Object.entries(json).flatMap(([name, value]) => {
    const field = fields.get(name);
    if (!field) return [[name, value] as const];
    return isLeftOut(field, value) ? [] : [[name, within(field, value)] as const];
  });
  return Object.fromEntries(entries);
}

function within(field: DescField, value: JsonValue): JsonValue {
  if (!("message" in field) || !field.message) return value;
  const { message } = field;
  if (Array.isArray(value)) return value.map((item) => shown(message, item));
  if (field.fieldKind === "map" && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(message, item)]));
  return shown(message, value);
}

function isLeftOut(field: DescField, value: JsonValue): boolean {
  if (field.fieldKind === "list") return Array.isArray(value) && value.length === 0;
  if (field.fieldKind === "map") return isObject(value) && Object.keys(value).length === 0;
  // A field that can be absent, as those of a oneof, is there because somebody set it.
  if (field.presence !== IMPLICIT) return false;
  return value === "" || (field.fieldKind === "enum" && String(value).endsWith("_UNSPECIFIED"));
}

function typeIn(json: JsonObject): DescMessage | undefined {
  const url = json["@type"];
  return typeof url === "string" ? registry.getMessage(url.slice(url.indexOf("/") + 1)) : undefined;
}

const IMPLICIT = 2 satisfies FeatureSet_FieldPresence.IMPLICIT;

const isObject = (value: JsonValue): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);
