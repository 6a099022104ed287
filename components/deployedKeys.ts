import * as pulumi from "@pulumi/pulumi";
import { type DeployedKey, KEY_SUFFIX } from "./rotation";

/**
 * The keys of an application that the last `up` left in the state of this stack.
 *
 * A program does not see its own past, yet a key that is simply no longer declared is deleted, whoever holds it. The
 * engine answers what the stack holds, without its resources being declared first.
 *
 * @param componentType type token of the component that the keys are children of
 * @param names the component's logical name, and those it had before
 */
export async function deployedKeys(componentType: string, names: readonly string[]): Promise<DeployedKey[]> {
  const childType = `${componentType}$yandex:index/iamServiceAccountApiKey:IamServiceAccountApiKey`;
  const found: DeployedKey[] = [];
  for (const [urn, { outputs }] of Object.entries(await stackResources())) {
    const [, , type = "", ...rest] = urn.split("::");
    if (!`$${type}`.endsWith(`$${childType}`)) continue;
    const suffix = names
      .filter((name) => rest.join("::").startsWith(name))
      .map((name) => rest.join("::").slice(name.length))
      .find((candidate) => KEY_SUFFIX.test(candidate));
    if (suffix === undefined) continue;
    found.push({ suffix, expiresAt: text(outputs?.["expiresAt"]), createdAt: text(outputs?.["createdAt"]) });
  }
  return found;
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
  const answer = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName }, { async: true });
  return (answer?.outputs ?? {}) as Resources;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A program under test, with mocks in the engine's place, may have no organization; then it has no past either. */
function findOrganization(): string | undefined {
  try {
    return pulumi.getOrganization();
  } catch {
    return undefined;
  }
}
