import type * as pulumi from "@pulumi/pulumi";
import type { Capability } from "./capabilities";
import type { RotationPolicy } from "./rotation";

export interface AiStudioAccessArgs {
  /**
   * What the application may do. Plain data, not an output, so that a preview shows every role and scope.
   *
   * @example ["textGeneration", "imageGeneration"]
   */
  capabilities: readonly Capability[];
  /**
   * Folder on which the roles are granted, and in which the account is made.
   *
   * @default the folder of an adopted account, else the folder of the provider (`yandex:folderId`, YC_FOLDER_ID)
   */
  folderId?: pulumi.Input<string>;
  /**
   * The service account that the application acts as: what a new one looks like, or which existing one to adopt. An
   * adopted account is neither changed nor deleted.
   *
   * @default a new account with a name made from application, stack and project
   */
  serviceAccount?: ServiceAccountArgs;
  /** What the API key looks like. */
  apiKey?: ApiKeyArgs;
  /**
   * Replace the key on a schedule, with an overlap during which both work.
   *
   * @default one key, that stays
   * @example { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" }
   */
  rotation?: RotationPolicy;
  /**
   * Roles on the folder that the capabilities lack. Plain data, too.
   *
   * @default none
   */
  extraRoles?: readonly string[];
  /**
   * Scopes of the key that the capabilities lack. Plain data, too.
   *
   * @default none
   */
  extraScopes?: readonly string[];
  /**
   * Give out the key only when the services accept it. Needs the provider of this project; a bridged one lacks the
   * resource AiStudioKeyValidation.
   *
   * @default true
   */
  waitUntilReady?: boolean;
  /**
   * Put the key into Lockbox, and keep it out of the state: readers of the secret always find a key that works. The outputs
   * `apiKey` and `previousApiKey` are then empty, and `env` is without the key.
   *
   * @default the key is an output
   * @example { lockbox: { name: "shop", entry: "api_key", readers: ["serviceAccount:aje…"] } }
   */
  deliverTo?: DeliveryArgs;
  /**
   * Where OpenAI-compatible clients send their requests; only the outputs `baseUrl` and `env` use it.
   *
   * @default `/v1` of the provider's AI endpoint, that is https://ai.api.cloud.yandex.net/v1
   */
  baseUrl?: pulumi.Input<string>;
}

export type ServiceAccountArgs = NewServiceAccount | AccountById | AccountByName;

export interface AccountById {
  /** ID of an account that exists, to adopt it. Not together with the other properties. */
  id: pulumi.Input<string>;
}

export interface AccountByName {
  /** Name of an account that exists, to adopt it. Not together with the other properties. */
  existingName: pulumi.Input<string>;
}

export interface NewServiceAccount {
  /**
   * Unique in the whole cloud; 3 to 63 lower-case letters, digits and hyphens.
   *
   * @default `<application>-<stack>-<hash>`
   */
  name?: pulumi.Input<string>;
  /** @default a sentence that names application, project and stack */
  description?: pulumi.Input<string>;
  /** Added to the labels `application`, `project` and `stack`, by which an account is found. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export interface ApiKeyArgs {
  /** @default a sentence that names application, project and stack */
  description?: pulumi.Input<string>;
  /**
   * When the key stops working, such as "2027-01-31T00:00:00Z". Not together with `rotation`.
   *
   * @default never
   */
  expiresAt?: pulumi.Input<string>;
}

export interface DeliveryArgs {
  lockbox: LockboxArgs;
}

/** Either `secretId` or `name`. */
export interface LockboxArgs {
  /** A secret that exists. Its other entries are not changed. */
  secretId?: pulumi.Input<string>;
  /** Name of a new secret, in the folder of the account. */
  name?: pulumi.Input<string>;
  /** Entry of the secret that holds the key, such as "api_key". Plain data, not an output. */
  entry: string;
  /**
   * Members that get `lockbox.payloadViewer` on this secret, such as "serviceAccount:aje…".
   *
   * @default nobody more than before
   */
  readers?: readonly pulumi.Input<string>[];
  /**
   * Whether the cloud refuses to delete the new secret; it refuses everybody. Set it to false before a destroy.
   *
   * @default false
   */
  deletionProtection?: boolean;
}

