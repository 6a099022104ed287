import { flag, text, whole } from "../properties";
import type { Property, PropertyTable } from "../properties";

/** A setting of the provider, declared once: schema, checks, defaults, documentation and environment follow from here. */
export interface Setting {
  /** As the schema shows it; its description ends with the default and the environment variables. */
  property: Property;
  /** Environment variables that give the setting; the first one that is not blank counts. */
  env: readonly string[];
  default?: string | number | boolean;
}

type Kind = (description: string, options?: Partial<Property>) => Property;
type Row = Partial<Property> & { env: readonly string[]; default?: Setting["default"] };

function setting(kind: Kind, description: string, { env, default: value, ...options }: Row): Setting {
  const shown = typeof value === "string" ? `\`${value}\`` : value;
  const tail = [...(value === undefined ? [] : [`Default: ${shown}.`]), `Environment: ${env.join(" or ")}.`];
  return { property: kind([description, ...tail].join(" "), options), env, default: value };
}

export const SETTINGS = {
  token: setting(
    text,
    "IAM token (`t1.…`) of the deployer, or an older OAuth token. Prefer the environment variable: it is never stored.",
    { env: ["YC_TOKEN", "YC_IAM_TOKEN"], secret: true },
  ),
  serviceAccountKeyFile: setting(
    text,
    "Authorized key of the deployer's service account: a path to the JSON file, its text, or its text in base64.",
    { env: ["YC_SERVICE_ACCOUNT_KEY_FILE"], secret: true },
  ),
  cloudId: setting(text, "Cloud in which folders are looked up by name.", { env: ["YC_CLOUD_ID"] }),
  folderId: setting(text, "Folder of all resources that do not set one.", { env: ["YC_FOLDER_ID"] }),
  endpoint: setting(text, "Host and port of the API.", { env: ["YC_ENDPOINT"], default: "api.cloud.yandex.net:443" }),
  plaintext: setting(flag, "Call without TLS; for an endpoint on this machine only.", {
    env: ["YC_PLAINTEXT"],
    default: false,
  }),
  insecure: setting(flag, "Do not verify the endpoint's certificate.", { env: ["YC_INSECURE"], default: false }),
  maxRetries: setting(whole, "How often a call is repeated that can be repeated without harm, from 0 to 100.", {
    env: ["YC_MAX_RETRIES"],
    default: 5,
    min: 0,
    max: 100,
  }),
  workloadIdentityServiceAccountId: setting(
    text,
    "Service account that the deployer acts as by workload identity federation.",
    { env: ["YC_WORKLOAD_IDENTITY_SERVICE_ACCOUNT_ID"], own: true },
  ),
  workloadIdentityToken: setting(text, "Token of the workload, which is exchanged for an IAM token.", {
    env: ["YC_WORKLOAD_IDENTITY_TOKEN"],
    own: true,
    secret: true,
  }),
  workloadIdentityTokenFile: setting(text, "File with the token of the workload, read again at each exchange.", {
    env: ["YC_WORKLOAD_IDENTITY_TOKEN_FILE"],
    own: true,
  }),
  workloadIdentityEndpoint: setting(text, "URL at which the workload's token is exchanged.", {
    env: ["YC_WORKLOAD_IDENTITY_ENDPOINT"],
    default: "https://auth.yandex.cloud/oauth/token",
    own: true,
  }),
  caFile: setting(text, "File with certificates (PEM) to trust besides those of the system.", {
    env: ["YC_CA_FILE"],
    own: true,
  }),
  aiEndpoint: setting(text, "URL of AI Studio.", {
    env: ["YC_AI_ENDPOINT"],
    default: "https://ai.api.cloud.yandex.net",
    own: true,
  }),
} as const satisfies Record<string, Setting>;

/** The settings as the schema shows them. */
export const settingProperties: PropertyTable = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, { property }]) => [name, property]),
);

/** Read from the environment alone: the address of a virtual machine's metadata service, host and port. */
export const METADATA_ADDRESS = { env: "YC_METADATA_ADDR", default: "169.254.169.254" } as const;

export type SettingName = keyof typeof SETTINGS;

/** A setting as it was found. */
export interface Given {
  value: string;
  /** Where it was said, for messages: `yandex:token` or `YC_TOKEN`. */
  source: string;
  fromEnvironment: boolean;
}

export type Lookup = (property: SettingName) => Given | undefined;

/** Finds what the stack says, else what the environment says. */
export const lookupIn =
  (config: Record<string, unknown>, env: Record<string, string | undefined>): Lookup =>
  (property) => {
    const value = config[property];
    if (isGiven(value)) return { value: String(value).trim(), source: `yandex:${property}`, fromEnvironment: false };
    const variable = SETTINGS[property].env.find((name) => isGiven(env[name]));
    return variable === undefined
      ? undefined
      : { value: env[variable]!.trim(), source: variable, fromEnvironment: true };
  };

/** A blank value counts as not given: so an unset variable of a workflow arrives. */
const isGiven = (value: unknown): boolean =>
  ["string", "boolean", "number"].includes(typeof value) && String(value).trim() !== "";

/** Whether the stack has the setting with a value that exists only after the update has run. */
export const isUnknown = (config: Record<string, unknown>, property: SettingName): boolean =>
  typeof config[property] === "symbol";
