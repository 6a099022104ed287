import { type Secret, Secret_Status, type Version, Version_Status } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import {
  type PayloadEntryChange,
  type SecretServiceServer,
  SecretServiceService,
} from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import { folderResource, type Resource } from "../calls/access";
import type { Call } from "../calls/calls";
import type { Entry, Lockbox, SecretRecord, VersionRecord } from "./lockbox";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import type { Right } from "../catalogue/roles";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { id, labels, maskedFields, maxLength, pattern } from "../calls/validation";
import type { AccessBindings } from "./accessBindings";

const dayMs = 24 * 60 * 60 * 1000;
const defaultPendingMs = 7 * dayMs;

/** yandex.cloud.lockbox.v1.SecretService. Generated passwords are not emulated, and a KMS key is noted but asks for no rights. */
export function secrets(state: State, operations: Operations, bindings: AccessBindings, lockbox: Lockbox) {
  const secretAfter = (secret: SecretRecord) =>
    typed("yandex.cloud.lockbox.v1.Secret", secretMessage(state, lockbox, secret));
  const versionAfter = (version: VersionRecord) =>
    typed("yandex.cloud.lockbox.v1.Version", versionMessage(state, version));

  const put = operations.effect<SecretRecord>("putSecret", (secret) => {
    lockbox.secrets.put(secret.id, secret);
    return secretAfter(secret);
  });
  const create = operations.effect<{ secret: SecretRecord; version?: VersionRecord }>(
    "createSecret",
    ({ secret, version }) => {
      lockbox.secrets.put(secret.id, secret);
      if (version) lockbox.versions.put(version.id, version);
      return secretAfter(secret);
    },
  );
  const remove = operations.effect<{ id: string }>("deleteSecret", (gone) => {
    const secret = lockbox.requireSecret(gone.id);
    for (const version of lockbox.versionsOf(secret.id)) lockbox.versions.remove(version.id);
    for (const binding of [...state.index.bindingsOn(secret.id)]) state.bindings.remove(binding);
    lockbox.secrets.remove(secret.id);
    return secretAfter(secret);
  });
  const addVersion = operations.effect<VersionRecord>("addSecretVersion", (version) => {
    const secret = lockbox.requireSecret(version.secretId);
    lockbox.versions.put(version.id, version);
    lockbox.secrets.put(secret.id, { ...secret, currentVersionId: version.id });
    return versionAfter(version);
  });
  const putVersion = operations.effect<VersionRecord>("putSecretVersion", (version) => {
    lockbox.versions.put(version.id, version);
    return versionAfter(version);
  });

  function requireSecret(secretId: string, call: Call, right: Right): SecretRecord {
    id("secretId", secretId);
    const secret = lockbox.requireSecret(secretId);
    call.access.require(call.caller.id, right, secretResource(secret));
    return secret;
  }

  const planned = <P>(secretId: string, description: string, metadata: string, details: object, payload: P) => ({
    idPrefix: "e6q",
    description,
    resourceId: secretId,
    metadata: typed(`yandex.cloud.lockbox.v1.${metadata}`, { secretId, ...details }),
    payload,
  });

  function newVersion(call: Call, secretId: string, description: string, entries: Entry[]): VersionRecord {
    const entryKeys = entries.map((entry) => entry.key);
    return {
      id: state.newId("e6qv"),
      secretId,
      description,
      createdAt: call.now,
      entryKeys,
      sealed: lockbox.seal(entries),
    };
  }

  return service<SecretServiceServer>(SecretServiceService, {
    get: (request, call) => secretMessage(state, lockbox, requireSecret(request.secretId, call, "viewSecrets")),

    list(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "viewSecrets", folderResource(folder.id));
      const own = [...lockbox.secrets.values()].filter((secret) => secret.folderId === folder.id);
      const { items, nextPageToken } = page(own, request, (secret) => secret.id);
      return { secrets: items.map((secret) => secretMessage(state, lockbox, secret)), nextPageToken };
    },

    create(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "manageSecrets", folderResource(folder.id));
      checkFields(request);
      if (request.passwordPayloadSpecification) refuse("UNIMPLEMENTED", "Generated passwords are not emulated");
      const entries = request.versionPayloadEntries.map(readEntry);
      const { name, description, labels: tags, kmsKeyId, deletionProtection } = request;
      const secretId = state.newId("e6qs");
      const withVersion = request.createVersion ?? entries.length > 0;
      const version = withVersion ? newVersion(call, secretId, request.versionDescription, entries) : undefined;
      const secret: SecretRecord = {
        ...{ id: secretId, folderId: folder.id, name, description, labels: tags, kmsKeyId, deletionProtection },
        ...{ status: Secret_Status.ACTIVE, createdAt: call.now, currentVersionId: version?.id },
      };
      const metadata = { versionId: version?.id ?? "" };
      return create(call, planned(secretId, "Create secret", "CreateSecretMetadata", metadata, { secret, version }));
    },

    update(request, call) {
      const secret = requireSecret(request.secretId, call, "manageSecrets");
      checkFields(request);
      const fields = maskedFields(request.updateMask, ["name", "description", "labels", "deletionProtection"] as const);
      const changes = Object.fromEntries(fields.map((field) => [field, request[field]]));
      return put(call, planned(secret.id, "Update secret", "UpdateSecretMetadata", {}, { ...secret, ...changes }));
    },

    delete(request, call) {
      const secret = requireSecret(request.secretId, call, "manageSecrets");
      if (secret.deletionProtection) refuse("FAILED_PRECONDITION", `Secret ${secret.id} is protected from deletion`);
      return remove(call, planned(secret.id, "Delete secret", "DeleteSecretMetadata", {}, { id: secret.id }));
    },

    activate(request, call) {
      const secret = requireSecret(request.secretId, call, "manageSecrets");
      const active = { ...secret, status: Secret_Status.ACTIVE };
      return put(call, planned(secret.id, "Activate secret", "ActivateSecretMetadata", {}, active));
    },

    deactivate(request, call) {
      const secret = requireSecret(request.secretId, call, "manageSecrets");
      const inactive = { ...secret, status: Secret_Status.INACTIVE };
      return put(call, planned(secret.id, "Deactivate secret", "DeactivateSecretMetadata", {}, inactive));
    },

    listVersions(request, call) {
      const secret = requireSecret(request.secretId, call, "viewSecrets");
      const { items, nextPageToken } = page(lockbox.versionsOf(secret.id), request, (version) => version.id);
      return { versions: items.map((version) => versionMessage(state, version)), nextPageToken };
    },

    addVersion(request, call) {
      const secret = requireSecret(request.secretId, call, "manageSecrets");
      maxLength("description", request.description, 1024);
      const changed = request.payloadEntries.map(readEntry);
      // Entries are changes of the base version: what is not named carries over, what has no value is taken out.
      const isThere = ({ key }: Entry) =>
        request.payloadEntries.some(
          (change) => change.key === key && (change.textValue ?? change.binaryValue) !== undefined,
        );
      const base =
        request.baseVersionId || secret.currentVersionId
          ? lockbox.requireVersion(secret, request.baseVersionId)
          : undefined;
      const kept = base ? lockbox.open(base).filter((entry) => !changed.some(({ key }) => key === entry.key)) : [];
      const version = newVersion(call, secret.id, request.description, [...kept, ...changed.filter(isThere)]);
      return addVersion(
        call,
        planned(secret.id, "Add version", "AddVersionMetadata", { versionId: version.id }, version),
      );
    },

    scheduleVersionDestruction(request, call) {
      const secret = requireSecret(request.secretId, call, "manageSecrets");
      const version = lockbox.requireVersion(secret, request.versionId);
      if (version.id === secret.currentVersionId)
        refuse("FAILED_PRECONDITION", "The current version cannot be destroyed");
      const pendingMs = request.pendingPeriod ? Number(request.pendingPeriod.seconds) * 1000 : defaultPendingMs;
      const doomed = { ...version, destroyAt: call.now + pendingMs };
      const details = { versionId: version.id, destroyAt: new Date(doomed.destroyAt) };
      return putVersion(
        call,
        planned(secret.id, "Schedule version destruction", "ScheduleVersionDestructionMetadata", details, doomed),
      );
    },

    cancelVersionDestruction(request, call) {
      const secret = requireSecret(request.secretId, call, "manageSecrets");
      const { destroyAt, ...version } = lockbox.requireVersion(secret, request.versionId);
      if (destroyAt === undefined || destroyAt <= call.now)
        refuse("FAILED_PRECONDITION", "The version is not scheduled for destruction");
      const details = { versionId: version.id };
      return putVersion(
        call,
        planned(secret.id, "Cancel version destruction", "CancelVersionDestructionMetadata", details, version),
      );
    },

    listOperations: (request, call) =>
      operations.list(requireSecret(request.secretId, call, "viewSecrets").id, request),

    ...bindings.methods({
      kind: "lockbox.secret",
      idPrefix: "e6q",
      right: "setSecretBindings",
      viewRight: "viewSecrets",
      find: (secretId) => secretResource(lockbox.requireSecret(secretId)),
    }),
  });
}

