import * as pulumi from "@pulumi/pulumi";
import { pause } from "./clock";
import { type DeployedKey, KEY_SUFFIX } from "./rotation";
import { partsOf, urnOf, urnsOf } from "./urns";

/** A key of an application, as the state of this stack has it. */
export interface KeyInState extends DeployedKey {
  /** Undefined where no `up` has completed since the key was made. */
  id?: string;
  serviceAccountId?: string;
}

/** Which keys an application had when an `up` completed: IDs by logical name, the current one included. */
export type KeyIds = Record<string, string>;

const ACCOUNT_TYPE = "yandex:index/iamServiceAccount:IamServiceAccount";
const KEY_TYPE = "yandex:index/iamServiceAccountApiKey:IamServiceAccountApiKey";

/**
 * The keys of an application that the last `up` left in the state of this stack.
 *
 * A program does not see its state, yet a deployed key that it does not declare is deleted, although a client holds it. The
 * engine answers with the resources of the state before the program declares any.
 *
 * @param ownAccountId the account that the component created, if it is known: by it the component is found under the URN of
 *   an alias that a transform added, of which only the engine knows
 */
export async function deployedKeys(
  component: pulumi.Resource,
  ownAccountId?: Promise<string | undefined>,
): Promise<KeyInState[]> {
  // The question goes out before the program declares the account, after which a state in a folder has no old URNs.
  const [resources, urns, accountId] = await Promise.all([stackResources(), urnsOf(component), ownAccountId]);
  const found = new Map<string, KeyInState>();
  for (const key of [...urns, ...ownersOf(accountId, resources)].flatMap((urn) => keysBelow(urn, resources))) {
    if (!found.has(key.suffix)) found.set(key.suffix, key);
  }
  return [...found.values()];
}

/** The component that has created the account: others may use it, too. */
function ownersOf(accountId: string | undefined, resources: Resources): string[] {
  if (accountId === undefined) return [];
  return Object.keys(resources).filter((urn) => {
    const { stack, type, name } = partsOf(urn);
    const account = urnOf({ stack, type: `${type}$${ACCOUNT_TYPE}`, name });
    return account in resources && resources[urn]?.outputs?.["serviceAccountId"] === accountId;
  });
}

function keysBelow(componentUrn: string, resources: Resources): KeyInState[] {
  const { stack, type, name } = partsOf(componentUrn);
  const { keyIds, apiKeyId } = (resources[componentUrn]?.outputs ?? {}) as { keyIds?: KeyIds; apiKeyId?: string };
  const start = urnOf({ stack, type: `${type}$${KEY_TYPE}`, name });
  return Object.entries(resources).flatMap(([urn, { outputs = {} }]) => {
    const suffix = urn.startsWith(start) ? urn.slice(start.length) : undefined;
    if (suffix === undefined || !KEY_SUFFIX.test(suffix)) return [];
    const id = keyIds?.[name + suffix];
    return {
      suffix,
      expiresAt: text(outputs["expiresAt"]),
      createdAt: text(outputs["createdAt"]),
      serviceAccountId: text(outputs["serviceAccountId"]),
      id,
      retires: id !== undefined && id !== apiKeyId,
    };
  });
}

type Resources = Record<string, { outputs?: Record<string, unknown> }>;
/** One question for all components of a program. A program that runs again in the same process has a new root. */
const asked = new WeakMap<object, Promise<Resources>>();

function stackResources(): Promise<Resources> {
  const root = pulumi.runtime.getStackResource();
  const answer = (root && asked.get(root)) ?? askStackResources();
  if (root) asked.set(root, answer);
  return answer;
}

async function askStackResources(): Promise<Resources> {
  const organization = findOrganization();
  if (organization === undefined) return {};
  const stackName = [organization, pulumi.getProject(), pulumi.getStack()].join("/");
  const ask = () => pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName }, { async: true });
  for (const ms of PAUSES_MS) {
    try {
      return resourcesIn(await ask());
    } catch (error) {
      if (!isHalfWritten(error)) throw error;
      await pause(ms);
    }
  }
  return resourcesIn(await ask());
}

/**
 * A state in a folder is written in place, after each step of the very update that asks, so a question may meet half of
 * it, or none. The next one finds it whole.
 */
const isHalfWritten = (error: unknown): boolean =>
  error instanceof Error && error.message.includes("failed to load checkpoint");

const PAUSES_MS = [20, 50, 100, 200, 400, 800];

const resourcesIn = (answer: { outputs?: Resources } | undefined): Resources => answer?.outputs ?? {};

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A program under test, with mocks in the engine's place, may have no organization; then it has no past either. */
function findOrganization(): string | undefined {
  try {
    return pulumi.getOrganization();
  } catch {
    return undefined;
  }
}
