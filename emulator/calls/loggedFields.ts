/**
 * Fields of a request that may stand in the log and in records. A list of the harmless ones, not of the secret ones:
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

function pick(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (Array.isArray(value)) return value.map(pick);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key, field]) => harmless.has(key) && !isEmpty(field));
  return Object.fromEntries(entries.map(([key, field]) => [key, key === "labels" ? field : pick(field)]));
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === "" ||
  value === 0 ||
  (typeof value === "object" && value !== null && !(value instanceof Date) && Object.keys(value).length === 0);
