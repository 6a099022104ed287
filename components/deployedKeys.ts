import * as pulumi from "@pulumi/pulumi";
import { pause } from "./clock";
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
