import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import { now } from "./clock";
import { cloudClock } from "./cloudClock";
import { deployedKeys, type KeyInState } from "./deployedKeys";
import { knownValue } from "./outputs";
import { type KeyPlan, keysAt, type RotationPolicy } from "./rotation";
import type { ServiceAccount } from "./serviceAccount";

/** The keys that an application has after this `up`, by the policy, the time and the keys that it has on its account. */
export async function keyPlan(
  component: pulumi.Resource,
  account: ServiceAccount,
  policy: RotationPolicy | undefined,
): Promise<KeyPlan> {
  const known = knownValue(account.id);
  // An adopted account may have the keys of other components.
  const ownId = pulumi.Resource.isInstance(account) ? known : undefined;
  const [found, accountId] = await Promise.all([deployedKeys(component, ownId), known]);
  // The keys of another account, or of one that is about to be replaced, cannot be moved to this one.
  const own = found.filter((key) => accountId !== undefined && [accountId, undefined].includes(key.serviceAccountId));
  if (!policy && own.length < 2) return keysAt({ now: now() }, undefined, own);
  const [deployed, clock] = await Promise.all([markGone(own, accountId, component), cloudClock(component, own)]);
  // What the component is protected from is inherited by its children; no type declares it.
  const { __protect: isProtected } = component as pulumi.Resource & { __protect?: boolean };
  return keysAt({ ...clock, isProtected }, policy, deployed);
}

/**
 * The keys, with a mark on retiring ones that no longer exist in the cloud. An `up --refresh` would create them again,
 * because it shows the program the state from before the refresh.
 */
async function markGone(
  keys: KeyInState[],
  serviceAccountId: string | undefined,
  parent: pulumi.Resource,
): Promise<KeyInState[]> {
  // Looked up by name, because the SDK of a bridged provider has no such function and must compile all the same.
  const { getIamApiKeyIds } = yandex as unknown as { getIamApiKeyIds?: KeyIdsFunction };
  if (!getIamApiKeyIds || !serviceAccountId || !keys.some(({ retires }) => retires)) return keys;
  // A deployer without the right to list keys keeps all of them.
  const answer = await getIamApiKeyIds({ serviceAccountId }, { parent }).catch(() => undefined);
  const ids = answer?.ids;
  if (!ids) return keys;
  return keys.map((key) => ({ ...key, isGone: key.retires && key.id !== undefined && !ids.includes(key.id) }));
}

type KeyIdsFunction = (
  args: { serviceAccountId: string },
  options: pulumi.InvokeOptions,
) => Promise<{ ids?: string[] } | undefined>;
