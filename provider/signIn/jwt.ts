import { constants, sign } from "node:crypto";
import type { ServiceAccountKey } from "../settings/serviceAccountKey";

/** The API insists on this address, whatever endpoint the token is asked for at. */
const AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
/** The longest life that the API accepts, in seconds. */
const LIFE_SECONDS = 3600;

/** A token by which the service account shows that it has the key; the API exchanges it for an IAM token. */
export function signJwt({ id, serviceAccountId, privateKey }: ServiceAccountKey, nowMs: number): string {
  const iat = Math.floor(nowMs / 1000);
  const header = { typ: "JWT", alg: "PS256", kid: id };
  const claims = { iss: serviceAccountId, aud: AUDIENCE, iat, exp: iat + LIFE_SECONDS };
  const signed = `${base64Url(header)}.${base64Url(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
  return `${signed}.${signature.toString("base64url")}`;
}

const base64Url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
