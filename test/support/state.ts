import { createDecipheriv, createHash, pbkdf2 } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { dataKey, inSettings, inState } from "./vault";

export interface StateResource {
  urn: string;
  type: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
}

interface Deployment {
  secrets_providers: { state: { salt?: string } };
  resources?: StateResource[];
}

/** Of the stacks whose secrets a passphrase protects, as those of most users. */
export const PASSPHRASE = "a passphrase for tests";

/** The `encryptionsalt` that `pulumi stack init` wrote for the passphrase once. */
const SALT = "v1:tfcJOJHvwyM=:v1:n6S7zNZiD1n4kciG:dXkxr3zDvv+rCICE86Ow98pZPlgbLA==";

/** By what the secrets of a stack can be protected: what its settings and its state say of that. */
export const protections = {
  vault: { settings: inSettings, state: inState },
  passphrase: { settings: { encryptionSalt: SALT }, state: { type: "passphrase", state: { salt: SALT } } },
};

/** As `pulumi stack init` leaves it. The magic is the hash of the version, which the engine verifies. */
const VERSION = "v3.0.0";
const EMPTY = {
  manifest: {
    time: "2026-01-01T00:00:00Z",
    magic: createHash("sha256").update(VERSION).digest("hex"),
    version: VERSION,
  },
  metadata: {},
};

/**
 * The state of a stack, which is a file in its folder. The tests create it and read it there: the CLI does the same, but
 * starts a process each time, and an `up` of the automation API alone starts three of them.
 */
export interface State {
  /** Leaves a stack without resources, as `pulumi stack init` does. */
  create(): Promise<void>;
  /** A secret stands there encrypted, under the engine's signature. */
  resources(): Promise<StateResource[]>;
  /** What `pulumi stack output --show-secrets` prints, with the note whether it would hide the value otherwise. */
  outputs(): Promise<OutputMap>;
}

export function openState(
  folder: string,
  project: string,
  stack: string,
  protection: keyof typeof protections = "vault",
): State {
  const file = join(folder, ".pulumi", "stacks", project, `${stack}.json`);
  const read = async (): Promise<Deployment> => JSON.parse(await readFile(file, "utf8")).checkpoint.latest;
  return {
    async create() {
      await mkdir(dirname(file), { recursive: true });
      const latest = { ...EMPTY, secrets_providers: protections[protection].state };
      const checkpoint = { stack: `organization/${project}/${stack}`, latest };
      await writeFile(file, JSON.stringify({ version: 3, checkpoint }), { flag: "wx" });
    },
    resources: async () => (await read()).resources ?? [],
    async outputs() {
      const { resources = [], secrets_providers } = await read();
      const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
      const key = hasSecret(outputs) ? await keyOf(secrets_providers.state.salt) : undefined;
      const entries = Object.entries(outputs);
      return Object.fromEntries(
        entries.map(([name, value]) => [name, { value: revealed(value, key), secret: isSecret(value) }]),
      );
    },
  };
}

// The forms of the engine's passphrase secrets: `v1:<salt>:<a check>` and `v1:<nonce>:<text and tag>`, in base64.
function keyOf(salt: string | undefined): Promise<Buffer> | Buffer {
  if (salt === undefined) return dataKey;
  const bytes = Buffer.from(salt.split(":")[1] ?? "", "base64");
  const key = keys.get(salt) ?? promisify(pbkdf2)(PASSPHRASE, bytes, 1_000_000, 32, "sha256");
  keys.set(salt, key);
  return key;
}

/** By salt, because a million rounds take a quarter of a second. */
const keys = new Map<string, Promise<Buffer>>();

function decrypt(ciphertext: string, key: Buffer): string {
  const [, nonce = Buffer.of(), sealed = Buffer.of()] = ciphertext
    .split(":")
    .map((part) => Buffer.from(part, "base64"));
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString("utf8");
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isSecret = (value: unknown): boolean => isObject(value) && value[SIGNATURE] === SECRET;
const hasSecret = (value: unknown): boolean =>
  isSecret(value) || (isObject(value) && Object.values(value).some(hasSecret));

/** The value with each secret in clear; the key is there if the value has any. */
function revealed(value: unknown, key: Buffer | undefined): unknown {
  if (!isObject(value)) return value;
  if (isSecret(value) && key) return JSON.parse(decrypt(String(value["ciphertext"]), key));
  if (Array.isArray(value)) return value.map((item) => revealed(item, key));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revealed(item, key)]));
}
