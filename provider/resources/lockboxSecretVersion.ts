import { Version_Status } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import type { Version } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import { describeError, rethrow, isAmbiguous, undefinedIfNotFound } from "../cloud/errors";
import type { Context, Resource } from "../contract/resource";
import { SECRET_ID, unknownSecret, versionsOf } from "../lookups/secrets";
import { ledgerOf } from "../ownership/ledger";
import { isMarked, marked, MARK_LENGTH, unmarked } from "../ownership/marker";
import { list, output, text, time } from "../properties";
import { formatTimestamp } from "../properties/timestamps";
import { changeSecret } from "./iamServiceAccountApiKey/lockbox";

/** Values of a secret of Lockbox. A version never changes: other values are another version, which then is the current one. */
export interface VersionInputs {
  secretId: string;
  description?: string;
  entries: { key: string; textValue: string }[];
}

export interface VersionState extends VersionInputs {
  createdAt?: string;
  status?: string;
}

const ENTRY = { expression: /[-_./\\@0-9a-zA-Z]+/, means: "have only letters, digits and - _ . / \\ @" };

export const lockboxSecretVersion: Resource<VersionInputs, VersionState> = {
  token: "yandex:index/lockboxSecretVersion:LockboxSecretVersion",
  description:
    "A version of a Lockbox secret, which becomes the current one. Entries of the version before that are not named are carried over. A change adds a new version and then schedules the old one for destruction, which the cloud can cancel for a week.",

  properties: {
    secretId: text("Secret to which the version is added.", {
      required: true,
      onChange: "replace",
      pattern: SECRET_ID,
    }),
    description: text(`Shown in the management console. At most ${1024 - MARK_LENGTH} characters.`, {
      max: 1024 - MARK_LENGTH,
      onChange: "replace",
    }),
    entries: list(
      "LockboxSecretVersionEntry",
      {
        key: text("Name of the entry.", { required: true, max: 256, pattern: ENTRY }),
        textValue: text("Value of the entry, at most 64 KiB.", { required: true, max: 65536, lines: true }),
      },
      "The values, at most 32. A secret.",
      { required: true, secret: true, max: 32, onChange: "replace" },
    ),
    createdAt: output(time("When the cloud created the version.")),
    status: output(text("`ACTIVE`, `SCHEDULED_FOR_DESTRUCTION` or `DESTROYED`.")),
  },

  check({ entries }) {
    const keys = entries?.map(({ key }) => key) ?? [];
    return new Set(keys).size === keys.length
      ? []
      : [{ property: "entries", reason: "have two of one name; give each its own" }];
  },

  observe({ id }, run) {
    if (id) ledgerOf(run).holdVersion(id);
  },

  previewCheck: ({ secretId }, context) => unknownSecret(secretId, context),

  async create(inputs, context) {
    const what = about(inputs);
    const begun = await unfinished(inputs, context).catch(() => undefined);
    if (begun) return { id: begun.id, state: { ...inputs, ...added(begun) } };
    try {
      const id = await changeSecret(
        inputs.secretId,
        { description: marked(inputs.description, context), payloadEntries: inputs.entries },
        context,
      );
      ledgerOf(context).holdVersion(id);
      const version = await find(inputs.secretId, id, context).catch(() => undefined);
      return { id, state: { ...inputs, ...(version ? added(version) : { status: "ACTIVE" }) } };
    } catch (error) {
      const late = isAmbiguous(error) ? await unfinished(inputs, context).catch(() => undefined) : undefined;
      if (late) return { id: late.id, state: { ...inputs, ...added(late) } };
      // No message has the values: an error does not quote the request.
      throw describeError(error, what);
    }
  },

  async read(id, old, context) {
    const [secretId, versionId] = old ? [old.secretId, id] : partsOf(id);
    const version = await undefinedIfNotFound(() => find(secretId, versionId, context)).catch(
      rethrow({ what: `reading version ${versionId} of Lockbox secret ${secretId}` }),
    );
    if (!version || version.status === Version_Status.DESTROYED) return undefined;
    const description = unmarked(version.description);
    if (old) return { id, state: { ...old, description, ...added(version) } };
    const entries = await entriesOf(secretId, versionId, context).catch(
      rethrow({ what: `reading version ${versionId} of Lockbox secret ${secretId}` }),
    );
    return { id: versionId, state: { secretId, description, entries, ...added(version) } };
  },

  async delete(id, old, context) {
    const { lockbox, done } = context.cloud;
    const { secretId } = old;
    const version = await undefinedIfNotFound(() => find(secretId, id, context)).catch(() => undefined);
    if (version && version.status !== Version_Status.ACTIVE) return;
    const destruction = () =>
      done(lockbox.secrets.scheduleVersionDestruction({ secretId, versionId: id }, context), undefined, context);
    await undefinedIfNotFound(destruction).catch(rethrow(about(old)));
  },
};

const about = ({ secretId }: VersionInputs) => ({ what: `a version of Lockbox secret ${secretId}` });

function partsOf(id: string): [secretId: string, versionId: string] {
  const [secretId, versionId, ...rest] = id.split("/");
  if (!secretId || !versionId || rest.length > 0)
    throw new Error(`${id} is not the ID of a version; write it as <secret ID>/<version ID>, such as e6q…/e6q…`);
  return [secretId, versionId];
}

async function find(secretId: string, versionId: string, context: Context): Promise<Version | undefined> {
  const versions = await versionsOf(secretId, context);
  return versions.find(({ id }) => id === versionId);
}

async function entriesOf(secretId: string, versionId: string, context: Context): Promise<VersionInputs["entries"]> {
  const { entries } = await context.cloud.lockbox.payloads.get({ secretId, versionId }, context);
  return entries.map(({ key, textValue }) => {
    if (textValue === undefined) throw new Error(`entry ${key} is binary, which this resource cannot hold`);
    return { key, textValue };
  });
}

/**
 * The current version, if an earlier run of this very resource made it, no state of this run has it, and it holds the
 * same values. A deployer who may write versions and not read them gets a second one of the same values.
 */
async function unfinished(inputs: VersionInputs, context: Context): Promise<Version | undefined> {
  const secret = await context.cloud.lockbox.secrets.get({ secretId: inputs.secretId }, context);
  const version = secret.currentVersion;
  if (!version || !isMarked(version.description, context) || ledgerOf(context).isHeldVersion(version.id))
    return undefined;
  const held = await entriesOf(inputs.secretId, version.id, context);
  const isThere = ({ key, textValue }: VersionInputs["entries"][number]) =>
    held.some((entry) => entry.key === key && entry.textValue === textValue);
  return inputs.entries.every(isThere) ? version : undefined;
}

const STATUSES: Partial<Record<Version_Status, string>> = {
  [Version_Status.ACTIVE]: "ACTIVE",
  [Version_Status.SCHEDULED_FOR_DESTRUCTION]: "SCHEDULED_FOR_DESTRUCTION",
  [Version_Status.DESTROYED]: "DESTROYED",
};

const added = ({ createdAt, status }: Version) => ({
  createdAt: formatTimestamp(createdAt),
  status: STATUSES[status] ?? "",
});
