import type { ApiKey } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key";
import { SERVICE_ACCOUNT_ID } from "../lookups/accounts";
import { createHandedOver } from "./iamServiceAccountApiKey/createHandedOver";
import type { Validation } from "./iamServiceAccountApiKey/handOver";
import { makeKey } from "./iamServiceAccountApiKey/makeKey";
import { rethrow, undefinedIfNotFound } from "../cloud/errors";
import { ledgerOf } from "../ownership/ledger";
import { marked, MARK_LENGTH, unmarked } from "../ownership/marker";
import { retire } from "./iamServiceAccountApiKey/lockbox";
import { encryptTo, isPrivateKey, PRIVATE_KEY } from "./iamServiceAccountApiKey/openpgp";
import { flag, instant, isEmpty, object, output, set, text, time } from "../properties";
import { InitializationFailed } from "../contract/resource";
import type { Resource } from "../contract/resource";
import { unknownScopes } from "../lookups/scopes";
import { deliver, redeliver } from "./iamServiceAccountApiKey/secretDelivery";
import type { Delivered, Wanted } from "./iamServiceAccountApiKey/secretDelivery";
import { formatTimestamp, parseTimestamp } from "../properties/timestamps";

/**
 * A key by which an application calls the cloud as a service account. The cloud tells the secret once, when the key is
 * made; afterwards only the state of the stack knows it.
 */
export interface ApiKeyInputs extends Wanted {
  serviceAccountId: string;
  description?: string;
  scopes?: string[];
  defaultScopes?: boolean;
  expiresAt?: string;
  validateBeforeDelivery?: Validation;
}

