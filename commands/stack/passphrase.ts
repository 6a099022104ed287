import { createDecipheriv, createHash, pbkdf2Sync } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Beside its salt the engine keeps a word that it encrypted, to know the passphrase by. */
const KEPT = /^v1:([^:]+):v1:([^:]+):([^:]+)$/;

const ROUNDS = 1_000_000;
const TAG_LENGTH = 16;

/**
 * Whether a passphrase is the one that belongs to an `encryptionsalt`. To know it takes half a second, so the file `known`
 * keeps a digest of the last pair that belongs together. Where the engine writes a salt in another form, it decides.
 */
export function isPassphraseOf(salt: string, passphrase: string, known: string): boolean {
  const pair = createHash("sha256").update(`${salt} ${passphrase.trim()}`).digest("hex");
  if (existsSync(known) && readFileSync(known, "utf8") === pair) return true;
  if (!opens(passphrase.trim(), salt)) return false;
  writeFileSync(known, pair, { mode: 0o600 });
  return true;
}

function opens(passphrase: string, salt: string): boolean {
  const [, ...parts] = KEPT.exec(salt) ?? [];
  if (parts.length === 0) return true;
  const [own, nonce, sealed] = parts.map((part) => Buffer.from(part, "base64")) as [Buffer, Buffer, Buffer];
  const decipher = createDecipheriv("aes-256-gcm", pbkdf2Sync(passphrase, own, ROUNDS, 32, "sha256"), nonce);
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  decipher.update(sealed.subarray(0, -TAG_LENGTH));
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
