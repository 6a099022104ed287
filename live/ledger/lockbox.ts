import type { Assumption } from "../ledger";

export const lockboxAssumptions: readonly Assumption[] = [
  {
    id: "lockbox-carry-over",
    sentence: "A new version of a secret carries over the entries of the version that it is based on.",
    ground: "inferred",
    source: "lockbox/v1/secret_service.proto, base_version_id",
    dependsOn: "a key that is put into a secret leaves its other entries alone",
    settledBy: "secrets",
  },
  {
    id: "lockbox-current",
    sentence: "A payload that is read without a version is that of the newest version.",
    ground: "defined",
    source: "lockbox/v1/payload_service.proto",
    dependsOn: "an application that reads the secret gets the new key after a rotation",
    settledBy: "secrets",
  },
  {
    id: "lockbox-destroy-current",
    sentence: "The current version of a secret can be scheduled for destruction.",
    ground: "client",
    source: "acceptance tests of the official Terraform provider",
    dependsOn: "a key that is no longer delivered to Lockbox takes its version along",
    settledBy: "secrets",
  },
  {
    id: "lockbox-kms",
    sentence: "A reader of a secret with a KMS key of its own needs a KMS role as well.",
    ground: "assumed",
    source: "commonly kms.keys.encrypterDecrypter; not verified",
    dependsOn: "the local cloud has no KMS: a secret with a KMS key is read without that role",
    settledBy: { notTried: "needs a KMS key, which is billed" },
  },
];