/** What an argument can be, for everything that has to know it while the program runs. */
export interface Row {
  /**
   * - text: may be an output; moment: text in RFC 3339 that may be an output
   * - plainText, day, days, flag: text, a day, a whole number of days, true or false; never an output
   * - words, capabilities: a plain list of texts, of names of capabilities; never an output
   * - texts: a list of texts, each of which may be an output
   * - labels: texts by name that may be outputs
   * - map: has `rows`
   */
  readonly kind:
    "text" | "moment" | "plainText" | "day" | "days" | "flag" | "words" | "texts" | "capabilities" | "labels" | "map";
  readonly required?: boolean;
  /** A value as a program or a file has it. */
  readonly example: string;
  readonly rows?: Rows;
}

export type Rows = Readonly<Record<string, Row>>;

/** A row for each name that the type has, of whichever alternative: one that is forgotten does not compile. */
type RowsOf<Arguments> = { readonly [Name in Arguments extends unknown ? keyof Arguments : never]: Row };

const serviceAccount: RowsOf<ServiceAccountArgs> = {
  id: { kind: "text", example: '"aje…"' },
  existingName: { kind: "text", example: '"sa-api"' },
  name: { kind: "text", example: '"shop-prod"' },
  description: { kind: "text", example: '"Calls AI Studio for the shop."' },
  labels: { kind: "labels", example: '{ team: "web" }' },
};

const apiKey: RowsOf<ApiKeyArgs> = {
  description: { kind: "text", example: '"For the shop."' },
  expiresAt: { kind: "moment", example: '"2027-01-31T00:00:00Z"' },
};

const rotation: RowsOf<RotationPolicy> = {
  everyDays: { kind: "days", required: true, example: "90" },
  overlapDays: { kind: "days", required: true, example: "14" },
  anchor: { kind: "day", required: true, example: '"2026-01-01"' },
  trigger: { kind: "plainText", example: '"a laptop was stolen"' },
};

const lockbox: RowsOf<LockboxArgs> = {
  secretId: { kind: "text", example: '"e6q…"' },
  name: { kind: "text", example: '"shop"' },
  entry: { kind: "plainText", required: true, example: '"api_key"' },
  readers: { kind: "texts", example: '["serviceAccount:aje…"]' },
  deletionProtection: { kind: "flag", example: "true" },
};

const LOCKBOX = '{ name: "shop", entry: "api_key" }';

const deliverTo: RowsOf<DeliveryArgs> = {
  lockbox: { kind: "map", required: true, rows: lockbox, example: LOCKBOX },
};

/** The arguments of the component, as its type declares them. The checks and the stack's settings follow from these rows. */
export const argumentRows: RowsOf<AiStudioAccessArgs> = {
  capabilities: { kind: "capabilities", required: true, example: '["textGeneration"]' },
  folderId: { kind: "text", example: '"b1g…"' },
  serviceAccount: { kind: "map", rows: serviceAccount, example: '{ existingName: "sa-api" }' },
  apiKey: { kind: "map", rows: apiKey, example: '{ expiresAt: "2027-01-31T00:00:00Z" }' },
  rotation: { kind: "map", rows: rotation, example: '{ everyDays: 90, overlapDays: 14, anchor: "2026-01-01" }' },
  extraRoles: { kind: "words", example: '["ai.guardrails.user"]' },
  extraScopes: { kind: "words", example: '["yc.monitoring.read"]' },
  waitUntilReady: { kind: "flag", example: "false" },
  deliverTo: { kind: "map", rows: deliverTo, example: `{ lockbox: ${LOCKBOX} }` },
  baseUrl: { kind: "text", example: '"https://proxy.example/v1"' },
};
