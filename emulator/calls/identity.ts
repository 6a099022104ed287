import type { ApiKeyRecord } from "../store/records";
import { hashed, newIamToken } from "../store/hashes";
import type { State } from "../store/state";
import { refuse } from "../status";

/** Who makes a call. */
export interface Caller {
  id: string;
  type: "serviceAccount" | "userAccount";
}

/** What an Authorization header holds. A key in a Bearer header is what OpenAI clients send. */
export type Credential = { kind: "none" } | { kind: "iamToken"; token: string } | { kind: "apiKey"; secret: string };

const maxTokenLifeMs = 12 * 60 * 60 * 1000;

function readCredential(header: string | undefined): Credential {
  const [, scheme = "", value = ""] = /^(\S+)\s+(.*\S)\s*$/.exec(header ?? "") ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
      return value.startsWith("AQVN") ? { kind: "apiKey", secret: value } : { kind: "iamToken", token: value };
    case "api-key":
      return { kind: "apiKey", secret: value };
    default:
      return { kind: "none" };
  }
}

/** What a call shows of its caller, resolved once for each call. */
export interface Identity {
  credential: Credential;
  /** Has an empty id when the credential is missing or not known. */
  caller: Caller;
}

const unknownCaller: Caller = { id: "", type: "userAccount" };

export function identify(state: State, header: string | undefined): Identity {
  const credential = readCredential(header);
  return { credential, caller: findCaller(state, credential) ?? unknownCaller };
}

/** The caller behind a credential, or undefined. Says nothing about rights and refuses nothing. */
export function findCaller(state: State, credential: Credential): Caller | undefined {
  if (credential.kind === "iamToken") return findTokenSubject(state, credential.token);
  const key = credential.kind === "apiKey" ? findKey(state, credential.secret) : undefined;
  return key && { id: key.serviceAccountId, type: "serviceAccount" };
}

/** Refuses a call whose caller is not known, by either kind of credential. */
export function requireCaller({ credential, caller }: Identity): void {
  if (credential.kind === "none") refuse("UNAUTHENTICATED", "IAM token or API key has to be passed in request");
  if (caller.id === "") refuse("UNAUTHENTICATED", "The token is invalid");
}

/** The same for the control plane, which API keys do not open: only IAM tokens do. */
export function requireTokenOf(identity: Identity): void {
  requireCaller(identity.credential.kind === "apiKey" ? { ...identity, caller: unknownCaller } : identity);
}

/** A key that exists as far as a server with an up-to-date view knows. */
export function findKey(state: State, secret: string): ApiKeyRecord | undefined {
  return state.apiKeys.get(state.index.apiKeyByHash(hashed(secret)) ?? "");
}

function findTokenSubject(state: State, token: string): Caller | undefined {
  const found = state.tokens.get(hashed(token));
  if (!found || found.expiresAt <= state.clock.now()) return undefined;
  if (state.accounts.get(found.subjectId)) return { id: found.subjectId, type: "serviceAccount" };
  return state.users.get(found.subjectId) && { id: found.subjectId, type: "userAccount" };
}

/** A new IAM token for a subject; the answer shows it once, the state keeps its hash. */
export function issueToken(
  state: State,
  subjectId: string,
  lifeMs = maxTokenLifeMs,
): { token: string; expiresAt: number } {
  const now = state.clock.now();
  for (const old of [...state.tokens.values()]) if (old.expiresAt <= now) state.tokens.remove(old.hash);
  const token = newIamToken();
  const expiresAt = now + Math.min(lifeMs, maxTokenLifeMs);
  state.tokens.put(hashed(token), { hash: hashed(token), subjectId, createdAt: now, expiresAt });
  return { token, expiresAt };
}
