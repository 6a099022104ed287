import type { Checked, Failure } from "../properties/check";
import { diffInputs } from "../properties/diff";
import type { Change } from "../properties/diff";
import { flag, text, whole } from "../properties";
import type { PropertyTable } from "../properties";
import { readProviderSettings } from "../settings";
import { didYouMean } from "../properties/suggestions";
import { holdsUnknown, unwrapSecrets, Secret } from "../properties/values";
import type { Properties } from "../properties/values";

/**
 * The provider's settings as the stack knows them. What comes from the environment is not among them: it is read when
 * the provider starts and never stored.
 */
export const properties: PropertyTable = {
  token: text(
    "IAM token (`t1.…`) of the deployer, or an older OAuth token. Better left out of the stack and given as YC_TOKEN or YC_IAM_TOKEN.",
    { secret: true },
  ),
  serviceAccountKeyFile: text(
    "Authorized key of the deployer's service account: a path to the JSON file, or its text. Environment: YC_SERVICE_ACCOUNT_KEY_FILE.",
    { secret: true },
  ),
  cloudId: text("Cloud in which folders are looked up by name. Environment: YC_CLOUD_ID."),
  folderId: text("Folder of all resources that name none. Environment: YC_FOLDER_ID."),
  endpoint: text("Where the API is found. Default: `api.cloud.yandex.net:443`. Environment: YC_ENDPOINT."),
  plaintext: flag("Speak without TLS; for a local endpoint only. Default: false. Environment: YC_PLAINTEXT."),
  insecure: flag("Do not check the endpoint's certificate. Default: false. Environment: YC_INSECURE."),
  maxRetries: whole("How often a call is repeated that may be repeated without harm. Default: 5.", {
    min: 0,
    max: 100,
  }),
  workloadIdentityServiceAccountId: text(
    "Service account that the deployer acts as by workload identity federation. Environment: YC_WORKLOAD_IDENTITY_SERVICE_ACCOUNT_ID.",
    { own: true },
  ),
  workloadIdentityToken: text(
    "Token of the workload that is exchanged for an IAM token. Environment: YC_WORKLOAD_IDENTITY_TOKEN.",
    { own: true, secret: true },
  ),
  workloadIdentityTokenFile: text(
    "File with the token of the workload, read again at each exchange. Environment: YC_WORKLOAD_IDENTITY_TOKEN_FILE.",
    { own: true },
  ),
  workloadIdentityEndpoint: text(
    "Where the workload's token is exchanged. Default: `https://auth.yandex.cloud/oauth/token`. Environment: YC_WORKLOAD_IDENTITY_ENDPOINT.",
    { own: true },
  ),
  caFile: text("File with certificates (PEM) to trust besides those of the system. Environment: YC_CA_FILE.", {
    own: true,
  }),
  aiEndpoint: text(
    "Where AI Studio is found. Default: `https://ai.api.cloud.yandex.net`. Environment: YC_AI_ENDPOINT.",
    { own: true },
  ),
};

/** Settings of the bridged provider for services that this one has nothing to do with. They do no harm. */
const OF_OTHER_SERVICES = new Set([
  "datalensEndpoint",
  "organizationId",
  "profile",
  "regionId",
  "sharedCredentialsFile",
  "storageAccessKey",
  "storageEndpoint",
  "storageSecretKey",
  "ymqAccessKey",
  "ymqEndpoint",
  "ymqSecretKey",
  "yqEndpoint",
  "zone",
]);

/** What the engine itself adds. */
const OF_THE_ENGINE = new Set(["version", "pluginDownloadURL", "parameterization"]);

/** The settings come back as they were given, so that a string stays one; what is secret comes back sealed. */
export function checkConfiguration(given: Properties, env: Record<string, string | undefined>): Checked {
  const inputs: Properties = {};
  for (const [name, value] of Object.entries(given)) {
    const secret = properties[name]?.secret || /secret|token|accessKey/i.test(name);
    inputs[name] = secret && value !== null && !(value instanceof Secret) ? new Secret(value) : value;
  }
  const failures = Object.keys(given).flatMap(notASetting);
  const known = Object.fromEntries(Object.entries(unwrapSecrets(given)).filter(([, value]) => !holdsUnknown(value)));
  failures.push(...readProviderSettings(known, env).failures);
  return { inputs, failures: failures.map(withoutValue) };
}

/** The engine prints the value of the property that a failure names, and may have it from where it is not sealed. */
const withoutValue = (failure: Failure): Failure =>
  properties[failure.property]?.secret
    ? { property: "", reason: `yandex:${failure.property} ${failure.reason}` }
    : failure;

function notASetting(name: string): Failure[] {
  if (name.startsWith("__") || properties[name] || OF_OTHER_SERVICES.has(name) || OF_THE_ENGINE.has(name)) return [];
  const names = Object.keys(properties);
  return [
    {
      property: name,
      reason: `is not a setting of the provider${didYouMean(name, names) || `; there are ${names.join(", ")}`}`,
    },
  ];
}

/**
 * No change of a setting replaces what was made: a folder is written into each resource that takes it from here, and
 * shows there as what it is.
 */
export const diffConfiguration = (old: Properties, wanted: Properties): Change[] =>
  diffInputs(properties, unwrapSecrets(old), unwrapSecrets(wanted)).map((change) => ({ ...change, replace: false }));
