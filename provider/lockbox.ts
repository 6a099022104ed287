import { AddVersionMetadata } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import { explain, gone } from "./errors";
import type { Context } from "./resource";

/** Where in Lockbox a secret stands: an entry of a secret. */
export interface LockboxEntry {
  secretId: string;
  entryForSecretKey: string;
}

/** Adds a version of the secret that holds the text; entries of the version before are carried over. */
export async function store(
  { secretId, entryForSecretKey }: LockboxEntry,
  text: string,
  context: Context,
): Promise<string> {
  const { lockbox, done } = context.cloud;
  try {
    // The text stands in no message: the request is not part of what an error tells.
    const operation = await lockbox.secrets.addVersion({
      secretId,
      payloadEntries: [{ key: entryForSecretKey, textValue: text }],
    });
    await done(operation, undefined, context);
    if (!operation.metadata) throw new Error("the cloud did not say which version it made");
    return AddVersionMetadata.decode(operation.metadata.value).versionId;
  } catch (error) {
    throw explain(error, { what: `Lockbox secret ${secretId}` });
  }
}

/** What the entry holds in that version. */
export async function take(
  { secretId, entryForSecretKey }: LockboxEntry,
  versionId: string,
  context: Context,
): Promise<string> {
  const payload = await context.cloud.lockbox.payloads.get({ secretId, versionId }, context).catch((error: unknown) => {
    throw explain(error, { what: `reading Lockbox secret ${secretId}` });
  });
  const text = payload.entries.find(({ key }) => key === entryForSecretKey)?.textValue;
  if (!text) throw new Error(`version ${versionId} of Lockbox secret ${secretId} has no entry ${entryForSecretKey}`);
  return text;
}

/** The version can be called back for a week, which is the cloud's default. Quiet if it is gone. */
export async function retire({ secretId }: LockboxEntry, versionId: string, context: Context): Promise<void> {
  const { lockbox, done } = context.cloud;
  await gone(() => done(lockbox.secrets.scheduleVersionDestruction({ secretId, versionId }), undefined, context));
}
