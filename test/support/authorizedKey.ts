import { generateKeyPairSync } from "node:crypto";
import type { Emulator } from "../../emulator/emulator";

/** The text of a key with which the account signs in. */
export function authorizedKey(cloud: Emulator, accountId: string): string {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const id = cloud.addAuthorizedKey(accountId, publicKey);
  return JSON.stringify({ id, service_account_id: accountId, private_key: privateKey });
}
