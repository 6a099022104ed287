import { retire, store, take } from "./lockbox";
import type { LockboxEntry } from "./lockbox";
import { encryptTo } from "./openpgp";
import { InitializationFailed } from "../../contract/resource";
import type { Context } from "../../contract/resource";

/** Where the secret of a key is kept: in the state, in the state for one reader only, or in Lockbox alone. */
export interface Wanted {
  pgpKey?: string;
  outputToLockbox?: LockboxEntry;
}

export interface Delivered {
  secretKey?: string;
  encryptedSecretKey?: string;
  keyFingerprint?: string;
  outputToLockboxVersionId?: string;
}

/** A version of a Lockbox secret that holds a key in one of its entries. */
interface Place {
  entry: LockboxEntry;
  versionId: string;
}

/**
 * Brings a secret to where it is wanted; `from` is the place in Lockbox where it has been until now. It is in no other
 * place until it has arrived in the new one: what fails on the way leaves it where it was, and the next update goes on
 * from there.
 */
export async function deliver(
  id: string,
  secret: string,
  wanted: Wanted,
  context: Context,
  from?: Place,
): Promise<Delivered> {
  try {
    if (wanted.pgpKey) {
      const { message, fingerprint } = await encryptTo(wanted.pgpKey, secret);
      return { encryptedSecretKey: message, keyFingerprint: fingerprint };
    }
    const to = wanted.outputToLockbox;
    if (!to) return { secretKey: secret };
    const instead = from?.entry.secretId === to.secretId ? from.entry.entryForSecretKey : undefined;
    return { outputToLockboxVersionId: await store(to, secret, context, instead) };
  } catch (error) {
    const kept: Wanted & Delivered = from
      ? { outputToLockbox: from.entry, outputToLockboxVersionId: from.versionId }
      : { secretKey: secret };
    const where = from ? `in version ${from.versionId} of Lockbox secret ${from.entry.secretId}` : "in the state";
    const reason = `${(error as Error).message}; until the next update succeeds the key stays ${where}`;
    throw new InitializationFailed(id, kept, reason);
  }
}

/** Moves a secret from where it was to where it is wanted now. */
export async function redeliver(
  id: string,
  old: Wanted & Delivered,
  wanted: Wanted,
  context: Context,
): Promise<Delivered> {
  const { outputToLockbox: entry, outputToLockboxVersionId: versionId, encryptedSecretKey, keyFingerprint } = old;
  if (encryptedSecretKey) return { encryptedSecretKey, keyFingerprint };
  if (!entry || !versionId) return deliver(id, old.secretKey ?? "", wanted, context);
  if (samePlace(entry, wanted.outputToLockbox)) return { outputToLockboxVersionId: versionId };
  const secret = await take(entry, versionId, context);
  const delivered = await deliver(id, secret, wanted, context, { entry, versionId });
  await retire(entry, versionId, context).catch((error: Error) => {
    context.log("warning", `the old place still holds the key in version ${versionId}: ${error.message}`);
  });
  return delivered;
}

const samePlace = (a: LockboxEntry, b: LockboxEntry | undefined): boolean =>
  a.secretId === b?.secretId && a.entryForSecretKey === b.entryForSecretKey;
