import { Secret_Status, Version_Status } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import { type PayloadServiceServer, PayloadServiceService } from "@yandex-cloud/nodejs-sdk/lockbox-v1/payload_service";
import type { Call } from "../calls/calls";
import type { Lockbox, SecretRecord, VersionRecord } from "./lockbox";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { id } from "../calls/validation";
import { secretResource, statusOf } from "./secretMessages";

/** yandex.cloud.lockbox.v1.PayloadService: the contents of secrets, for who may read them. */
export function payloads(state: State, lockbox: Lockbox) {
  function open(call: Call, secret: SecretRecord, versionId: string): VersionRecord {
    call.access.require(call.caller.id, "readPayload", secretResource(secret));
    if (secret.status !== Secret_Status.ACTIVE) refuse("FAILED_PRECONDITION", `Secret ${secret.id} is not active`);
    const version = lockbox.requireVersion(secret, versionId);
    if (statusOf(state, version) !== Version_Status.ACTIVE)
      refuse("FAILED_PRECONDITION", `Version ${version.id} is not active`);
    return version;
  }

  function findByName(folderId: string, name: string): SecretRecord {
    const found = [...lockbox.secrets.values()].find((secret) => secret.folderId === folderId && secret.name === name);
    return found ?? refuse("NOT_FOUND", `Secret ${name} not found`);
  }

  return service<PayloadServiceServer>(PayloadServiceService, {
    get(request, call) {
      id("secretId", request.secretId);
      const version = open(call, lockbox.requireSecret(request.secretId), request.versionId);
      const entries = lockbox.open(version).map(({ key, textValue, binaryValue }) => ({
        key,
        textValue,
        binaryValue: binaryValue === undefined ? undefined : Buffer.from(binaryValue, "base64"),
      }));
      return { versionId: version.id, entries };
    },

    getEx(request, call) {
      const secret = request.folderAndName
        ? findByName(request.folderAndName.folderId, request.folderAndName.secretName)
        : lockbox.requireSecret(request.secretId ?? "");
      const version = open(call, secret, request.versionId);
      const entries = lockbox
        .open(version)
        .map(({ key, textValue, binaryValue }) => [
          key,
          Buffer.from(textValue ?? binaryValue ?? "", textValue === undefined ? "base64" : "utf8"),
        ]);
      return {
        secretId: secret.id,
        versionId: version.id,
        entries: Object.fromEntries(entries) as Record<string, Buffer>,
      };
    },
  });
}
