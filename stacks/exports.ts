import type * as pulumi from "@pulumi/pulumi";
import type { AiStudioAccess } from "../components";
import { startingModel } from "../components/capabilities";
import type { Mistake } from "../components/argumentErrors";
import type { ApplicationSettings } from "./settings";

/**
 * What a stack exports for an application, as plain strings: scripts, workflows and other stacks read one value each,
 * and only the keys are secret. An application called `my-shop` has `myShopApiKey` and so on.
 */
export function exportsOf(
  name: string,
  access: AiStudioAccess,
  { capabilities, model, rotation, apiKey, deliverTo }: ApplicationSettings,
): Record<string, pulumi.Output<string | undefined>> {
  const [scheme, start] = startingModel(capabilities) ?? (model ? ["gpt", model] : []);
  return prefixed(name, {
    ...(deliverTo ? { SecretId: access.secretId } : { ApiKey: access.apiKey }),
    ApiKeyId: access.apiKeyId,
    ServiceAccountId: access.serviceAccountId,
    ServiceAccountName: access.serviceAccountName,
    FolderId: access.folderId,
    BaseUrl: access.baseUrl,
    ...(start && { Model: access.modelUri(model ?? start, scheme) }),
    ...((rotation || apiKey?.expiresAt) && { ApiKeyExpiresAt: access.apiKeyExpiresAt }),
    // Empty instead of absent, so that readers of an output never meet one that does not exist.
    ...(rotation && {
      ...(!deliverTo && { PreviousApiKey: access.previousApiKey.apply((key) => key ?? "") }),
      PreviousApiKeyId: access.previousApiKeyId.apply((id) => id ?? ""),
    }),
  });
}

/** Applications whose outputs would have the same names; the later one is to blame. */
export function exportMistakes(names: readonly string[]): Mistake[] {
  const owners = new Map<string, string>();
  return names.flatMap((name) => {
    const keys = ENDINGS.map((ending) => exportPrefix(name) + ending);
    const taken = keys.find((key) => owners.has(key));
    const mistakes =
      taken === undefined ? [] : [{ path: ["apps", name], reason: sameExport(taken, owners.get(taken)) }];
    for (const key of keys) owners.set(key, name);
    return mistakes;
  });
}

const sameExport = (key: string, other: string | undefined): string =>
  `would export ${key}, as ${other} does; rename one of them`;

type Ending = (typeof ENDINGS)[number];

const ENDINGS = [
  "ApiKey",
  "ApiKeyId",
  "ServiceAccountId",
  "ServiceAccountName",
  "FolderId",
  "BaseUrl",
  "Model",
  "ApiKeyExpiresAt",
  "PreviousApiKey",
  "PreviousApiKeyId",
  "SecretId",
] as const;

/** The application of these that exports an output; undefined for an output of something else. */
export const exporterOf = (output: string, applications: readonly string[]): string | undefined =>
  applications.find((name) => ENDINGS.some((ending) => exportPrefix(name) + ending === output));

const prefixed = <T>(name: string, values: Partial<Record<Ending, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([ending, value]) => [exportPrefix(name) + ending, value as T]));

/** What the names of an application's outputs begin with: `myShop` for `my-shop`. */
export const exportPrefix = (application: string): string =>
  application
    .replace(/^[A-Z]+/, (letters) => letters.toLowerCase())
    .replace(/-+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/-+$/, "");
