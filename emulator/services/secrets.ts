import { Secret_Status } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import type { CreateSecretRequest } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import { folderResource } from "../calls/access";
import type { Call } from "../calls/calls";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import { service } from "../calls/service";
import { id, invalid, labels, maskedFields, maxLength } from "../calls/validation";
import type { Right } from "../catalogue/roles";
import { refuse } from "../status";
import type { State } from "../store/state";
import type { AccessBindings } from "./accessBindings";
import type { Entry, Lockbox, SecretRecord, VersionRecord } from "./lockbox";
import { checkPassword, generatePassword } from "./passwords";
import { secretMessage, secretResource } from "./secretMessages";
import * as versions from "./secretVersions";

const changeable = ["name", "description", "labels", "deletionProtection", "passwordPayloadSpecification"] as const;

/** yandex.cloud.lockbox.v1.SecretService. A KMS key is noted but asks for no rights. */
export function secrets(state: State, operations: Operations, bindings: AccessBindings, lockbox: Lockbox) {
  const shown = (secret: SecretRecord) =>
    typed("yandex.cloud.lockbox.v1.Secret", secretMessage(state, lockbox, secret));

  const create = operations.effect<{ secret: SecretRecord; version?: VersionRecord }>(
    "createSecret",
    ({ secret, version }) => {
      lockbox.secrets.put(secret.id, secret);
      if (version) lockbox.versions.put(version.id, version);
      return shown(secret);
    },
  );
  const change = operations.effect<Partial<SecretRecord> & { id: string; generatesNoPassword?: boolean }>(
    "changeSecret",
    ({ generatesNoPassword, ...changes }) => {
      const { passwordPayloadSpecification, ...secret } = lockbox.requireSecret(changes.id);
      const changed = { ...secret, ...(!generatesNoPassword && { passwordPayloadSpecification }), ...changes };
      lockbox.secrets.put(changed.id, changed);
      return shown(changed);
    },
  );
  const remove = operations.effect<{ id: string }>("deleteSecret", (removed) => {
    const secret = lockbox.requireSecret(removed.id);
    for (const version of lockbox.versionsOf(secret.id)) lockbox.versions.remove(version.id);
    for (const binding of [...state.index.bindingsOn(secret.id)]) state.bindings.remove(binding);
    lockbox.secrets.remove(secret.id);
    return shown(secret);
  });

  const requireSecret = (secretId: string, call: Call, right: Right) =>
    versions.requireSecret(lockbox, secretId, call, right);
  function setStatus(secretId: string, call: Call, verb: "Activate" | "Deactivate", status: Secret_Status) {
    const secret = requireSecret(secretId, call, "manageSecrets");
    const payload = { id: secret.id, status };
    return change(call, versions.plannedSecret(secret.id, `${verb} secret`, `${verb}SecretMetadata`, {}, payload));
  }

  return service<versions.SecretsServer>(versions.secretsDefinition, {
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
      const entries = firstEntries(request);

      const secretId = state.newId("e6qs");
      const description = request.versionDescription;
      const version = entries && versions.newVersion(state, lockbox, { secretId, description, entries });
      const secret: SecretRecord = {
        id: secretId,
        folderId: folder.id,
        ...fieldsOf(request),
        kmsKeyId: request.kmsKeyId,
        status: Secret_Status.ACTIVE,
        createdAt: call.now,
        currentVersionId: version?.id,
      };
      const [metadata, payload] = [{ versionId: version?.id ?? "" }, { secret, version }];
      return create(call, versions.plannedSecret(secretId, "Create secret", "CreateSecretMetadata", metadata, payload));
    },

    update(request, call) {
      const secret = requireSecret(request.secretId, call, "manageSecrets");
      checkFields(request);
      // Other services change all fields where there is no mask; the definition of this call demands one.
      if (!request.updateMask?.paths.length) invalid("updateMask", "Field is required");
      const fields = maskedFields(request.updateMask, changeable);
      const wanted = fieldsOf(request);
      const changes = Object.fromEntries(fields.map((field) => [field, wanted[field]]));
      const generatesNoPassword =
        fields.includes("passwordPayloadSpecification") && wanted.passwordPayloadSpecification === undefined;
      const payload = { id: secret.id, ...changes, generatesNoPassword };
      return change(call, versions.plannedSecret(secret.id, "Update secret", "UpdateSecretMetadata", {}, payload));
    },

    delete(request, call) {
      const secret = requireSecret(request.secretId, call, "manageSecrets");
      if (secret.deletionProtection) refuse("FAILED_PRECONDITION", `Secret ${secret.id} is protected from deletion`);
      const payload = { id: secret.id };
      return remove(call, versions.plannedSecret(secret.id, "Delete secret", "DeleteSecretMetadata", {}, payload));
    },

    activate: (request, call) => setStatus(request.secretId, call, "Activate", Secret_Status.ACTIVE),
    deactivate: (request, call) => setStatus(request.secretId, call, "Deactivate", Secret_Status.INACTIVE),

    ...versions.secretVersions(state, operations, lockbox),

    listOperations: (request, call) =>
      operations.list(requireSecret(request.secretId, call, "viewSecrets").id, request),

    ...bindings.methods({
      kind: "lockbox.secret",
      idPrefix: "e6q",
      right: "setSecretBindings",
      viewRight: "viewSecrets",
      answer: "empty",
      find: (secretId) => secretResource(lockbox.requireSecret(secretId)),
    }),
  });
}

type Fields = Pick<SecretRecord, (typeof changeable)[number]>;

const fieldsOf = (request: Fields): Fields => ({
  name: request.name,
  description: request.description,
  labels: request.labels,
  deletionProtection: request.deletionProtection,
  passwordPayloadSpecification: request.passwordPayloadSpecification,
});

function checkFields(request: Fields): void {
  maxLength("name", request.name, 100);
  maxLength("description", request.description, 1024);
  labels(request.labels);
  checkPassword(request.passwordPayloadSpecification);
}

/** The entries of the first version, or undefined where none is created. By default there is one if there is something to put in. */
function firstEntries(request: CreateSecretRequest): Entry[] | undefined {
  const entries = versions.readEntries(request.versionPayloadEntries);
  const { passwordPayloadSpecification: specification, createVersion } = request;
  if (specification && entries.length > 0)
    invalid("versionPayloadEntries", "cannot be set together with passwordPayloadSpecification");
  if (createVersion === false) return undefined;
  if (specification) return [{ key: specification.passwordKey, textValue: generatePassword(specification) }];
  if (entries.length > 0) return entries.filter(versions.hasValue);
  if (createVersion) invalid("createVersion", "needs versionPayloadEntries or passwordPayloadSpecification");
  return undefined;
}
