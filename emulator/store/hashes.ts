import { createHash, randomBytes } from "node:crypto";

/**
 * Secrets are shown once and kept as hashes, so no state file, dump or log of the emulator can show one.
 * A plain SHA-256 is enough: they are random and long, there is nothing to guess.
 */
export const hashed = (secret: string): string => createHash("sha256").update(secret).digest("base64url");

/** `AQVN` and 36 characters of `[A-Za-z0-9_-]`, the form Yandex documents for scanners. */
export const newApiKeySecret = (): string => `AQVN${randomBytes(27).toString("base64url")}`;

/** `t1.` and two parts, the second of 86 characters, the documented form of an IAM token. */
export const newIamToken = (): string =>
  `t1.${randomBytes(48).toString("base64url")}.${randomBytes(64).toString("base64url")}`;

/** `y0_` and random text, the form of the OAuth token of a Yandex account. */
export const newOauthToken = (): string => `y0_${randomBytes(42).toString("base64url")}`;

/** `****` and the last six characters: how the cloud lists a secret. */
export const masked = (secret: string): string => `****${secret.slice(-6)}`;

/** `AQVN****98iI (CE9D1A49)`: how refusals name a key. The eight digits look like a checksum; which one is not known. */
export function named(secret: string): string {
  const digits = createHash("sha256").update(secret).digest("hex").slice(0, 8).toUpperCase();
  return secret.length < 12 ? `************ (${digits})` : `${secret.slice(0, 4)}****${secret.slice(-4)} (${digits})`;
}
