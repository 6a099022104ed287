import { Secret, Secret_Status } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import type { PasswordPayloadSpecification } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import { CreateSecretMetadata } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import type { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import { describeError, rethrow, isAmbiguous, OperationFailed, undefinedIfNotFound } from "../cloud/errors";
import { InitializationFailed } from "../contract/resource";
import type { Context, Resource } from "../contract/resource";
import { FOLDER, unknownFolder } from "../lookups/folders";
import { secretsOf } from "../lookups/secrets";
import { ledgerOf } from "../ownership/ledger";
import { bearsLabel, labelOf, MARK_LABEL } from "../ownership/marker";
import { flag, map, object, output, text, time, whole } from "../properties";
import { formatTimestamp } from "../properties/timestamps";

/** A secret of Lockbox: a name and rights for the versions that hold the values. */
export interface SecretInputs {
  name?: string;
  description?: string;
  folderId: string;
  kmsKeyId?: string;
  labels?: Record<string, string>;
  deletionProtection?: boolean;
  passwordPayloadSpecification?: Partial<PasswordPayloadSpecification> & { passwordKey: string };
}

export interface SecretState extends SecretInputs {
  createdAt?: string;
  status?: string;
}

const LABEL = {
  expression: /[-_0-9a-z]{0,63}/,
  means: "have only lower-case letters, digits, hyphens and underscores",
};

export const lockboxSecret: Resource<SecretInputs, SecretState> = {
  token: "yandex:index/lockboxSecret:LockboxSecret",
  description:
    "A Lockbox secret. Its values are in versions: `LockboxSecretVersion`, or `outputToLockbox` of a key. Grant the right to read it with `LockboxSecretIamMember`.",

  properties: {
    name: text("Name of the secret. At most 100 characters.", { max: 100, filled: true }),
    description: text("Shown in the management console. At most 1024 characters.", { max: 1024, filled: true }),
    folderId: text("Folder of the secret. Default: the provider's folder. A change replaces the secret.", {
      ...FOLDER,
      onChange: "replace",
    }),
    kmsKeyId: text("KMS key that encrypts the secret. Default: a key of the cloud. A change replaces the secret.", {
      onChange: "replace",
      filled: true,
    }),
    labels: map("Labels of the secret, at most 63.", {
      max: 63,
      filled: true,
      keys: { expression: /[a-z][-_0-9a-z]{0,62}/, means: `begin with a letter and ${LABEL.means}, at most 63` },
      pattern: { ...LABEL, means: `${LABEL.means}, at most 63` },
    }),
    deletionProtection: flag("Whether the cloud refuses to delete the secret. Default: false."),
    passwordPayloadSpecification: object(
      "LockboxSecretPasswordPayloadSpecification",
      {
        passwordKey: text("Entry that holds the password.", { required: true, max: 256 }),
        length: whole("Number of characters. Default: 36.", { min: 1, max: 256 }),
        includeUppercase: flag("Whether A to Z occur. Default: true."),
        includeLowercase: flag("Whether a to z occur. Default: true."),
        includeDigits: flag("Whether 0 to 9 occur. Default: true."),
        includePunctuation: flag("Whether punctuation occurs. Default: true."),
        includedPunctuation: text("The only punctuation that occurs. Not together with `excludedPunctuation`."),
        excludedPunctuation: text("Punctuation that does not occur."),
      },
      "Let Lockbox generate a password for each version of the secret.",
    ),
    createdAt: output(time("When the cloud created the secret.")),
    status: output(text("`ACTIVE`, or `INACTIVE` where nobody can read it.")),
  },

  defaults: (inputs, { settings }) => ({ folderId: inputs.folderId ?? settings.folderId }),

  check({ labels, passwordPayloadSpecification: password }) {
    if (labels?.[MARK_LABEL] !== undefined)
      return [{ property: "labels", reason: `has ${MARK_LABEL}, which the provider sets itself; take it out` }];
    if (password?.includedPunctuation && password.excludedPunctuation) {
      const reason = "has includedPunctuation and excludedPunctuation; leave one of them out";
      return [{ property: "passwordPayloadSpecification", reason }];
    }
    return [];
  },

  observe({ id }, run) {
    if (id) ledgerOf(run).holdSecret(id);
  },

  previewCheck: ({ folderId }, context) => unknownFolder(folderId, context),

  async create(inputs, context) {
    const begun = await unfinished(inputs, context).catch(() => undefined);
    if (begun) return takeOver(begun, inputs, context);
    try {
      const operation = await context.cloud.lockbox.secrets.create(
        { folderId: inputs.folderId, kmsKeyId: inputs.kmsKeyId ?? "", ...fields(inputs, context) },
        context,
      );
      const secret = await made(operation, inputs, context);
      ledgerOf(context).holdSecret(secret.id);
      return { id: secret.id, state: { ...inputs, ...added(secret) } };
    } catch (error) {
      if (error instanceof InitializationFailed) throw error;
      const late = isAmbiguous(error) ? await unfinished(inputs, context).catch(() => undefined) : undefined;
      if (late) return takeOver(late, inputs, context);
      throw describeError(error, about(inputs));
    }
  },

  async read(id, old, context) {
    const secret = await undefinedIfNotFound(() => context.cloud.lockbox.secrets.get({ secretId: id }, context)).catch(
      rethrow({ what: `reading Lockbox secret ${old?.name ?? id}`, folderId: old?.folderId }),
    );
    return secret && { id, state: seen(secret, old) };
  },

  update: (id, inputs, _old, changed, context) => change(id, inputs, changed, context),

  async delete(id, old, context) {
    const { lockbox, done } = context.cloud;
    const deletion = () => done(lockbox.secrets.delete({ secretId: id }, context), undefined, context);
    await undefinedIfNotFound(deletion).catch((error: unknown) => {
      const reason = describeError(error, about(old));
      if (!old.deletionProtection) throw reason;
      throw new Error(`${reason.message}; set deletionProtection to false, run an update, and delete it after that`, {
        cause: error,
      });
    });
  },
};

const about = ({ name, folderId }: SecretInputs) => ({ what: `Lockbox secret ${name ?? ""}`.trimEnd(), folderId });

const GO_ON = "run the update again to go on with it";

/** Waits until the secret is there. If the waiting fails the secret may be there all the same, so it is kept. */
async function made(operation: Operation, inputs: SecretInputs, context: Context): Promise<Secret> {
  try {
    const secret = await context.cloud.done(operation, Secret, context);
    if (!secret) throw new Error("the cloud answered the creation without the secret");
    return secret;
  } catch (error) {
    const id = operation.metadata && CreateSecretMetadata.decode(operation.metadata.value).secretId;
    if (!id || error instanceof OperationFailed) throw error;
    const reason = `the cloud began to create ${about(inputs).what} (${id}), but ${(error as Error).message}`;
    throw new InitializationFailed(id, { ...inputs }, `${reason}; ${GO_ON}`);
  }
}

/**
 * A secret that an earlier run of this very resource began, and of which nothing shows that a state knows it: no state
 * of this run has it, nobody may read it, and it holds nothing but what its creation put in. The cloud allows many secrets
 * of one name, so a second creation would succeed and leave the first behind.
 */
async function unfinished(inputs: SecretInputs, context: Context): Promise<Secret | undefined> {
  const { secrets } = context.cloud.lockbox;
  const all = await secretsOf(inputs.folderId, context);
  const own = all.filter((secret) => bearsLabel(secret.labels, context) && !ledgerOf(context).isHeldSecret(secret.id));
  for (const secret of own.filter(({ kmsKeyId }) => kmsKeyId === (inputs.kmsKeyId ?? ""))) {
    const { versions } = await secrets.listVersions({ secretId: secret.id, pageSize: 2 }, context);
    const { accessBindings } = await secrets.listAccessBindings({ resourceId: secret.id, pageSize: 1 }, context);
    const most = secret.passwordPayloadSpecification ? 1 : 0;
    if (versions.length <= most && accessBindings.length === 0) return secret;
  }
  return undefined;
}

async function takeOver({ id, name }: Secret, inputs: SecretInputs, context: Context) {
  ledgerOf(context).holdSecret(id);
  context.log("info", `Lockbox secret ${name} (${id}), which an interrupted run created, is taken over`);
  return { id, state: await change(id, inputs, Object.keys(MASK), context) };
}

const MASK: Record<string, string> = {
  name: "name",
  description: "description",
  labels: "labels",
  deletionProtection: "deletion_protection",
  passwordPayloadSpecification: "password_payload_specification",
};

async function change(id: string, inputs: SecretInputs, changed: string[], context: Context): Promise<SecretState> {
  const { lockbox, done } = context.cloud;
  const paths = changed.flatMap((name) => MASK[name] ?? []);
  const secret = await (
    paths.length === 0
      ? lockbox.secrets.get({ secretId: id }, context)
      : done(
          lockbox.secrets.update({ secretId: id, ...fields(inputs, context), updateMask: { paths } }, context),
          Secret,
          context,
        )
  ).catch(rethrow(about(inputs)));
  return { ...inputs, ...(secret && added(secret)) };
}

const fields = (inputs: SecretInputs, context: Context) => ({
  name: inputs.name ?? "",
  description: inputs.description ?? "",
  labels: { ...inputs.labels, [MARK_LABEL]: labelOf(context) },
  deletionProtection: inputs.deletionProtection ?? false,
  passwordPayloadSpecification: inputs.passwordPayloadSpecification && {
    length: 0,
    includedPunctuation: "",
    excludedPunctuation: "",
    ...inputs.passwordPayloadSpecification,
  },
});

/** What the cloud adds. */
const added = ({ createdAt, status }: Secret) => ({
  createdAt: formatTimestamp(createdAt),
  status: status === Secret_Status.ACTIVE ? "ACTIVE" : "INACTIVE",
});

function seen(secret: Secret, old: SecretState | undefined): SecretState {
  const { [MARK_LABEL]: _mark, ...labels } = secret.labels;
  const { name, description, folderId, kmsKeyId, deletionProtection, passwordPayloadSpecification: password } = secret;
  return {
    name,
    description,
    folderId,
    kmsKeyId,
    labels,
    // The cloud tells no difference between false and not given.
    deletionProtection: deletionProtection || (old?.deletionProtection === undefined ? undefined : false),
    ...(password && { passwordPayloadSpecification: given(password) }),
    ...added(secret),
  };
}

/** Without what a program leaves out, too. */
function given(password: PasswordPayloadSpecification): SecretInputs["passwordPayloadSpecification"] {
  const said = Object.entries(password).filter(
    ([name, value]) => !name.startsWith("$") && value !== undefined && value !== "" && value !== 0,
  );
  return Object.fromEntries(said) as unknown as SecretInputs["passwordPayloadSpecification"];
}
