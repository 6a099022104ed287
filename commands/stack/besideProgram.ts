import type { Cloud } from "../../provider/cloud";
import { pages } from "../../provider/cloud/pages";

/** What a stack manages, as the engine's state has it. */
export interface Managed {
  type: string;
  id?: string;
  urn: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/**
 * Roles and keys that somebody gave to the stack's own accounts beside the program, one sentence each. An account or a
 * folder that cannot be looked at is a sentence of its own.
 */
export async function besideProgram(resources: readonly Managed[], cloud: Cloud): Promise<string[]> {
  const ofType = (name: string) => resources.filter(({ type }) => type.endsWith(`:${name}`));
  const accounts = ofType("IamServiceAccount");
  const names = new Map(
    accounts.map(({ id, urn, outputs }) => [id ?? "", `${nameOf(urn)} (${String(outputs?.["name"])})`]),
  );
  const grants = ofType("ResourcemanagerFolderIamMember").map(({ outputs = {} }) => keyOf(outputs));
  const folders = new Set([
    ...accounts.map(({ outputs }) => outputs?.["folderId"]),
    ...ofType("ResourcemanagerFolderIamMember").map(({ outputs }) => outputs?.["folderId"]),
  ]);
  const keys = new Set(ofType("IamServiceAccountApiKey").map(({ id }) => id));
  const found = await Promise.all([
    ...Array.from(folders, (folder) => rolesOn(String(folder), names, new Set(grants), cloud)),
    ...Array.from(names, ([id, name]) => keysOf(id, name, keys, cloud)),
  ]);
  return found.flat().sort();
}

async function rolesOn(
  folderId: string,
  names: ReadonlyMap<string, string>,
  grants: ReadonlySet<string>,
  cloud: Cloud,
): Promise<string[]> {
  try {
    const bindings = await pages(async (pageToken) => {
      const answer = await cloud.resourceManager.folders.listAccessBindings({
        resourceId: folderId,
        pageSize: 1000,
        pageToken,
      });
      return { items: answer.accessBindings, nextPageToken: answer.nextPageToken };
    });
    return bindings.flatMap(({ roleId, subject }) => {
      const name = names.get(subject?.id ?? "");
      const key = keyOf({ folderId, role: roleId, member: `serviceAccount:${subject?.id}` });
      return name === undefined || grants.has(key) ? [] : [`role ${roleId} of ${name} on folder ${folderId}`];
    });
  } catch (error) {
    return [`not known: the roles on folder ${folderId} cannot be listed (${(error as Error).message})`];
  }
}

async function keysOf(
  serviceAccountId: string,
  name: string,
  keys: ReadonlySet<unknown>,
  cloud: Cloud,
): Promise<string[]> {
  try {
    const listed = await pages(async (pageToken) => {
      const answer = await cloud.iam.apiKeys.list({ serviceAccountId, pageSize: 1000, pageToken });
      return { items: answer.apiKeys, nextPageToken: answer.nextPageToken };
    });
    return listed.filter(({ id }) => !keys.has(id)).map(({ id }) => `API key ${id} of ${name}`);
  } catch (error) {
    // An account that somebody deleted is drift, and stands there already.
    if ((error as { code?: unknown }).code === "NOT_FOUND") return [];
    return [`not known: the keys of ${name} cannot be listed (${(error as Error).message})`];
  }
}

const keyOf = ({ folderId, role, member }: Record<string, unknown>): string => [folderId, role, member].join("\0");

const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
