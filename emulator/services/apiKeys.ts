import type { ApiKey } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key";
import { type ApiKeyServiceServer, ApiKeyServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import type { Call } from "../calls/calls";
import { typed } from "../calls/messages";
import { type Operations, plansFor } from "../calls/operations";
import { page } from "../calls/paging";
import type { AccountRecord, ApiKeyRecord } from "../store/records";
import type { Right } from "../catalogue/roles";
import { defaultScopes } from "../catalogue/scopes";
import { hashed, masked, newApiKeySecret } from "../store/hashes";
import { service } from "../calls/service";
import { forgetRemoved, type State } from "../store/state";
import { refuse } from "../status";
import { longestLag, type Switches } from "../switches";
import { description, id, invalid, maskedFields, maxLength, moment, size } from "../calls/validation";
import { keyOwner, requireRightToKeys } from "./keyOwner";

const planned = plansFor({
  idPrefix: "aje",
  noun: "API key",
  message: "ApiKey",
  package: "yandex.cloud.iam.v1",
  idField: "apiKeyId",
});

/** yandex.cloud.iam.v1.ApiKeyService. */
export function apiKeys(state: State, operations: Operations) {
  const update = operations.effect<Partial<ApiKeyRecord> & { id: string; expires?: boolean }>(
    "updateApiKey",
    (payload) => {
      const { expires, ...changes } = payload;
      const { expiresAt, ...key } = requireKey(state, changes.id);
      const changed = { ...key, ...(expires ? {} : { expiresAt }), ...changes };
      state.apiKeys.put(changed.id, changed);
      return typed("yandex.cloud.iam.v1.ApiKey", toMessage(changed, state.switches));
    },
  );
  const remove = operations.effect<{ id: string }>("deleteApiKey", ({ id }) => {
    removeKey(state, requireKey(state, id));
    return typed("google.protobuf.Empty", {});
  });

  function requireOwn(call: Call, keyId: string, right: Right): ApiKeyRecord {
    id("apiKeyId", keyId);
    const key = requireKey(state, keyId);
    requireRightToKeys(call, state.requireAccount(key.serviceAccountId), right);
    return key;
  }

  return service<ApiKeyServiceServer>(ApiKeyServiceService, {
    get: (request, call) => toMessage(requireOwn(call, request.apiKeyId, "viewKeys"), state.switches),

    list(request, call) {
      const account = keyOwner(state, call, request.serviceAccountId, noPerson);
      requireRightToKeys(call, account, "viewKeys");
      const keys = [...state.index.apiKeysOf(account.id)].flatMap((id) => {
        const key = state.apiKeys.peek(id);
        return key?.deletedAt === undefined ? (key ?? []) : [];
      });
      const { items, nextPageToken } = page(keys, request, (key) => key.id);
      return { apiKeys: items.map((key) => toMessage(key, state.switches)), nextPageToken };
    },

    create(request, call) {
      const account = keyOwner(state, call, request.serviceAccountId, noPerson);
      requireRightToKeys(call, account, "manageApiKeys");
      description(request.description);
      // `scope` is the field of older clients.
      const scopes = request.scopes.length > 0 || request.scope === "" ? request.scopes : [request.scope];
      requireScopes(state, scopes, 0);
      const expiresAt = readExpiry(state, request.expiresAt);
      requireFirst(state, call);
      requireQuota(state, account);

      const secret = newApiKeySecret();
      const key: ApiKeyRecord = {
        id: state.newId("ajek"),
        serviceAccountId: account.id,
        description: request.description,
        scopes: scopes.length === 0 && state.switches.defaultScopes === "documented" ? [...defaultScopes] : scopes,
        createdAt: call.now,
        expiresAt,
        secretHash: hashed(secret),
        maskedSecret: masked(secret),
      };
      state.apiKeys.put(key.id, key);
      call.wrote(key.id);
      return { apiKey: toMessage(key, state.switches), secret };
    },

    update(request, call) {
      const key = requireOwn(call, request.apiKeyId, "manageApiKeys");
      description(request.description);
      const fields = maskedFields(request.updateMask, ["description", "scopes", "expiresAt"] as const);
      if (fields.includes("scopes")) requireScopes(state, request.scopes, 1);
      const expiresAt = fields.includes("expiresAt") ? readExpiry(state, request.expiresAt) : undefined;
      const payload = {
        id: key.id,
        ...(fields.includes("description") && { description: request.description }),
        ...(fields.includes("scopes") && { scopes: request.scopes }),
        // An empty expiry under the mask takes the expiry away.
        ...(fields.includes("expiresAt") && { expires: true, expiresAt }),
      };

      return update(call, planned("Update", key.id, payload));
    },

    delete(request, call) {
      const key = requireOwn(call, request.apiKeyId, "manageApiKeys");

      return remove(call, planned("Delete", key.id, { id: key.id }));
    },

    listOperations: (request, call) => operations.list(requireOwn(call, request.apiKeyId, "viewKeys").id, request),

    listScopes(request) {
      const { items, nextPageToken } = page(state.switches.scopes, request, (scope) => scope);
      return { scopes: items, nextPageToken };
    },
  });
}

const noPerson = "API keys can only be created for service accounts";

const liveKey = (state: State, id: string): ApiKeyRecord | undefined => {
  const key = state.apiKeys.get(id);
  return key?.deletedAt === undefined ? key : undefined;
};

const requireKey = (state: State, id: string): ApiKeyRecord =>
  liveKey(state, id) ?? refuse("NOT_FOUND", `API key ${id} not found`);

function removeKey(state: State, key: ApiKeyRecord): void {
  if (longestLag(state.switches) === 0) state.apiKeys.remove(key.id);
  else state.apiKeys.put(key.id, { ...key, deletedAt: state.clock.now() });
  forgetRemoved(state);
}

function requireScopes(state: State, scopes: readonly string[], min: number): void {
  size("scopes", scopes.length, min, 100);
  if (new Set(scopes).size < scopes.length) invalid("scopes", "Elements must be unique");
  for (const scope of scopes) {
    maxLength("scopes", scope, 256);
    if (!state.switches.scopes.includes(scope)) invalid("scopes", `Unknown scope "${scope}"`);
  }
}

function readExpiry(state: State, value: Date | undefined): number | undefined {
  const at = moment("expiresAt", value);
  if (at !== undefined && state.switches.refusePastExpiry && at <= state.clock.now())
    invalid("expiresAt", "Field must be in the future");
  return at;
}

/** The switch `keyCreateIdempotent`: a second creation under one Idempotency-Key. There is no secret left to answer with. */
function requireFirst(state: State, call: Call): void {
  if (!state.switches.keyCreateIdempotent || !call.idempotencyKey) return;
  const id = `${call.caller.id} ${call.method} ${call.idempotencyKey}`;
  if (state.repeats.get(id)) refuse("ALREADY_EXISTS", "A request with this Idempotency-Key has already been executed");
  state.repeats.put(id, { operationId: "" });
}

function requireQuota(state: State, account: AccountRecord): void {
  // Fewer in all clouds than one may have: nothing to count.
  if (state.apiKeys.size < state.switches.quotas.apiKeys) return;
  const cloudId = state.cloudOf(account.folderId);
  let count = 0;
  for (const key of state.apiKeys.values()) {
    if (
      key.deletedAt === undefined &&
      state.cloudOf(state.accounts.peek(key.serviceAccountId)?.folderId ?? "") === cloudId
    )
      count += 1;
  }
  if (count >= state.switches.quotas.apiKeys) refuse("RESOURCE_EXHAUSTED", "Quota limit iam.apiKeys.count exceeded");
}

const orders: Record<Switches["scopeOrder"], (scopes: string[]) => string[]> = {
  asGiven: (scopes) => scopes,
  reversed: (scopes) => [...scopes].reverse(),
  sorted: (scopes) => [...scopes].sort(),
};

const toMessage = (key: Readonly<ApiKeyRecord>, switches: Switches): ApiKey => ({
  id: key.id,
  serviceAccountId: key.serviceAccountId,
  createdAt: new Date(key.createdAt),
  description: key.description,
  lastUsedAt: key.lastUsedAt === undefined ? undefined : new Date(key.lastUsedAt),
  // The server fills the deprecated field in for keys of one scope; what it holds for more is not known.
  scope: key.scopes.length === 1 ? (key.scopes[0] ?? "") : "",
  scopes: orders[switches.scopeOrder](key.scopes),
  expiresAt: key.expiresAt === undefined ? undefined : new Date(key.expiresAt),
});
