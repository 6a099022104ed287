import type { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import {
  type ServiceAccountServiceServer,
  ServiceAccountServiceService,
} from "@yandex-cloud/nodejs-sdk/iam-v1/service_account_service";
import { accountResource, folderResource } from "../calls/access";
import type { Call } from "../calls/calls";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import type { AccountRecord } from "../store/records";
import type { Right } from "../catalogue/roles";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { accountName, id, pattern, required } from "../calls/validation";
import type { AccessBindings } from "./accessBindings";
import { namedChanges, namedEffects, namedFields } from "./namedResources";
import { nameFilter } from "./nameFilter";
import { removeAccount, takenNameId } from "./removal";
import { isNameTaken } from "./uniqueNames";

const kind = {
  idPrefix: "aje",
  noun: "service account",
  message: "ServiceAccount",
  package: "yandex.cloud.iam.v1",
  idField: "serviceAccountId",
};

/** yandex.cloud.iam.v1.ServiceAccountService. */
export function serviceAccounts(state: State, operations: Operations, bindings: AccessBindings) {
  const { planned, create, update, remove } = namedEffects(operations, {
    kind,
    table: state.accounts,
    require: (id) => state.requireAccount(id),
    toMessage: (record) => toMessage(record),
    remove: (record) => removeAccount(state, record),
  });

  function requireAccount(serviceAccountId: string, call: Call, right: Right): AccountRecord {
    id("serviceAccountId", serviceAccountId);
    const account = state.requireAccount(serviceAccountId);
    call.access.require(call.caller.id, right, accountResource(account));
    return account;
  }

  return service<ServiceAccountServiceServer>(ServiceAccountServiceService, {
    get: (request, call) => toMessage(requireAccount(request.serviceAccountId, call, "viewAccounts")),

    list(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "viewAccounts", folderResource(folder.id));
      const matches = nameFilter(request.filter);
      const accounts = [...state.index.accountsIn(folder.id)]
        .flatMap((id) => state.accounts.peek(id) ?? [])
        .filter(matches);
      const { items, nextPageToken } = page(accounts, request, (account) => account.id);
      return { serviceAccounts: items.map(toMessage), nextPageToken };
    },

    create(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "manageAccounts", folderResource(folder.id));
      const fields = namedFields(request);
      requireFreeName(state, operations, folder.cloudId, fields);
      requireQuota(state, operations, folder.cloudId);

      const account = { id: state.newId("ajes"), folderId: folder.id, ...fields, createdAt: call.now };
      return create(call, planned("Create", account.id, account));
    },

    update(request, call) {
      const account = requireAccount(request.serviceAccountId, call, "manageAccounts");
      // By the definition even when the mask leaves the name alone.
      required("name", request.name);
      pattern("name", request.name, accountName);
      const changes = namedChanges(request);
      if (changes.name !== undefined && changes.name !== account.name) {
        requireFreeName(state, operations, state.cloudOf(account.folderId), { id: account.id, name: request.name });
      }

      return update(call, planned("Update", account.id, { id: account.id, ...changes }));
    },

    delete(request, call) {
      const account = requireAccount(request.serviceAccountId, call, "manageAccounts");

      return remove(call, planned("Delete", account.id, { id: account.id }));
    },

    listOperations: (request, call) =>
      operations.list(requireAccount(request.serviceAccountId, call, "viewAccounts").id, request),

    ...bindings.methods({
      kind: "iam.serviceAccount",
      idPrefix: "aje",
      right: "setAccountBindings",
      viewRight: "viewAccounts",
      find: (id) => accountResource(state.requireAccount(id)),
    }),
  });
}

function requireFreeName(
  state: State,
  operations: Operations,
  cloudId: string,
  wanted: { id?: string; name: string },
): void {
  const effects = { create: "createServiceAccount", update: "updateServiceAccount" };
  const isNear = (account: Readonly<AccountRecord>) => state.cloudOf(account.folderId) === cloudId;
  const taken =
    isNameTaken(operations, wanted, state.accounts.values(), effects, isNear) ||
    state.tables.table("takenNames").get(takenNameId(cloudId, wanted.name)) !== undefined;
  if (taken) refuse("ALREADY_EXISTS", `Service account '${wanted.name}@${cloudId}' already exists`);
}

function requireQuota(state: State, operations: Operations, cloudId: string): void {
  if (accountsOfCloud(state, operations, cloudId).length < state.switches.quotas.serviceAccounts) return;
  refuse("RESOURCE_EXHAUSTED", "Quota limit iam.serviceAccounts.count exceeded");
}

/** Accounts of a cloud, those still being created included. */
function accountsOfCloud(state: State, operations: Operations, cloudId: string): AccountRecord[] {
  const existing = [...state.accounts.values()];
  const coming = operations.pendingPayloads<AccountRecord>("createServiceAccount");
  return [...existing, ...coming].filter((account) => state.cloudOf(account.folderId) === cloudId);
}

const toMessage = (account: AccountRecord): ServiceAccount => ({
  id: account.id,
  folderId: account.folderId,
  createdAt: new Date(account.createdAt),
  name: account.name,
  description: account.description,
  labels: account.labels,
  lastAuthenticatedAt: account.lastAuthenticatedAt === undefined ? undefined : new Date(account.lastAuthenticatedAt),
});
