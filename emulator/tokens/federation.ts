import { constants, createPublicKey, type JsonWebKey, verify } from "node:crypto";
import type { State } from "../store/state";
import type { Table } from "../store/tables";

/** A trusted issuer of OIDC tokens. Seeded: the emulator has no call to make one, and never asks an issuer over the network. */
export interface FederationRecord {
  id: string;
  issuer: string;
  audiences: string[];
  /** Public keys of the issuer, as its JWKS would list them. */
  jwks: (JsonWebKey & { kid?: string })[];
}

/** "Tokens of this federation with this subject may act as this account." */
export interface FederatedCredentialRecord {
  id: string;
  federationId: string;
  accountId: string;
  externalSubjectId: string;
}

export interface Federations {
  federations: Table<FederationRecord>;
  credentials: Table<FederatedCredentialRecord>;
}

export const openFederations = (state: State): Federations => ({
  federations: state.tables.table<FederationRecord>("federations"),
  credentials: state.tables.table<FederatedCredentialRecord>("federatedCredentials"),
});

/** Why an exchange is refused: the OAuth error code and a sentence. */
export class ExchangeError extends Error {
  constructor(
    readonly code: "invalid_request" | "invalid_grant" | "unsupported_grant_type",
    message: string,
  ) {
    super(message);
  }
}

/** Throws an ExchangeError unless `token` is one by which its bearer may act as the account. */
export function verifyFederatedToken(
  state: State,
  { federations, credentials }: Federations,
  token: string,
  accountId: string,
): void {
  const [head = "", body = "", signature = ""] = token.split(".");
  const header = readPart(head) as { alg?: string; kid?: string };
  const claims = readPart(body) as { iss?: string; sub?: string; aud?: string | string[]; exp?: number };
  const federation = [...federations.values()].find(({ issuer }) => issuer === claims.iss);
  if (!federation)
    throw new ExchangeError("invalid_grant", `No federation trusts the issuer ${claims.iss ?? "(none)"}`);

  const jwk =
    federation.jwks.find(({ kid }) => kid === header.kid) ??
    (header.kid === undefined ? federation.jwks[0] : undefined);
  if (!jwk || !verified(header.alg, jwk, `${head}.${body}`, signature)) {
    throw new ExchangeError("invalid_grant", "The subject token is not signed by its issuer");
  }
  if (typeof claims.exp !== "number" || claims.exp * 1000 <= state.clock.now()) {
    throw new ExchangeError("invalid_grant", "The subject token has expired");
  }
  const audiences = [claims.aud ?? []].flat();
  if (federation.audiences.length > 0 && !federation.audiences.some((audience) => audiences.includes(audience))) {
    throw new ExchangeError("invalid_grant", "The subject token is meant for another audience");
  }
  const allowed = [...credentials.values()].some(
    (credential) =>
      credential.federationId === federation.id &&
      credential.accountId === accountId &&
      credential.externalSubjectId === claims.sub,
  );
  if (!allowed)
    throw new ExchangeError("invalid_grant", `The subject ${claims.sub ?? "(none)"} may not act as ${accountId}`);
}

function verified(algorithm: string | undefined, jwk: JsonWebKey, signed: string, signature: string): boolean {
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const bytes = Buffer.from(signature, "base64url");
  switch (algorithm) {
    case "RS256":
      return verify("sha256", Buffer.from(signed), key, bytes);
    case "PS256":
      return verify(
        "sha256",
        Buffer.from(signed),
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
        bytes,
      );
    case "ES256":
      return verify("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }, bytes);
    default:
      return false;
  }
}

function readPart(part: string): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    if (value !== null && typeof value === "object") return value;
  } catch {
    // Falls through to the refusal.
  }
  throw new ExchangeError("invalid_request", "The subject token is not a JWT");
}