export const secretResource = (secret: SecretRecord): Resource => ({
  type: "lockbox.secret",
  id: secret.id,
  folderId: secret.folderId,
});

function checkFields(request: { name: string; description: string; labels: Record<string, string> }): void {
  maxLength("name", request.name, 100);
  maxLength("description", request.description, 1024);
  labels(request.labels);
}

function readEntry(change: PayloadEntryChange): Entry {
  pattern("payloadEntries.key", change.key, /^[-_./\\@0-9a-zA-Z]+$/);
  maxLength("payloadEntries.key", change.key, 256);
  if (change.binaryValue !== undefined)
    return { key: change.key, binaryValue: Buffer.from(change.binaryValue).toString("base64") };
  maxLength("payloadEntries.textValue", change.textValue ?? "", 65536);
  return { key: change.key, textValue: change.textValue ?? "" };
}

export function statusOf(state: State, version: VersionRecord): Version_Status {
  if (version.destroyAt === undefined) return Version_Status.ACTIVE;
  return version.destroyAt <= state.clock.now() ? Version_Status.DESTROYED : Version_Status.SCHEDULED_FOR_DESTRUCTION;
}

function secretMessage(state: State, lockbox: Lockbox, secret: SecretRecord): Secret {
  const { createdAt, currentVersionId, ...fields } = secret;
  const current = currentVersionId === undefined ? undefined : lockbox.versions.get(currentVersionId);
  return { ...fields, createdAt: new Date(createdAt), currentVersion: current && versionMessage(state, current) };
}

const versionMessage = (state: State, version: VersionRecord): Version => ({
  id: version.id,
  secretId: version.secretId,
  createdAt: new Date(version.createdAt),
  destroyAt: version.destroyAt === undefined ? undefined : new Date(version.destroyAt),
  description: version.description,
  status: statusOf(state, version),
  payloadEntryKeys: version.entryKeys,
});