export interface ApiKeyState extends ApiKeyInputs, Delivered {
  createdAt?: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const EXPIRES_SOON_MS = 14 * DAY_MS;

export const iamServiceAccountApiKey: Resource<ApiKeyInputs, ApiKeyState> = {
  token: "yandex:index/iamServiceAccountApiKey:IamServiceAccountApiKey",
  description:
    "An API key of a service account, limited to scopes. A replacement creates the new key before it deletes the old one. A key cannot be imported: the cloud shows its secret only once.",

  properties: {
    // The API would fall back to the caller; a key with the deployer's own rights is never what was meant.
    serviceAccountId: text("Service account that the key authenticates. A change replaces the key.", {
      required: true,
      onChange: "replace",
      pattern: SERVICE_ACCOUNT_ID,
    }),
    description: text(
      `Shown in the management console. At most ${256 - MARK_LENGTH} characters; the provider appends a marker of ${MARK_LENGTH} characters, so that it can recognise a key created by an interrupted update.`,
      { max: 256 - MARK_LENGTH },
    ),
    scopes: set(
      "Scopes that limit the key, such as `yc.ai.languageModels.execute`; the order does not matter. Required unless `defaultScopes` is set.",
      { max: 100, filled: true },
    ),
    defaultScopes: flag(
      "Set to true to create the key without explicit `scopes`; the cloud then assigns its default scopes (ten services). Default: false.",
      { own: true },
    ),
    expiresAt: time(
      "When the key expires, such as `2027-01-31T00:00:00Z`. Default: never. A new time for an expired key replaces the key.",
    ),
    pgpKey: text(
      "OpenPGP public key, armored or in base64. The secret is then encrypted to it, in `encryptedSecretKey`. A change replaces the key.",
      { onChange: "replace", lines: true },
    ),
    outputToLockbox: object(
      "IamServiceAccountApiKeyOutputToLockbox",
      {
        secretId: text("ID of the Lockbox secret to which a version is added.", { required: true }),
        entryForSecretKey: text("Entry of the secret that holds the key.", { required: true, max: 256 }),
      },
      "Store the secret in Lockbox instead of the state.",
    ),
    validateBeforeDelivery: object(
      "IamServiceAccountApiKeyValidateBeforeDelivery",
      {
        folderId: text("Folder whose models the application calls.", { required: true }),
        capabilities: set("Capabilities for which the services must accept the key.", { required: true }),
      },
      "With `outputToLockbox`: the key goes to Lockbox only when the services accept it. A key that they do not accept in two minutes is deleted, and the creation fails; the key is never in the state. Make the key depend on the grants of its account.",
      { own: true },
    ),
    secretKey: output(
      text(
        "The secret of the key, sent as `Authorization: Api-Key <secretKey>`. Empty with `pgpKey` or `outputToLockbox`.",
        { secret: true },
      ),
    ),
    encryptedSecretKey: output(text("With `pgpKey`: the secret as an OpenPGP message in base64; otherwise empty.")),
    keyFingerprint: output(text("With `pgpKey`: fingerprint of the OpenPGP key; otherwise empty.")),
    outputToLockboxVersionId: output(
      text("With `outputToLockbox`: ID of the version that holds the secret; otherwise empty."),
    ),
    createdAt: output(time("When the cloud created the key.")),
  },

  check({ scopes, defaultScopes, pgpKey, outputToLockbox }, { unknown }) {
    if (pgpKey !== undefined && isPrivateKey(pgpKey)) return [{ property: "pgpKey", reason: PRIVATE_KEY }];
    if (!isEmpty(pgpKey) && !isEmpty(outputToLockbox)) {
      return [{ property: "outputToLockbox", reason: "cannot be set together with pgpKey; leave one of them out" }];
    }
    const given = !isEmpty(scopes) || unknown.has("scopes");
    const wide = defaultScopes || unknown.has("defaultScopes");
    if (!given && !wide) return [{ property: "scopes", reason: NO_SCOPES }];
    if (isEmpty(scopes) || !defaultScopes) return [];
    return [{ property: "defaultScopes", reason: "cannot be set together with scopes; leave one of them out" }];
  },

  observe({ id }, run) {
    if (id) ledgerOf(run).holdKey(id);
  },

  async previewCheck({ scopes = [], pgpKey }, context) {
    const unreadable =
      pgpKey === undefined ? undefined : await encryptTo(pgpKey, "").catch((error: Error) => error.message);
    return [
      ...(typeof unreadable === "string" ? [{ property: "pgpKey", reason: unreadable }] : []),
      ...(await unknownScopes(scopes, context)),
    ];
  },

  warnings({ expiresAt }, { now }) {
    const moment = instant(expiresAt);
    if (moment === undefined || moment > now + EXPIRES_SOON_MS) return [];
    return moment <= now
      ? [`this key expired at ${expiresAt} and is refused; set a later expiresAt to have a new key made`]
      : [`this key expires at ${expiresAt}, in less than ${Math.ceil((moment - now) / DAY_MS)} days`];
  },

  mustReplace({ property }, oldInputs, newInputs, { now }) {
    // An update cannot remove all scopes, and no document says that an expired key can become valid again.
    if (property === "scopes") return isEmpty(newInputs.scopes);
    if (property === "expiresAt") return (instant(oldInputs.expiresAt) ?? Infinity) <= now;
    return false;
  },

  async create(inputs, context) {
    // A public key that cannot encrypt is better known before there is a secret.
    if (inputs.pgpKey) {
      await encryptTo(inputs.pgpKey, "").catch((error: Error) => {
        throw new Error(`pgpKey ${error.message}`);
      });
    }
    const { outputToLockbox: entry, validateBeforeDelivery: validation } = inputs;
    if (entry && validation) {
      const { apiKey, versionId } = await createHandedOver(request(inputs), entry, validation, context);
      const createdAt = formatTimestamp(apiKey.createdAt);
      return { id: apiKey.id, state: { ...inputs, createdAt, outputToLockboxVersionId: versionId } };
    }
    const { apiKey, secret } = await makeKey(request(inputs), context);
    const state = { ...inputs, createdAt: formatTimestamp(apiKey.createdAt) };
    const delivered = await deliver(apiKey.id, secret, inputs, context).catch((error: unknown) => {
      throw withState(error, state);
    });
    return { id: apiKey.id, state: { ...state, ...delivered } };
  },

  async read(id, old, context) {
    if (!old) throw new Error(NO_IMPORT);
    const key = await undefinedIfNotFound(() => context.cloud.iam.apiKeys.get({ apiKeyId: id }, context)).catch(
      rethrow({ what: `reading API key ${id}` }),
    );
    // The cloud cannot repeat the secret, and what it says of scopes that were not asked for is its own affair.
    return key && { id, state: { ...old, ...seen(key), ...(old.defaultScopes ? { scopes: old.scopes } : {}) } };
  },

  async update(id, inputs, oldState, changed, context) {
    const paths = changed.filter((name) => name in MASK).map((name) => MASK[name as keyof typeof MASK]);
    if (paths.length > 0) {
      const { iam, done } = context.cloud;
      const change = {
        apiKeyId: id,
        ...request(inputs),
        description: marked(inputs.description, context),
        updateMask: { paths },
      };
      const update = iam.apiKeys.update(change, context);
      await done(update, undefined, context).catch(rethrow({ what: `API key ${id}` }));
    }
    const state = { ...inputs, createdAt: oldState.createdAt };
    const delivered = await redeliver(id, oldState, inputs, context).catch((error: unknown) => {
      throw withState(error, state);
    });
    return { ...state, ...delivered };
  },

  recomputedOutputs: (changed) =>
    changed.includes("outputToLockbox") ? ["secretKey", "outputToLockboxVersionId"] : [],

  async delete(id, { outputToLockbox, outputToLockboxVersionId }, context) {
    const { iam, done } = context.cloud;
    await undefinedIfNotFound(() => done(iam.apiKeys.delete({ apiKeyId: id }, context), undefined, context)).catch(
      rethrow({ what: `API key ${id}` }),
    );
    if (!outputToLockbox || !outputToLockboxVersionId) return;
    // The text opens nothing any more, so it must not keep the key in the state.
    await retire(outputToLockbox, outputToLockboxVersionId, context).catch((error: Error) => {
      context.log("warning", `${error.message}; it still holds the text of the deleted key`);
    });
  },
};

/** A failure to bring the secret to its place still keeps all that is known of the key. */
const withState = (error: unknown, state: ApiKeyState): unknown =>
  error instanceof InitializationFailed
    ? new InitializationFailed(error.id, { ...state, ...(error.state as Delivered) }, error.message)
    : error;

const MASK = { description: "description", scopes: "scopes", expiresAt: "expires_at" } as const;

const NO_SCOPES =
  "is empty; name what the key is for, such as yc.ai.languageModels.execute, or set defaultScopes to true if a key for many services is really wanted";

const NO_IMPORT =
  "an API key cannot be imported or looked up: the cloud tells its secret only once, and a key without its secret is of no use to a program. Declare a new key beside it, and delete the old one when nothing uses it any more";

const request = (inputs: ApiKeyInputs) => ({
  serviceAccountId: inputs.serviceAccountId,
  description: inputs.description,
  scopes: inputs.scopes ?? [],
  expiresAt: parseTimestamp(inputs.expiresAt),
});

const seen = (key: ApiKey): Partial<ApiKeyState> => ({
  serviceAccountId: key.serviceAccountId,
  description: unmarked(key.description),
  scopes: key.scopes,
  expiresAt: formatTimestamp(key.expiresAt),
  createdAt: formatTimestamp(key.createdAt),
});
