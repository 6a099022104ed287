import { type Secret, type Version, Version_Status } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import type { Resource } from "../calls/access";
import type { State } from "../store/state";
import type { Lockbox, SecretRecord, VersionRecord } from "./lockbox";

/** Secrets and versions of Lockbox as the API shows them. */

export const secretResource = (secret: SecretRecord): Resource => ({
  type: "lockbox.secret",
  id: secret.id,
  folderId: secret.folderId,
});

export function statusOf(state: State, version: VersionRecord): Version_Status {
  if (version.destroyAt === undefined) return Version_Status.ACTIVE;
  return version.destroyAt <= state.clock.now() ? Version_Status.DESTROYED : Version_Status.SCHEDULED_FOR_DESTRUCTION;
}

export function secretMessage(state: State, lockbox: Lockbox, secret: SecretRecord): Secret {
  const { createdAt, currentVersionId, ...fields } = secret;
  const current = currentVersionId === undefined ? undefined : lockbox.versions.get(currentVersionId);
  return { ...fields, createdAt: new Date(createdAt), currentVersion: current && versionMessage(state, current) };
}

export const versionMessage = (state: State, version: VersionRecord): Version => ({
  id: version.id,
  secretId: version.secretId,
  createdAt: new Date(version.createdAt),
  destroyAt: version.destroyAt === undefined ? undefined : new Date(version.destroyAt),
  description: version.description,
  status: statusOf(state, version),
  payloadEntryKeys: version.entryKeys,
});
