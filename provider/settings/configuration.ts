import type { Checked, Failure } from "../properties/check";
import { diffInputs } from "../properties/diff";
import type { Change } from "../properties/diff";
import { settingProperties } from "./table";
import { readProviderSettings } from "../settings";
import { didYouMean } from "../properties/suggestions";
import { holdsUnknown, unwrapSecrets, Secret } from "../properties/values";
import type { Properties } from "../properties/values";

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
    const secret = settingProperties[name]?.secret || /secret|token|accessKey/i.test(name);
    inputs[name] = secret && value !== null && !(value instanceof Secret) ? new Secret(value) : value;
  }
  const failures = Object.keys(given).flatMap(notASetting);
  const known = Object.fromEntries(Object.entries(unwrapSecrets(given)).filter(([, value]) => !holdsUnknown(value)));
  failures.push(...readProviderSettings(known, env).failures);
  return { inputs, failures: failures.map(withoutValue) };
}

/** The engine prints the value of the property that a failure names, and may have it from where it is not sealed. */
const withoutValue = (failure: Failure): Failure =>
  settingProperties[failure.property]?.secret
    ? { property: "", reason: `yandex:${failure.property} ${failure.reason}` }
    : failure;

function notASetting(name: string): Failure[] {
  if (name.startsWith("__") || settingProperties[name] || OF_OTHER_SERVICES.has(name) || OF_THE_ENGINE.has(name))
    return [];
  const names = Object.keys(settingProperties);
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
  diffInputs(settingProperties, unwrapSecrets(old), unwrapSecrets(wanted)).map((change) => ({
    ...change,
    replace: false,
  }));
