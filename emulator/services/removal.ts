import type { AccountRecord, CloudRecord, FolderRecord } from "../store/records";
import { forgetRemoved, type State } from "../store/state";
import { moment } from "../calls/validation";

const dayMs = 24 * 60 * 60 * 1000;

/** When a folder or cloud goes, in ms since 1970: a day later unless the request says otherwise. Until then it can be called off. */
export const deletionTime = (deleteAfter: Date | undefined, now: number): number =>
  moment("deleteAfter", deleteAfter) ?? now + dayMs;

/** Keys go with their account; grants to it go too, unless the switch keeps them as orphans. */
export function removeAccount(state: State, account: AccountRecord): void {
  for (const id of [...state.index.apiKeysOf(account.id)]) state.apiKeys.remove(id);
  for (const key of [...state.authorizedKeys.values()])
    if (key.accountId === account.id) state.authorizedKeys.remove(key.id);
  for (const token of [...state.tokens.values()]) if (token.subjectId === account.id) state.tokens.remove(token.hash);
  for (const id of [...state.index.bindingsOn(account.id)]) state.bindings.remove(id);
  for (const id of state.switches.orphanGrants ? [] : [...state.index.bindingsOf(account.id)])
    state.bindings.remove(id);
  state.accounts.remove(account.id);
  if (!state.switches.nameFreesAtOnce)
    state.tables.table("takenNames").put(takenNameId(state.cloudOf(account.folderId), account.name), {});
  forgetRemoved(state);
}

/** A name that was in use once, in the cloud where it was. */
export const takenNameId = (cloudId: string, name: string) => `${cloudId} ${name}`;

/** Beside accounts. */
const tablesOfFolders = [
  "conversations",
  "datasets",
  "files",
  "mcpGateways",
  "responses",
  "secrets",
  "tunedModels",
  "tuningTasks",
  "vectorStores",
];

/** Tables whose records belong to a record of another table, by the field that names it. */
const tablesOfParts = [
  { table: "conversationItems", owner: "conversations", field: "conversationId" },
  { table: "fileContents", owner: "files", field: "id" },
  { table: "secretVersions", owner: "secrets", field: "secretId" },
  { table: "vectorStoreBatches", owner: "vectorStores", field: "storeId" },
  { table: "vectorStoreFiles", owner: "vectorStores", field: "storeId" },
];

/** A folder takes with it what lies in it. */
export function removeFolder(state: State, folder: FolderRecord): void {
  for (const id of [...state.index.accountsIn(folder.id)]) removeAccount(state, state.requireAccount(id));
  for (const name of tablesOfFolders) removeAllIn(state, name, folder.id);
  for (const { table: name, owner, field } of tablesOfParts) {
    const [parts, owners] = [state.tables.table<Record<string, string>>(name), state.tables.table(owner)];
    for (const part of [...parts.values()]) if (!owners.peek(part[field] ?? "")) parts.remove(part["id"] ?? "");
  }
  for (const id of [...state.index.bindingsOn(folder.id)]) state.bindings.remove(id);
  state.folders.remove(folder.id);
}

export function removeCloud(state: State, cloud: CloudRecord): void {
  for (const id of [...state.index.foldersIn(cloud.id)]) removeFolder(state, state.requireFolder(id));
  for (const id of [...state.index.bindingsOn(cloud.id)]) state.bindings.remove(id);
  state.clouds.remove(cloud.id);
}

interface InFolder {
  id: string;
  folderId: string;
}

function removeAllIn(state: State, tableName: string, folderId: string): void {
  const table = state.tables.table<InFolder>(tableName);
  for (const { id } of [...table.values()].filter((record) => record.folderId === folderId)) {
    for (const binding of [...state.index.bindingsOn(id)]) state.bindings.remove(binding);
    table.remove(id);
  }
}
