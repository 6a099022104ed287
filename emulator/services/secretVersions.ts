import type { handleUnaryCall } from "@grpc/grpc-js";
import {
  type AddVersionRequest,
  type PayloadEntryChange,
  type ScheduleVersionDestructionRequest,
  type SecretServiceServer,
  SecretServiceService,
} from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import type { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import { Version_Status } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import type { Call } from "../calls/calls";
import { typed } from "../calls/messages";
import type { Operations, Planned } from "../calls/operations";
import { page } from "../calls/paging";
import type { Methods } from "../calls/service";
import { id, invalid, maxLength, pattern, size } from "../calls/validation";
import type { Right } from "../catalogue/roles";
import { refuse } from "../status";
import type { State } from "../store/state";
import type { Entry, Lockbox, SecretRecord, VersionRecord } from "./lockbox";
import { generatePassword } from "./passwords";
import { secretResource, statusOf, versionMessage } from "./secretMessages";

const dayMs = 24 * 60 * 60 * 1000;
const defaultPendingMs = 7 * dayMs;
/** The longest wait before a destruction. No limit is documented; this one keeps the moment of it a valid date. */
const maxPendingMs = 366 * dayMs;

/** What a call about a secret plans, in the words of Lockbox. */
export const plannedSecret = <P>(
  secretId: string,
  description: string,
  metadata: string,
  details: object,
  payload: P,
): Planned<P> => ({
  idPrefix: "e6q",
  description,
  resourceId: secretId,
  metadata: typed(`yandex.cloud.lockbox.v1.${metadata}`, { secretId, ...details }),
  payload,
});

/** The secret that a call names, for a caller who holds the right. */
export function requireSecret(lockbox: Lockbox, secretId: string, call: Call, right: Right): SecretRecord {
  id("secretId", secretId);
  const secret = lockbox.requireSecret(secretId);
  call.access.require(call.caller.id, right, secretResource(secret));
  return secret;
}

export function newVersion(
  state: State,
  lockbox: Lockbox,
  { secretId, description, entries }: { secretId: string; description: string; entries: Entry[] },
): VersionRecord {
  const entryKeys = entries.map((entry) => entry.key);
  const [versionId, createdAt] = [state.newId("e6qv"), state.clock.now()];
  return { id: versionId, secretId, description, createdAt, entryKeys, sealed: lockbox.seal(entries) };
}

/** With the one call that the definitions for JavaScript lack; in it the messages have the same fields as in others. */
export interface SecretsServer extends SecretServiceServer {
  setCurrentVersion: handleUnaryCall<Pick<ScheduleVersionDestructionRequest, "secretId" | "versionId">, Operation>;
}

export const secretsDefinition = {
  ...SecretServiceService,
  setCurrentVersion: {
    ...SecretServiceService.scheduleVersionDestruction,
    path: "/yandex.cloud.lockbox.v1.SecretService/SetCurrentVersion",
  },
};

type VersionMethods = Pick<
  Methods<SecretsServer>,
  "listVersions" | "addVersion" | "setCurrentVersion" | "scheduleVersionDestruction" | "cancelVersionDestruction"
>;

/** The calls of SecretService about versions. Effects of operations hold what changes, so that versions added at the same time stay. */
export function secretVersions(state: State, operations: Operations, lockbox: Lockbox): VersionMethods {
  const shown = (version: VersionRecord) => typed("yandex.cloud.lockbox.v1.Version", versionMessage(state, version));
  const add = operations.effect<VersionRecord>("addSecretVersion", (version) => {
    const secret = lockbox.requireSecret(version.secretId);
    lockbox.versions.put(version.id, version);
    lockbox.secrets.put(secret.id, { ...secret, currentVersionId: version.id });
    return shown(version);
  });
  const setCurrent = operations.effect<{ secretId: string; versionId: string }>(
    "setCurrentSecretVersion",
    ({ secretId, versionId }) => {
      const secret = lockbox.requireSecret(secretId);
      const version = lockbox.requireVersion(secret, versionId);
      lockbox.secrets.put(secretId, { ...secret, currentVersionId: versionId });
      return shown(version);
    },
  );
  const schedule = operations.effect<{ secretId: string; versionId: string; destroyAt: number }>(
    "scheduleSecretVersionDestruction",
    ({ secretId, versionId, destroyAt }) => {
      const version = { ...lockbox.requireVersion(lockbox.requireSecret(secretId), versionId), destroyAt };
      lockbox.versions.put(versionId, version);
      return shown(version);
    },
  );
  const cancel = operations.effect<{ secretId: string; versionId: string }>(
    "cancelSecretVersionDestruction",
    ({ secretId, versionId }) => {
      const { destroyAt: _, ...version } = lockbox.requireVersion(lockbox.requireSecret(secretId), versionId);
      lockbox.versions.put(versionId, version);
      return shown(version);
    },
  );

  return {
    listVersions(request, call) {
      const secret = requireSecret(lockbox, request.secretId, call, "viewSecrets");
      const { items, nextPageToken } = page(lockbox.versionsOf(secret.id), request, (version) => version.id);
      return { versions: items.map((version) => versionMessage(state, version)), nextPageToken };
    },

    addVersion(request, call) {
      const secret = requireSecret(lockbox, request.secretId, call, "manageSecrets");
      maxLength("description", request.description, 1024);
      const entries = entriesAfter(state, lockbox, secret, request);
      const version = newVersion(state, lockbox, { secretId: secret.id, description: request.description, entries });
      const details = { versionId: version.id };
      return add(call, plannedSecret(secret.id, "Add version", "AddVersionMetadata", details, version));
    },

    setCurrentVersion(request, call) {
      const secret = requireSecret(lockbox, request.secretId, call, "manageSecrets");
      id("versionId", request.versionId);
      const version = lockbox.requireVersion(secret, request.versionId);
      if (statusOf(state, version) !== Version_Status.ACTIVE)
        refuse("FAILED_PRECONDITION", `Version ${version.id} is not active`);
      const details = { versionId: version.id };
      const payload = { secretId: secret.id, ...details };
      const [words, metadata] = ["Set current version", "SetCurrentVersionMetadata"];
      return setCurrent(call, plannedSecret(secret.id, words, metadata, details, payload));
    },

    scheduleVersionDestruction(request, call) {
      const secret = requireSecret(lockbox, request.secretId, call, "manageSecrets");
      const versionId = lockbox.requireVersion(secret, request.versionId).id;
      const destroyAt = call.now + pendingMs(request);
      const details = { versionId, destroyAt: new Date(destroyAt) };
      const payload = { secretId: secret.id, versionId, destroyAt };
      const [words, metadata] = ["Schedule version destruction", "ScheduleVersionDestructionMetadata"];
      return schedule(call, plannedSecret(secret.id, words, metadata, details, payload));
    },

    cancelVersionDestruction(request, call) {
      const secret = requireSecret(lockbox, request.secretId, call, "manageSecrets");
      const version = lockbox.requireVersion(secret, request.versionId);
      if (statusOf(state, version) !== Version_Status.SCHEDULED_FOR_DESTRUCTION)
        refuse("FAILED_PRECONDITION", "The version is not scheduled for destruction");
      const details = { versionId: version.id };
      const payload = { secretId: secret.id, versionId: version.id };
      const [words, metadata] = ["Cancel version destruction", "CancelVersionDestructionMetadata"];
      return cancel(call, plannedSecret(secret.id, words, metadata, details, payload));
    },
  };
}

/**
 * The entries of a version to be added: changes of the base version. Entries that the request does not name carry over, those
 * named without a value or with an empty text are removed (the Terraform provider removes entries so). A current version that is
 * not active has nothing to carry over. A secret with a password specification gets a new password instead.
 */
function entriesAfter(state: State, lockbox: Lockbox, secret: SecretRecord, request: AddVersionRequest): Entry[] {
  const changes = readEntries(request.payloadEntries);
  const specification = secret.passwordPayloadSpecification;
  if (specification) {
    if (changes.length > 0) invalid("payloadEntries", "The secret has a password specification");
    return [{ key: specification.passwordKey, textValue: generatePassword(specification) }];
  }
  const base = baseOf(state, lockbox, secret, request.baseVersionId);
  const kept = base.filter(({ key }) => !changes.some((change) => change.key === key));
  return [...kept, ...changes.filter(hasValue)];
}

function baseOf(state: State, lockbox: Lockbox, secret: SecretRecord, baseVersionId: string): Entry[] {
  if (baseVersionId === "" && secret.currentVersionId === undefined) return [];
  const version = lockbox.requireVersion(secret, baseVersionId);
  if (statusOf(state, version) === Version_Status.ACTIVE) return lockbox.open(version);
  if (baseVersionId !== "") refuse("FAILED_PRECONDITION", `Version ${version.id} is not active`);
  return [];
}

function pendingMs({ pendingPeriod }: ScheduleVersionDestructionRequest): number {
  if (!pendingPeriod) return defaultPendingMs;
  const ms = Number(pendingPeriod.seconds) * 1000 + Math.floor(pendingPeriod.nanos / 1_000_000);
  if (!(ms >= 0 && ms <= maxPendingMs)) invalid("pendingPeriod", "Field must be between 0 and 366 days");
  return ms;
}

export const hasValue = ({ textValue, binaryValue }: Entry): boolean => Boolean(textValue) || Boolean(binaryValue);

export function readEntries(changes: PayloadEntryChange[]): Entry[] {
  size("payloadEntries", changes.length, 0, 32);
  if (new Set(changes.map(({ key }) => key)).size < changes.length)
    invalid("payloadEntries.key", "Elements must be unique");
  return changes.map(readEntry);
}

function readEntry({ key, textValue, binaryValue }: PayloadEntryChange): Entry {
  pattern("payloadEntries.key", key, /^[-_./\\@0-9a-zA-Z]+$/);
  maxLength("payloadEntries.key", key, 256);
  if (binaryValue !== undefined) return { key, binaryValue: Buffer.from(binaryValue).toString("base64") };
  maxLength("payloadEntries.textValue", textValue ?? "", 65536);
  return { key, textValue };
}
