import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { AiStudioAccessArgs } from "./arguments";
import type { Delivery } from "./delivery";
import type { KeyIds } from "./deployedKeys";
import { keyPlan } from "./keyPlan";
import { keyValidation } from "./keyValidation";
import type { WantedKey } from "./rotation";
import { ownedBy, type ServiceAccount } from "./serviceAccount";

/** What the keys of an application belong to. */
interface Owner {
  account: ServiceAccount;
  scopes: string[];
  /** Without these the services refuse the key. */
  grants: pulumi.Resource[];
  /** Where the key goes instead of the state. */
  delivery?: Delivery;
}

/** The keys of an application, as outputs of its component. */
export interface Keys {
  apiKeyId: pulumi.Output<string>;
  apiKey: pulumi.Output<string>;
  apiKeyExpiresAt: pulumi.Output<string | undefined>;
  previousApiKeyId: pulumi.Output<string | undefined>;
  previousApiKey: pulumi.Output<string | undefined>;
  /** For the next `up`, which tells by it which keys retire; undefined where no key has ever retired. */
  keyIds: pulumi.Output<KeyIds | undefined>;
}

type Key = yandex.IamServiceAccountApiKey;

/** Where a key is kept. */
const PLACE = ["outputToLockbox", "validateBeforeDelivery"];

/** Declares the keys that the plan for this `up` names, and the validation of the current one. */
export function keysOf(
  name: string,
  { apiKey, capabilities, rotation, waitUntilReady }: AiStudioAccessArgs,
  { account, scopes, grants, delivery }: Owner,
  parent: pulumi.Resource,
): Keys {
  // Only our own provider has the validation before the delivery, and the SDK of a bridged one must compile all the same.
  const delivered = delivery && {
    outputToLockbox: delivery,
    ...(waitUntilReady !== false && {
      validateBeforeDelivery: { folderId: account.folderId, capabilities: [...capabilities] },
    }),
  };
  const key = ({ suffix, expiresAt }: WantedKey, options?: pulumi.CustomResourceOptions, more?: object): Key =>
    new yandex.IamServiceAccountApiKey(
      `${name}${suffix}`,
      {
        serviceAccountId: account.id,
        description: apiKey?.description ?? `${name}${suffix} calls Yandex AI Studio with this key (${ownedBy()}).`,
        scopes,
        expiresAt: apiKey?.expiresAt ?? expiresAt,
        ...more,
      },
      { parent, additionalSecretOutputs: ["secretKey"], ...options },
    );
  const validated = ({ suffix }: WantedKey, { secretKey }: Key): pulumi.Output<string> =>
    keyValidation(
      `${name}${suffix}`,
      { capabilities: [...capabilities], folderId: account.folderId, serviceAccountId: account.id, secretKey },
      // It ends with its generation, so the protection of the component does not extend to it.
      { parent, dependsOn: grants, protect: false },
    ).secretKey;

  const declared = keyPlan(parent, account, rotation).then((plan) => {
    const current = delivered ? key(plan.current, { dependsOn: grants }, delivered) : key(plan.current);
    const ready = delivered || waitUntilReady === false ? current.secretKey : validated(plan.current, current);
    // A retiring key stays where it is: brought to Lockbox now, it would be the current version.
    // Protected, a key could not be deleted at its end; this `up` lifts the protection, a later one deletes the key.
    const retiring = plan.retiring.map((each) => key(each, { protect: false, ignoreChanges: PLACE }));
    const ids = Object.fromEntries(
      [plan.current, ...plan.retiring].map(({ suffix }, index) => [
        `${name}${suffix}`,
        [current, ...retiring][index]!.id,
      ]),
    );
    return { current, ready, previous: retiring[0], ids: rotation || retiring.length > 0 ? ids : undefined };
  });
  const previous = <T>(of: (key: Key) => pulumi.Output<T>) =>
    pulumi.output(declared.then((keys) => keys.previous && of(keys.previous))) as pulumi.Output<T | undefined>;

  return {
    apiKeyId: pulumi.output(declared.then(({ current }) => current.id)),
    apiKey: pulumi.secret(declared.then(({ ready }) => ready)),
    apiKeyExpiresAt: pulumi.output(declared.then(({ current }) => current.expiresAt)),
    previousApiKeyId: previous(({ id }) => id),
    previousApiKey: pulumi.secret(previous(({ secretKey }) => secretKey)),
    keyIds: pulumi.output(declared.then(({ ids }) => ids)),
  };
}
