import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { type Key, Key_Algorithm } from "@yandex-cloud/nodejs-sdk/iam-v1/key";
import { type KeyServiceServer, KeyServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/key_service";
import type { Call } from "../calls/calls";
import { typed } from "../calls/messages";
import { type Operations, plansFor } from "../calls/operations";
import { page } from "../calls/paging";
import type { AuthorizedKeyRecord } from "../store/records";
import type { Right } from "../catalogue/roles";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { description, id, invalid, maskedFields } from "../calls/validation";
import { keyOwner, requireRightToKeys } from "./keyOwner";

const planned = plansFor({
  idPrefix: "aje",
  noun: "key",
  message: "Key",
  package: "yandex.cloud.iam.v1",
  idField: "keyId",
});

/** yandex.cloud.iam.v1.KeyService: authorized keys, by which accounts sign in. Keys of people are not emulated. */
export function keys(state: State, operations: Operations) {
  const update = operations.effect<{ id: string; description: string }>("updateKey", (changes) => {
    const key = { ...requireKey(state, changes.id), ...changes };
    state.authorizedKeys.put(key.id, key);
    return typed("yandex.cloud.iam.v1.Key", toMessage(key));
  });
  const remove = operations.effect<{ id: string }>("deleteKey", (key) => {
    state.authorizedKeys.remove(requireKey(state, key.id).id);
    return typed("google.protobuf.Empty", {});
  });

  function requireOwn(call: Call, keyId: string, right: Right): AuthorizedKeyRecord {
    id("keyId", keyId);
    const key = requireKey(state, keyId);
    requireRightToKeys(call, state.requireAccount(key.accountId), right);
    return key;
  }

  function requireQuota(): void {
    if (state.authorizedKeys.size >= state.switches.quotas.authorizedKeys)
      refuse("RESOURCE_EXHAUSTED", "Quota limit iam.authorizedKeys.count exceeded");
  }

  return service<KeyServiceServer>(KeyServiceService, {
    get: (request, call) => toMessage(requireOwn(call, request.keyId, "viewKeys")),

    list(request, call) {
      const account = keyOwner(state, call, request.serviceAccountId, noPerson);
      requireRightToKeys(call, account, "viewKeys");
      const own = [...state.authorizedKeys.values()].filter((key) => key.accountId === account.id);
      const { items, nextPageToken } = page(own, request, (key) => key.id);
      return { keys: items.map(toMessage), nextPageToken };
    },

    async create(request, call) {
      const account = keyOwner(state, call, request.serviceAccountId, noPerson);
      requireRightToKeys(call, account, "manageAuthorizedKeys");
      description(request.description);
      const keyAlgorithm = request.keyAlgorithm || Key_Algorithm.RSA_2048;
      const modulusLength = moduli[keyAlgorithm] ?? invalid("keyAlgorithm", "Unknown algorithm");
      requireQuota();
      const { publicKey, privateKey } = await makeKeyPair("rsa", {
        modulusLength,
        publicKeyEncoding: { type: "spki", format: "pem" },
        privateKeyEncoding: { type: "pkcs8", format: "pem" },
      });
      // The others were answered while the key was made.
      state.requireAccount(account.id);
      requireQuota();
      const key: AuthorizedKeyRecord = {
        id: state.newId("ajea"),
        accountId: account.id,
        description: request.description,
        keyAlgorithm,
        publicKey,
        createdAt: call.now,
      };
      state.authorizedKeys.put(key.id, key);
      call.wrote(key.id);
      return { key: toMessage(key), privateKey };
    },

    update(request, call) {
      const key = requireOwn(call, request.keyId, "manageAuthorizedKeys");
      maskedFields(request.updateMask, ["description"] as const);
      description(request.description);

      return update(call, planned("Update", key.id, { id: key.id, description: request.description }));
    },

    delete(request, call) {
      const key = requireOwn(call, request.keyId, "manageAuthorizedKeys");

      return remove(call, planned("Delete", key.id, { id: key.id }));
    },

    listOperations: (request, call) => operations.list(requireOwn(call, request.keyId, "viewKeys").id, request),
  });
}

const makeKeyPair = promisify(generateKeyPair);

const moduli: Partial<Record<Key_Algorithm, number>> = {
  [Key_Algorithm.RSA_2048]: 2048,
  [Key_Algorithm.RSA_4096]: 4096,
};

const noPerson = "Keys of user accounts are not emulated";

const requireKey = (state: State, keyId: string) =>
  state.authorizedKeys.get(keyId) ?? refuse("NOT_FOUND", `Key ${keyId} not found`);

const toMessage = (key: AuthorizedKeyRecord): Key => ({
  id: key.id,
  serviceAccountId: key.accountId,
  userAccountId: undefined,
  createdAt: new Date(key.createdAt),
  description: key.description,
  keyAlgorithm: key.keyAlgorithm,
  publicKey: key.publicKey,
  lastUsedAt: key.lastUsedAt === undefined ? undefined : new Date(key.lastUsedAt),
});
