import { createDecipheriv, pbkdf2Sync } from "node:crypto";

/** Beside its salt the engine keeps a word that it encrypted, to know the passphrase by. */
const KEPT = /^v1:([^:]+):v1:([^:]+):([^:]+)$/;

const ROUNDS = 1_000_000;
const TAG_LENGTH = 16;

/**
 * Whether a passphrase is the one that belongs to an `encryptionsalt`. Where the engine writes another form, that is left
 * to it.
 */
export function isPassphraseOf(salt: string, passphrase: string): boolean {
  const [, ...parts] = KEPT.exec(salt) ?? [];
  if (parts.length === 0) return true;
  const [own, nonce, sealed] = parts.map((part) => Buffer.from(part, "base64")) as [Buffer, Buffer, Buffer];
  const decipher = createDecipheriv("aes-256-gcm", pbkdf2Sync(passphrase.trim(), own, ROUNDS, 32, "sha256"), nonce);
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  decipher.update(sealed.subarray(0, -TAG_LENGTH));
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
