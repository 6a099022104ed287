/** The settings there are, and the environment variables that stand in for them; the first that is set counts. */
export const SETTINGS = {
  token: ["YC_TOKEN", "YC_IAM_TOKEN"],
  serviceAccountKeyFile: ["YC_SERVICE_ACCOUNT_KEY_FILE"],
  workloadIdentityServiceAccountId: ["YC_WORKLOAD_IDENTITY_SERVICE_ACCOUNT_ID"],
  workloadIdentityToken: ["YC_WORKLOAD_IDENTITY_TOKEN"],
  workloadIdentityTokenFile: ["YC_WORKLOAD_IDENTITY_TOKEN_FILE"],
  workloadIdentityEndpoint: ["YC_WORKLOAD_IDENTITY_ENDPOINT"],
  cloudId: ["YC_CLOUD_ID"],
  folderId: ["YC_FOLDER_ID"],
  endpoint: ["YC_ENDPOINT"],
  plaintext: ["YC_PLAINTEXT"],
  insecure: ["YC_INSECURE"],
  maxRetries: ["YC_MAX_RETRIES"],
  caFile: ["YC_CA_FILE"],
  aiEndpoint: ["YC_AI_ENDPOINT"],
} as const satisfies Record<string, readonly string[]>;

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
    const variable = SETTINGS[property].find((name) => isGiven(env[name]));
    return variable && { value: env[variable]!.trim(), source: variable, fromEnvironment: true };
  };

/** A blank value is one that nobody gave: so is an empty variable of a workflow. */
const isGiven = (value: unknown): boolean =>
  ["string", "boolean", "number"].includes(typeof value) && String(value).trim() !== "";

/** Whether a setting stands in the stack with a value that exists only after the update has run. */
export const isUnknown = (config: Record<string, unknown>, property: SettingName): boolean =>
  typeof config[property] === "symbol";
