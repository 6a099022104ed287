import { describeError, isAmbiguous, undefinedIfNotFound } from "../../cloud/errors";
import type { Context } from "../../contract/resource";
import { ledgerOf } from "../../ownership/ledger";
import { versionsOf } from "../../lookups/secrets";
import { deliveredKeyIn, describeDelivery } from "../../ownership/deliveredKey";
import { isMarked, isMarkedNew, marked, RUN_MS } from "../../ownership/marker";
import { awaitAccess } from "../aiStudioKeyValidation/awaitAccess";
import { changeSecret, retire } from "./lockbox";
import type { LockboxEntry } from "./lockbox";
import { warnOfUnknown } from "./makeKey";
import type { MadeKey } from "./makeKey";

/** For what a key must work before Lockbox gets it. */
export interface Validation {
  folderId: string;
  capabilities: string[];
}

/** A key that this resource has put into an entry: `versionId` is the version that it made of the secret. */
export interface HandedOver {
  keyId: string;
  versionId: string;
}

const PATIENCE_MS = 120_000;
const CLEAN_UP_LIMIT_MS = 5_000;

/**
 * Puts a key into Lockbox when the services accept it, and gives the version. A new version is the current one at once, so
 * the key is validated before, from memory; until then readers find the key of before. A key that comes to nothing is
 * deleted, so that no state has to keep it.
 */
export async function handOver(
  { apiKey, secret }: MadeKey,
  entry: LockboxEntry,
  validation: Validation,
  context: Context,
): Promise<string> {
  const { secretId, entryForSecretKey: key } = entry;
  try {
    const answer = await awaitAccess({ ...validation, secretKey: secret }, PATIENCE_MS, context);
    if (answer !== "works") throw new Error(`the key does not work after ${PATIENCE_MS / 1000} seconds: ${answer}`);
    const description = marked(describeDelivery({ entry: key, keyId: apiKey.id }), context);
    return await changeSecret(secretId, { description, payloadEntries: [{ key, textValue: secret }] }, context);
  } catch (error) {
    const arrived = await find(entry, context).catch(() => []);
    const version = arrived.find(({ keyId }) => keyId === apiKey.id);
    if (version) return version.versionId;
    // A version that may yet come about must hold a key that works; the next run finds out.
    if (!isAmbiguous(error)) await discard(apiKey.id, context);
    const { message } = describeError(error, { what: `Lockbox secret ${secretId}` });
    throw new Error(`${message}; readers still find the key of before`);
  }
}

async function discard(apiKeyId: string, context: Context): Promise<void> {
  using limit = context.timeLimit(CLEAN_UP_LIMIT_MS);
  const { signal } = limit;
  await context.cloud.iam.apiKeys.delete({ apiKeyId }, { signal }).catch(() => {});
}

/** What this very resource has put into the entry, the newest first. A version tells its key, and by its mark its maker. */
export async function find({ secretId, entryForSecretKey }: LockboxEntry, context: Context): Promise<HandedOver[]> {
  const versions = await versionsOf(secretId, context);
  return versions
    .filter(({ description }) => isMarked(description, context))
    .sort((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0))
    .flatMap(({ id, description }) => {
      const delivered = deliveredKeyIn(description);
      return delivered?.entry === entryForSecretKey ? [{ versionId: id, keyId: delivered.keyId }] : [];
    });
}

/**
 * The last key that an earlier run handed over and that no state knows. It still bears the mark "new". Without that mark
 * it may be the key of this state, as a replacement on demand (`up --replace`) comes without the old key's ID, or of
 * another one, or it was kept on purpose.
 */
export async function lastLost(entry: LockboxEntry, context: Context) {
  const [last] = await find(entry, context);
  const key = last && (await keyThatNoStateHas(last, context));
  return key && isMarkedNew(key.description, context) ? { ...last, key } : undefined;
}

/**
 * Deletes what interrupted runs handed over, with its versions, once readers have a later key. A young key without "new"
 * is named: a run may have ended between the end of the mark and the state.
 */
export async function discardLost(earlier: HandedOver[], entry: LockboxEntry, context: Context): Promise<void> {
  for (const handedOver of earlier) {
    const key = await keyThatNoStateHas(handedOver, context).catch(() => undefined);
    if (!key) continue;
    if (isMarkedNew(key.description, context)) {
      await discard(key.id, context);
      await retire(entry, handedOver.versionId, context).catch(() => {});
    } else if (context.now() - (key.createdAt?.getTime() ?? -Infinity) < RUN_MS)
      warnOfUnknown(key, `it is in version ${handedOver.versionId} of Lockbox secret ${entry.secretId}`, context);
  }
}

const keyThatNoStateHas = async ({ keyId }: HandedOver, context: Context) =>
  ledgerOf(context).isHeldKey(keyId)
    ? undefined
    : undefinedIfNotFound(() => context.cloud.iam.apiKeys.get({ apiKeyId: keyId }, context));
