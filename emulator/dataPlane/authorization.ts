import { chainOf, folderResource, type Resource } from "../calls/access";
import type { Call } from "../calls/calls";
import { findKey, requireCaller } from "../calls/identity";
import type { AccountRecord, ApiKeyRecord } from "../store/records";
import { named } from "../store/hashes";
import type { State } from "../store/state";
import { refuse } from "../status";
import { capabilities, type CapabilityName } from "./capabilities";

/** Whom the AI plane serves, and in which folder. */
export interface Authorization {
  folderId: string;
  /** Refuses unless the caller holds a role for the capability in its folder. Some calls need two. */
  requireRole(capability: CapabilityName): void;
}

/**
 * The order in which AI Studio checks a call: a credential is there · the key is known · its scope · its expiry (all 401) ·
 * the folder (400) · the role (403). The model comes after that and is the endpoint's own business.
 * `folderIds` are those the request names beside the header, as in its model URI; empty ones do not count.
 */
export function authorize(
  state: State,
  call: Call,
  capability: CapabilityName,
  folderIds: (string | undefined)[],
): Authorization {
  const asked = [...folderIds, call.folderHeader].filter((id) => id !== undefined && id !== "") as string[];
  const folderId =
    call.credential.kind === "apiKey" ? folderOfKey(state, call, capability, asked) : folderOfToken(state, call, asked);
  const authorization: Authorization = {
    folderId,
    requireRole: (needed) => requireRoleOn(state, call, needed, folderResource(folderId)),
  };
  authorization.requireRole(capability);
  return authorization;
}

/**
 * The same for what is called by an address of its own, whatever folder the caller lives in: a credential is there · the key
 * is known · its scope · its expiry (all 401) · the role on the resource (403). The endpoint itself says that a resource does not exist.
 */
export function authorizeOn(
  state: State,
  call: Call,
  capability: CapabilityName,
  resource: Resource | undefined,
): void {
  if (call.credential.kind === "apiKey") markUsed(state, keyFor(state, call, capability).key, call.now);
  else requireCaller(call);
  if (resource) requireRoleOn(state, call, capability, resource);
}

function requireRoleOn(state: State, call: Call, needed: CapabilityName, resource: Resource): void {
  if (call.access.allows(call.caller.id, capabilities[needed].roles, resource)) return;
  const above = ["resource-manager.folder", "resource-manager.cloud", "organization-manager.organization"];
  const kinds = resource.type === "resource-manager.folder" ? above : [resource.type, ...above];
  const chain = chainOf(resource, state).map((id, position) => `${kinds[position]} ${id}`);
  refuse("PERMISSION_DENIED", `Permission to [${chain.join(", ")}] denied`);
}

function folderOfKey(state: State, call: Call, capability: CapabilityName, asked: string[]): string {
  const { key, account } = keyFor(state, call, capability);
  requireSameFolder(asked, account.folderId);
  markUsed(state, key, call.now);
  return account.folderId;
}

/** The key a call comes with and whose it is, as far as the key itself decides. */
function keyFor(state: State, call: Call, capability: CapabilityName): { key: ApiKeyRecord; account: AccountRecord } {
  const secret = call.credential.kind === "apiKey" ? call.credential.secret : "";
  const key = findKey(state, secret);
  // The documentation gives one text for an unknown key and for a key of another scope.
  if (!key || !visible(key, call.access.view(state.switches.keyDelayMs))) return unknownKey(secret);
  if (!capabilities[capability].scopes.some((scope) => key.scopes.includes(scope))) return unknownKey(secret);
  if (key.expiresAt !== undefined && key.expiresAt <= call.now) {
    const moment = new Date(key.expiresAt).toISOString().replace(/\.000Z$/, "Z");
    refuse("UNAUTHENTICATED", `The apikey has expired ${moment}.`);
  }
  return { key, account: state.accounts.get(key.serviceAccountId) ?? unknownKey(secret) };
}

function folderOfToken(state: State, call: Call, asked: string[]): string {
  requireCaller(call);
  const account = state.accounts.get(call.caller.id);
  if (account) {
    requireSameFolder(asked, account.folderId);
    return account.folderId;
  }
  const [folderId, ...others] = new Set(asked);
  if (folderId === undefined) return refuse("UNAUTHENTICATED", "You have to specify folder ID for user account");
  if (others[0] !== undefined) {
    refuse("INVALID_ARGUMENT", `Specified folder ID '${others[0]}' does not match with folder ID '${folderId}'`);
  }
  return folderId;
}

function requireSameFolder(asked: string[], home: string): void {
  const other = asked.find((folderId) => folderId !== home);
  if (other === undefined) return;
  refuse("INVALID_ARGUMENT", `Specified folder ID '${other}' does not match with service account folder ID '${home}'`);
}

const visible = (key: ApiKeyRecord, at: number) =>
  key.createdAt <= at && (key.deletedAt === undefined || key.deletedAt > at);

function unknownKey(secret: string): never {
  refuse("UNAUTHENTICATED", `Unknown api key '${named(secret)}'`);
}

/** Last use is shown by the minute, so that a busy key does not write to the state with each request. */
function markUsed(state: State, key: ApiKeyRecord, now: number): void {
  if (key.lastUsedAt === undefined || now - key.lastUsedAt >= 60_000)
    state.apiKeys.note(key.id, { ...key, lastUsedAt: now });
}
