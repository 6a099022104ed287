import { anyToJson, type Codec } from "../calls/messages";
import { StatusError } from "../status";

/**
 * The JSON mapping of protocol buffers, on top of the vendor's own `toJSON` and `fromJSON`. What those leave out:
 * an Any shows its type and fields, a moment has no `.000`, empty text and lists are left out, and a field mask is text.
 */
export function jsonOf(codec: Codec, message: unknown): unknown {
  return shown(codec.toJSON(message), message);
}

export function messageOf(codec: Codec, json: Record<string, unknown>): unknown {
  const { updateMask } = json;
  try {
    return codec.fromJSON(
      typeof updateMask === "string" ? { ...json, updateMask: { paths: paths(updateMask) } } : json,
    );
  } catch {
    // The generated code trips over a text where it expects a list or an object.
    throw new StatusError("INVALID_ARGUMENT", "Request body does not fit the request message");
  }
}

const paths = (mask: string) =>
  mask
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "");

function shown(json: unknown, message: unknown): unknown {
  if (message instanceof Date) return message.toISOString().replace(/\.000Z$/, "Z");
  if (isAny(message)) {
    const inner = anyToJson(message);
    return { "@type": message.typeUrl, ...(shown(inner.json, inner.message) as object) };
  }
  if (Array.isArray(json)) return json.map((item, position) => shown(item, (message as unknown[])[position]));
  if (json === null || typeof json !== "object") return json;
  const fields = Object.entries(json).map(([name, field]) => {
    const value = shown(field, (message as Record<string, unknown>)?.[name]);
    return [name, typeof value === "number" && longFields.has(name) ? String(value) : value] as const;
  });
  return Object.fromEntries(fields.filter(([name, field]) => !isEmpty(field) || name === "value"));
}

/** 64-bit numbers are text in JSON. The generated code does not know which are, so the names of those in answers stand here. */
const longFields = new Set([
  ...["inputTextTokens", "completionTokens", "totalTokens", "reasoningTokens", "numTokens", "inputTokens"],
  ...["page", "width", "height", "startMs", "lengthMs", "rows", "sizeBytes"],
]);

const isAny = (value: unknown): value is { typeUrl: string; value: Buffer } =>
  value !== null && typeof value === "object" && "typeUrl" in value && "value" in value;

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === "" ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);
