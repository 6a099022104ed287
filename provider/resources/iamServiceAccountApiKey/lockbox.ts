import { AddVersionMetadata } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import { cancelled } from "../../cloud/cancellation";
import { rememberPerRun } from "../../cloud/once";
import { describeError, rethrow, undefinedIfNotFound } from "../../cloud/errors";
import type { Context } from "../../contract/resource";

/** Where in Lockbox a secret stands: an entry of a secret. */
export interface LockboxEntry {
  secretId: string;
  entryForSecretKey: string;
}

/**
 * Adds a version of the secret that holds the text, and no longer the entry that is named in `instead`; all other entries
 * of the version before are carried over.
 */
export async function store(
  { secretId, entryForSecretKey }: LockboxEntry,
  text: string,
  context: Context,
  instead?: string,
): Promise<string> {
  const changes = [{ key: entryForSecretKey, textValue: text }, ...(instead ? [{ key: instead }] : [])];
  try {
    return await addVersion(secretId, changes, context);
  } catch (error) {
    // No message has the text: an error does not quote the request.
    throw describeError(error, { what: `Lockbox secret ${secretId}` });
  }
}

/** What the entry holds in that version. */
export async function take(
  { secretId, entryForSecretKey }: LockboxEntry,
  versionId: string,
  context: Context,
): Promise<string> {
  const payload = await context.cloud.lockbox.payloads
    .get({ secretId, versionId }, context)
    .catch(rethrow({ what: `reading Lockbox secret ${secretId}` }));
  const text = payload.entries.find(({ key }) => key === entryForSecretKey)?.textValue;
  if (!text) throw new Error(`version ${versionId} of Lockbox secret ${secretId} has no entry ${entryForSecretKey}`);
  return text;
}

/**
 * Schedules the version for destruction; it can be called back for a week, which is the cloud's default. Where it holds entries
 * of others too, a version without ours becomes the current one before. Does nothing if the secret or version does not exist.
 */
export async function retire(entry: LockboxEntry, versionId: string, context: Context): Promise<void> {
  const { secretId, entryForSecretKey: key } = entry;
  const { lockbox, done } = context.cloud;
  try {
    const secret = await undefinedIfNotFound(() => lockbox.secrets.get({ secretId }, context));
    if (!secret) return;
    const current = secret.currentVersion;
    const isShared = (keys: string[]) => keys.includes(key) && keys.length > 1;
    if (current && isShared(current.payloadEntryKeys) && (await holdsTheSame(entry, current.id, versionId, context)))
      await addVersion(secretId, [{ key }], context);
    await undefinedIfNotFound(() =>
      done(lockbox.secrets.scheduleVersionDestruction({ secretId, versionId }, context), undefined, context),
    );
  } catch (error) {
    throw describeError(error, { what: `Lockbox secret ${secretId}` });
  }
}

/** A later version may have been made by others, with our entry in it; or it is the place of another key by now. */
async function holdsTheSame(entry: LockboxEntry, later: string, earlier: string, context: Context): Promise<boolean> {
  if (later === earlier) return true;
  const versions = [later, earlier].map((versionId) => take(entry, versionId, context));
  const [now, then] = await Promise.all(versions).catch((): undefined[] => []);
  return now !== undefined && now === then;
}

interface Change {
  key: string;
  /** Without one the entry is taken out. */
  textValue?: string;
}

interface VersionRequest {
  description?: string;
  payloadEntries: Change[];
}

const addVersion = (secretId: string, payloadEntries: Change[], context: Context): Promise<string> =>
  changeSecret(secretId, { payloadEntries }, context);

/** Changes to the current version of a secret, as a new version; gives its ID. */
export const changeSecret = (secretId: string, request: VersionRequest, context: Context): Promise<string> =>
  inTurn(secretId, context, async () => {
    const { lockbox, done } = context.cloud;
    const operation = await lockbox.secrets.addVersion({ secretId, ...request }, context);
    await done(operation, undefined, context);
    if (!operation.metadata) throw new Error("the cloud did not say which version it made");
    return AddVersionMetadata.decode(operation.metadata.value).versionId;
  });

/** Of two versions that are made from the same one at the same time, one would lose what the other brings. */
function inTurn<Result>(secretId: string, { cloud, signal }: Context, act: () => Promise<Result>): Promise<Result> {
  const last = rememberPerRun(cloud, inTurn, () => new Map<string, Promise<unknown>>());
  const begin = () => (signal.aborted ? Promise.reject(interruption(signal)) : act());
  const result = (last.get(secretId) ?? Promise.resolve()).then(begin, begin);
  last.set(secretId, result);
  return result;
}

const interruption = (signal: AbortSignal) => cancelled(signal, { method: "SecretService/AddVersion", sent: false });
