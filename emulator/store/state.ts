/**
 * store: what the cloud remembers, in memory and in one file with a journal beside it.
 * It may import no other folder. It knows no rule of the API: only records, indexes and how they reach the disk.
 * Start with `openState`; tables.ts holds records, journal.ts writes them, records.ts says what they are.
 */
import type { Clock } from "../clock";
import type {
  AccountRecord,
  ApiKeyRecord,
  AuthorizedKeyRecord,
  BindingRecord,
  CloudRecord,
  FolderRecord,
  OperationRecord,
  TokenRecord,
  UserRecord,
} from "./records";
import { bindingId } from "./records";
import { refuse } from "../status";
import { longestLag, type Switches } from "../switches";
import { openTables, type Table, type Tables } from "./tables";

/** The one store behind every service and transport, with the look-ups that several services share. */
export interface State {
  readonly clock: Clock;
  readonly switches: Switches;
  readonly tables: Tables;
  readonly clouds: Table<CloudRecord>;
  readonly folders: Table<FolderRecord>;
  readonly accounts: Table<AccountRecord>;
  readonly users: Table<UserRecord>;
  readonly apiKeys: Table<ApiKeyRecord>;
  readonly authorizedKeys: Table<AuthorizedKeyRecord>;
  readonly bindings: Table<BindingRecord>;
  readonly tokens: Table<TokenRecord>;
  /** By the hash of the token. */
  readonly oauthTokens: Table<{ userId: string }>;
  readonly operations: Table<OperationRecord>;
  /** Operation id by caller and Idempotency-Key. */
  readonly repeats: Table<{ operationId: string }>;
  /** A new 20-character id: `prefix` and a counter of its own, so that a person can distinguish ids. */
  newId(prefix: string): string;
  /** Ids under which something hangs: keys of an account, bindings of a resource or subject, operations of a resource. */
  readonly index: Index;
  requireFolder(id: string): FolderRecord;
  requireCloud(id: string): CloudRecord;
  requireAccount(id: string): AccountRecord;
  cloudOf(folderId: string): string;
}

export interface Index {
  apiKeysOf(accountId: string): Iterable<string>;
  apiKeyByHash(hash: string): string | undefined;
  accountsIn(folderId: string): Iterable<string>;
  foldersIn(cloudId: string): Iterable<string>;
  bindingsOn(resourceId: string): Iterable<string>;
  bindingsOf(subjectId: string): Iterable<string>;
  bindingsFor(resourceId: string, subjectId: string): Iterable<string>;
  operationsOf(resourceId: string): Iterable<string>;
}

export function openState(options: {
  file?: string;
  clock: Clock;
  switches: Switches;
  lost?: (sentence: string) => void;
}): State {
  const tables = openTables(options.file, options.lost);
  const state = {
    clock: options.clock,
    switches: options.switches,
    tables,
    clouds: tables.table<CloudRecord>("clouds"),
    folders: tables.table<FolderRecord>("folders"),
    accounts: tables.table<AccountRecord>("serviceAccounts"),
    users: tables.table<UserRecord>("users"),
    apiKeys: tables.table<ApiKeyRecord>("apiKeys"),
    authorizedKeys: tables.table<AuthorizedKeyRecord>("authorizedKeys"),
    bindings: tables.table<BindingRecord>("accessBindings"),
    tokens: tables.table<TokenRecord>("iamTokens"),
    oauthTokens: tables.table<{ userId: string }>("oauthTokens"),
    operations: tables.table<OperationRecord>("operations"),
    repeats: tables.table<{ operationId: string }>("repeats"),
  };
  return {
    ...state,
    newId: (prefix) => prefix + String(tables.next(prefix)).padStart(20 - prefix.length, "0"),
    index: indexes(state),
    requireFolder: (id) => state.folders.get(id) ?? refuse("NOT_FOUND", `Folder with id ${id} not found`),
    requireCloud: (id) => state.clouds.get(id) ?? refuse("NOT_FOUND", `Cloud with id ${id} not found`),
    requireAccount: (id) => state.accounts.get(id) ?? refuse("NOT_FOUND", `Service account ${id} not found`),
    cloudOf: (folderId) => state.folders.peek(folderId)?.cloudId ?? "",
  };
}

type IndexedTables = Pick<State, "apiKeys" | "accounts" | "folders" | "bindings" | "operations">;

function indexes(state: IndexedTables): Index {
  const hashes = new Map<string, string>();
  state.apiKeys.watch((key, present) => (present ? hashes.set(key.secretHash, key.id) : hashes.delete(key.secretHash)));
  const ofId = (record: { id: string }) => record.id;
  const apiKeys = groups(state.apiKeys, (key) => key.serviceAccountId, ofId);
  const accounts = groups(state.accounts, (account) => account.folderId, ofId);
  const folders = groups(state.folders, (folder) => folder.cloudId, ofId);
  const operations = groups(state.operations, (operation) => operation.resourceId, ofId);
  const byResource = groups(state.bindings, (binding) => binding.resourceId, bindingId);
  const bySubject = groups(state.bindings, (binding) => binding.subjectId, bindingId);
  const byBoth = groups(state.bindings, (binding) => `${binding.resourceId} ${binding.subjectId}`, bindingId);
  return {
    apiKeyByHash: (hash) => hashes.get(hash),
    apiKeysOf: apiKeys,
    accountsIn: accounts,
    foldersIn: folders,
    operationsOf: operations,
    bindingsOn: byResource,
    bindingsOf: bySubject,
    bindingsFor: (resourceId, subjectId) => byBoth(`${resourceId} ${subjectId}`),
  };
}

function groups<T>(
  table: Table<T>,
  keyOf: (record: T) => string,
  idOf: (record: T) => string,
): (key: string) => Iterable<string> {
  const members = new Map<string, Set<string>>();
  table.watch((record, present) => {
    const key = keyOf(record);
    let group = members.get(key);
    if (!group) members.set(key, (group = new Set()));
    if (present) group.add(idOf(record));
    else if (group.delete(idOf(record)) && group.size === 0) members.delete(key);
  });
  return (key) => members.get(key) ?? [];
}

/** Forgets removed keys and grants that no server can still see. Cheap: called when something is removed and at start. */
export function forgetRemoved(state: State): void {
  const oldest = state.clock.now() - longestLag(state.switches);
  const gone = (at: number | undefined) => at !== undefined && at <= oldest;
  for (const key of [...state.apiKeys.values()]) if (gone(key.deletedAt)) state.apiKeys.remove(key.id);
  for (const binding of [...state.bindings.values()])
    if (gone(binding.until)) state.bindings.remove(bindingId(binding));
}
