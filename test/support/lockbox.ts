import type { Emulator } from "../../emulator/emulator";
import { openApi } from "./api";
import type { Json } from "./api";

/** Lockbox as somebody else sees it who may do everything. */
export async function ask(cloud: Emulator, method: string, request: object): Promise<Json> {
  using api = openApi(cloud, "grpc");
  return await api.call(method, request);
}

export const secretsOf = async (cloud: Emulator, folderId = cloud.folderId): Promise<Json[]> =>
  ((await ask(cloud, "SecretService/List", { folderId })).secrets ?? []) as Json[];
export const versionsOf = async (cloud: Emulator, secretId: string): Promise<Json[]> =>
  ((await ask(cloud, "SecretService/ListVersions", { secretId })).versions ?? []) as Json[];
export async function entriesOf(cloud: Emulator, secretId: string): Promise<Record<string, string>> {
  const { entries = [] } = await ask(cloud, "PayloadService/Get", { secretId });
  return Object.fromEntries((entries as Json[]).map(({ key, textValue }) => [key, textValue]));
}

export async function addSecret(cloud: Emulator, entries: Json[] = []): Promise<string> {
  await ask(cloud, "SecretService/Create", {
    folderId: cloud.folderId,
    name: "theirs",
    versionPayloadEntries: entries,
  });
  return (await secretsOf(cloud)).find(({ name }) => name === "theirs")?.id as string;
}
