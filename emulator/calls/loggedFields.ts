/**
 * Fields of a request that the log may contain and in records. A list of the harmless ones, not of the secret ones:
 * what somebody forgets to put here is missing from a log line, not leaked into it.
 */
const harmless = new Set([
  "accessBinding",
  "accessBindingDeltas",
  "accessBindings",
  "action",
  "apiKeyId",
  "cloudId",
  "description",
  "expiresAt",
  "filter",
  "folderId",
  "id",
  "keyAlgorithm",
  "keyId",
  "labels",
  "model",
  "modelUri",
  "name",
  "operationId",
  "pageSize",
  "paths",
  "resourceId",
  "roleId",
  "scopes",
  "secretId",
  "serviceAccountId",
  "stream",
  "subject",
  "type",
  "updateMask",
  "versionId",
]);

export function summaryOf(request: unknown): Record<string, unknown> {
  return request !== null && typeof request === "object" && !Array.isArray(request)
    ? (pick(request) as Record<string, unknown>)
    : {};
}

/** Of one text, and of one list: a record says which call it was, it does not keep what was sent. */
const MAX_TEXT = 200;
const MAX_ITEMS = 20;

function pick(value: unknown): unknown {
  if (typeof value === "string") return cut(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(pick);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key, field]) => harmless.has(key) && !isEmpty(field));
  return Object.fromEntries(entries.map(([key, field]) => [key, key === "labels" ? labelsOf(field) : pick(field)]));
}

const cut = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** Their names are the user's own, so none is known to be harmless or not; the API allows 64. */
function labelsOf(field: unknown): unknown {
  if (field === null || typeof field !== "object") return pick(field);
  const entries = Object.entries(field).slice(0, MAX_ITEMS);
  return Object.fromEntries(entries.map(([key, value]) => [cut(key), typeof value === "string" ? cut(value) : "…"]));
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === "" ||
  value === 0 ||
  (typeof value === "object" && value !== null && !(value instanceof Date) && Object.keys(value).length === 0);
