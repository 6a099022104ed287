import { constants, verify } from "node:crypto";
import type { State } from "../store/state";
import { refuse } from "../status";

/** The one audience a sign-in JWT may have, whatever the endpoint; as text or in a list (the Go SDK sends a list). */
const audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
const maxLifeSeconds = 3600;

interface Claims {
  iss?: unknown;
  aud?: unknown;
  iat?: unknown;
  exp?: unknown;
}

/**
 * The account that signed a JWT (PS256, RSA-PSS with the salt as long as the hash) with one of its authorized keys.
 * Refuses with UNAUTHENTICATED; the words of the cloud for each case are not documented.
 */
export function verifyJwt(state: State, jwt: string): string {
  const [head = "", body = "", signature = "", ...rest] = jwt.split(".");
  const header = readPart(head) as { alg?: unknown; kid?: unknown };
  const claims = readPart(body) as Claims;
  if (rest.length > 0 || signature === "") refuseJwt("it does not have three parts");
  if (header.alg !== "PS256") refuseJwt("its algorithm must be PS256");

  const key = typeof header.kid === "string" ? state.authorizedKeys.get(header.kid) : undefined;
  if (!key) return refuseJwt("its key is not known");
  if (claims.iss !== key.accountId) refuseJwt("its issuer does not own the key");
  const options = {
    key: key.publicKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  if (!verify("sha256", Buffer.from(`${head}.${body}`), options, Buffer.from(signature, "base64url"))) {
    refuseJwt("its signature is wrong");
  }
  checkClaims(claims, state.clock.now() / 1000);

  const account = state.accounts.get(key.accountId);
  if (!account) return refuseJwt("its account does not exist");
  state.authorizedKeys.note(key.id, { ...key, lastUsedAt: state.clock.now() });
  state.accounts.note(account.id, { ...account, lastAuthenticatedAt: state.clock.now() });
  return account.id;
}

function checkClaims({ aud, iat, exp }: Claims, now: number): void {
  const audiences = Array.isArray(aud) ? aud : [aud];
  // Python's SDK derives it from the endpoint it was given.
  const right = (one: unknown) => one === audience || (typeof one === "string" && one.endsWith("/iam/v1/tokens"));
  if (!audiences.some(right)) refuseJwt(`its audience must be ${audience}`);
  if (typeof exp !== "number" || typeof iat !== "number") return refuseJwt("it must have iat and exp");
  if (exp - iat > maxLifeSeconds) refuseJwt("it may live for one hour at most");
  if (exp <= now) refuseJwt("it has expired");
  // Clocks of clients run ahead now and then.
  if (iat > now + 300) refuseJwt("it is issued in the future");
}

function readPart(part: string): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    if (value !== null && typeof value === "object") return value;
  } catch {
    // Falls through to the refusal.
  }
  return refuseJwt("it is not made of JSON parts");
}

function refuseJwt(why: string): never {
  refuse("UNAUTHENTICATED", `JWT is invalid: ${why}`);
}
