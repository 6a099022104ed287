import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { AiStudioAccessArgs } from "./arguments";
import { accessFor, capabilityTable } from "./capabilities";
import { now } from "./clock";
import { deliveryOf } from "./delivery";
import { baseUrlOf } from "./endpoint";
import { keysOf } from "./keys";
import { argumentMistakes } from "./argumentErrors";
import { type ServiceAccount, serviceAccountOf } from "./serviceAccount";
import { withShortTraces } from "./shortTraces";
import { writtenPath } from "./written";

/** An identity: it must never change, or every stack would replace its keys. */
const TYPE = "yandex-aistudio:index:AiStudioAccess";

/** By the names that the clients of OpenAI, of LangChain and of the vendor read. */
export type ClientEnvironment = Record<
  "OPENAI_BASE_URL" | "OPENAI_API_KEY" | "OPENAI_PROJECT_ID" | "YC_API_KEY" | "YC_FOLDER_ID",
  pulumi.Output<string>
>;

/**
 * What one application needs to call Yandex AI Studio: a service account, the smallest roles on its folder, and an API
 * key limited to the matching scopes.
 */
export class AiStudioAccess extends pulumi.ComponentResource {
  /** The account that the application acts as, created or adopted. */
  readonly serviceAccountId: pulumi.Output<string>;
  readonly serviceAccountName: pulumi.Output<string>;
  /** The account's own folder: AI Studio accepts only model URIs of that one. */
  readonly folderId: pulumi.Output<string>;
  /** Of the current key. Not secret. */
  readonly apiKeyId: pulumi.Output<string>;
  /** The key to deploy. Secret; resolves when the services accept it. Empty with `deliverTo`. */
  readonly apiKey: pulumi.Output<string>;
  /** When the current key stops working, RFC 3339. Undefined if never. */
  readonly apiKeyExpiresAt: pulumi.Output<string | undefined>;
  /** The key that was current before and still works; undefined without such a key. */
  readonly previousApiKeyId: pulumi.Output<string | undefined>;
  /** Secret; undefined without such a key. */
  readonly previousApiKey: pulumi.Output<string | undefined>;
  /** Address for OpenAI-compatible clients, such as `https://ai.api.cloud.yandex.net/v1`. */
  readonly baseUrl: pulumi.Output<string>;
  /** With `deliverTo`: ID of the Lockbox secret in which the key is. */
  readonly secretId: pulumi.Output<string | undefined>;
  /** The variables that an application's container needs; the two that hold the key are secret, and absent with `deliverTo`. */
  readonly env: ClientEnvironment;

  constructor(name: string, args: AiStudioAccessArgs, options?: pulumi.ComponentResourceOptions) {
    refuseMistakes(name, args);
    super(TYPE, name, {}, options);
    warnOfInferredScopes(args, this);
    const { roles, scopes } = accessFor(args.capabilities, { roles: args.extraRoles, scopes: args.extraScopes });

    const account = withShortTraces(() => serviceAccountOf(name, args, this));
    const folderId = pulumi.output(args.folderId ?? account.folderId);
    warnOfForeignFolder(account, folderId, this);
    const member = pulumi.interpolate`serviceAccount:${account.id}`;
    const grant = (role: string) =>
      new yandex.ResourcemanagerFolderIamMember(`${name}-${role}`, { folderId, role, member }, { parent: this });
    const grants = withShortTraces(() => roles.map(grant));

    const delivery = deliveryOf(name, args.deliverTo, account.folderId, this);
    const keys = keysOf(name, args, { account, scopes, grants, delivery }, this);

    this.serviceAccountId = account.id;
    this.serviceAccountName = account.name;
    this.folderId = account.folderId;
    this.apiKeyId = keys.apiKeyId;
    this.apiKey = keys.apiKey;
    this.apiKeyExpiresAt = keys.apiKeyExpiresAt;
    this.previousApiKeyId = keys.previousApiKeyId;
    this.previousApiKey = keys.previousApiKey;
    this.baseUrl = pulumi.output(args.baseUrl ?? baseUrlOf(this));
    this.env = {
      OPENAI_BASE_URL: this.baseUrl,
      ...(!delivery && { OPENAI_API_KEY: this.apiKey }),
      OPENAI_PROJECT_ID: this.folderId,
      ...(!delivery && { YC_API_KEY: this.apiKey }),
      YC_FOLDER_ID: this.folderId,
    } as ClientEnvironment;
    this.secretId = pulumi.output(delivery?.secretId);
    // The state has the keys with their own resources; copies of them, and of `env`, would only make it larger.
    this.registerOutputs({
      serviceAccountId: this.serviceAccountId,
      serviceAccountName: this.serviceAccountName,
      folderId: this.folderId,
      apiKeyId: this.apiKeyId,
      apiKeyExpiresAt: this.apiKeyExpiresAt,
      previousApiKeyId: this.previousApiKeyId,
      keyIds: keys.keyIds,
      baseUrl: this.baseUrl,
      ...(delivery && { secretId: this.secretId }),
    });
  }

  /**
   * URI of a model in the folder where this key is accepted.
   *
   * @param model such as "yandexgpt/latest"
   * @param scheme "gpt" (default) for text, "emb" for embeddings, "art" for images, "cls" for classifiers
   */
  modelUri(model: string, scheme = "gpt"): pulumi.Output<string> {
    return pulumi.interpolate`${scheme}://${this.folderId}/${model}`;
  }
}

/** Ends the program with one sentence, or with a list of all mistakes. */
function refuseMistakes(name: string, args?: AiStudioAccessArgs): void {
  const lines = argumentMistakes({ ...args }, now()).map(({ path, reason }) => `${writtenPath(path)} ${reason}`);
  if (lines.length === 0) return;
  throw new pulumi.RunError(
    [`AiStudioAccess "${name}" cannot be deployed:`, ...lines].join(lines.length > 1 ? "\n  " : " "),
  );
}

function warnOfInferredScopes({ capabilities }: AiStudioAccessArgs, resource: pulumi.Resource): void {
  const inferred = capabilities.filter((each) => capabilityTable[each].scope === "inferred");
  if (inferred.length === 0 || !pulumi.runtime.isDryRun()) return;
  const message = `The vendor documents no scope for ${inferred.join(", ")}; the scope was inferred and may prove too narrow or too wide.`;
  void pulumi.log.warn(message, resource);
}

/** AI Studio looks only at the folder an account lives in, so a role elsewhere gives nothing. */
function warnOfForeignFolder(
  account: ServiceAccount,
  folderId: pulumi.Output<string>,
  resource: pulumi.Resource,
): void {
  pulumi.all([account.folderId, account.name, folderId]).apply(([home, name, granted]) => {
    if (home === granted) return;
    const message = `The roles are granted on folder ${granted}, but service account ${name} lives in ${home}, and AI Studio accepts its key only there. Set folderId to ${home}, or adopt an account of ${granted}.`;
    void pulumi.log.warn(message, resource);
  });
}
