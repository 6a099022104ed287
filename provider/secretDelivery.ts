import { retire, store, take } from "./lockbox";
import type { LockboxEntry } from "./lockbox";
import { encryptTo } from "./openpgp";
import { PartialFailure } from "./resource";
import type { Context } from "./resource";

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

/**
 * Brings a secret to where it is wanted; `from` is another place in Lockbox where it has been until now. It is in no
 * other place until it has arrived in the new one: what fails on the way leaves it where it was, and the next update
 * goes on from there.
 */
export async function deliver(
  id: string,
  secret: string,
  wanted: Wanted,
  context: Context,
  from?: LockboxEntry,
): Promise<Delivered> {
  try {
    if (wanted.pgpKey) {
      const { message, fingerprint } = await encryptTo(wanted.pgpKey, secret);
      return { encryptedSecretKey: message, keyFingerprint: fingerprint };
    }
    const to = wanted.outputToLockbox;
    if (!to) return { secretKey: secret };
    const instead = from?.secretId === to.secretId ? from.entryForSecretKey : undefined;
    return { outputToLockboxVersionId: await store(to, secret, context, instead) };
  } catch (error) {
    const reason = `${(error as Error).message}; until the next update succeeds the key is kept in the state`;
    throw new PartialFailure(id, { secretKey: secret } satisfies Delivered, reason);
  }
}

/** Moves a secret from where it was to where it is wanted now. */
export async function redeliver(
  id: string,
  old: Wanted & Delivered,
  wanted: Wanted,
  context: Context,
): Promise<Delivered> {
  const { outputToLockbox: from, outputToLockboxVersionId: version, encryptedSecretKey, keyFingerprint } = old;
  if (encryptedSecretKey) return { encryptedSecretKey, keyFingerprint };
  if (version && from && samePlace(from, wanted.outputToLockbox)) return { outputToLockboxVersionId: version };
  const secret = version && from ? await take(from, version, context) : (old.secretKey ?? "");
  const delivered = await deliver(id, secret, wanted, context, version ? from : undefined);
  if (version && from) {
    await retire(from, version, context).catch((error: Error) => {
      context.say("warning", `the old place still holds the key in version ${version}: ${error.message}`);
    });
  }
  return delivered;
}

const samePlace = (a: LockboxEntry, b: LockboxEntry | undefined): boolean =>
  a.secretId === b?.secretId && a.entryForSecretKey === b.entryForSecretKey;
