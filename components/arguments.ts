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
   * Where OpenAI-compatible clients send their requests; only the outputs `baseUrl` and `env` use it.
   *
   * @default `/v1` of the provider's AI endpoint, that is https://ai.api.cloud.yandex.net/v1
   */
  baseUrl?: pulumi.Input<string>;
}

export type ServiceAccountArgs =
  NewServiceAccount | { id: pulumi.Input<string> } | { existingName: pulumi.Input<string> };

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
