import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { PasswordPayloadSpecification } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import { replaceFile } from "../store/files";
import type { State } from "../store/state";
import { refuse } from "../status";
import type { Table } from "../store/tables";

/** Secrets of Lockbox and their versions. Statuses are the numbers of the API's enums. */
export interface SecretRecord {
  id: string;
  folderId: string;
  name: string;
  description: string;
  labels: Record<string, string>;
  kmsKeyId: string;
  /** 2 ACTIVE, 3 INACTIVE. */
  status: number;
  deletionProtection: boolean;
  /** How new versions of it are generated. */
  passwordPayloadSpecification?: PasswordPayloadSpecification;
  currentVersionId?: string;
  createdAt: number;
}

export interface VersionRecord {
  id: string;
  secretId: string;
  description: string;
  createdAt: number;
  /** Set when destruction is scheduled; from then on it is destroyed. */
  destroyAt?: number;
  entryKeys: string[];
  /** The entries, encrypted. */
  sealed: string;
}

export type Entry = { key: string; textValue?: string; binaryValue?: string };

export interface Lockbox {
  secrets: Table<SecretRecord>;
  versions: Table<VersionRecord>;
  requireSecret(id: string): SecretRecord;
  /** A version of a secret; without an id the current one. */
  requireVersion(secret: SecretRecord, id: string): VersionRecord;
  versionsOf(secretId: string): VersionRecord[];
  seal(entries: Entry[]): string;
  open(version: VersionRecord): Entry[];
}

export function openLockbox(state: State, keyFile: string | undefined): Lockbox {
  const secrets = state.tables.table<SecretRecord>("secrets");
  const versions = state.tables.table<VersionRecord>("secretVersions");
  const vault = openVault(keyFile, versions.size > 0);
  return {
    secrets,
    versions,
    requireSecret: (id) => secrets.get(id) ?? refuse("NOT_FOUND", `Secret ${id} not found`),
    requireVersion(secret, id) {
      const wanted = id || secret.currentVersionId;
      if (wanted === undefined) refuse("NOT_FOUND", `Secret ${secret.id} has no version`);
      const version = versions.get(wanted);
      if (version?.secretId !== secret.id) refuse("NOT_FOUND", `Version ${wanted} of secret ${secret.id} not found`);
      return version;
    },
    versionsOf: (secretId) => [...versions.values()].filter((version) => version.secretId === secretId),
    seal: (entries) => vault.seal(JSON.stringify(entries)),
    open: (version) => JSON.parse(vault.open(version.sealed)) as Entry[],
  };
}

interface Vault {
  seal(text: string): string;
  open(sealed: string): string;
}

/**
 * Unlike the secrets of keys, those of Lockbox must be shown again, so a hash will not do: they are encrypted (AES-256-GCM) by a key
 * in a file of its own, and neither the state file nor a dump shows them.
 */
function openVault(keyFile: string | undefined, hasSecrets: boolean): Vault {
  let key = keyFile !== undefined && (hasSecrets || existsSync(keyFile)) ? readKey(keyFile) : undefined;
  const theKey = () => (key ??= makeKey(keyFile));
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", theKey(), nonce);
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, "base64");
      const decipher = createDecipheriv("aes-256-gcm", theKey(), bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
      } catch {
        return refuse("INTERNAL", `${keyFile} is not the key by which this secret was encrypted: put that one back.`);
      }
    },
  };
}

const keyBytes = 32;

function makeKey(file: string | undefined): Buffer {
  const key = randomBytes(keyBytes);
  if (file !== undefined) replaceFile(file, key.toString("base64"));
  return key;
}

/** At the start, so that a key that is lost is noticed before it is missed. */
function readKey(file: string): Buffer {
  const key = existsSync(file) ? Buffer.from(readFileSync(file, "utf8"), "base64") : undefined;
  if (key?.length === keyBytes) return key;
  throw new Error(
    `${file} ${key ? "is damaged" : "is missing"}, and the secrets of Lockbox cannot be read without it. Put it back, or remove the state beside it to start afresh.`,
  );
}
