import type { State } from "../store/state";

/** Live accounts, keys and grants, without times, in a fixed order: two of them are equal when nothing changed. */
export interface WorldSnapshot {
  folders: { id: string; cloudId: string; name: string }[];
  accounts: { id: string; folderId: string; name: string; description: string; labels: Record<string, string> }[];
  apiKeys: {
    id: string;
    serviceAccountId: string;
    description: string;
    scopes: string[];
    expiresAt?: string;
    maskedSecret: string;
  }[];
  grants: { resourceId: string; roleId: string; subjectType: string; subjectId: string }[];
}

export function takeSnapshot(state: State): WorldSnapshot {
  return {
    folders: [...state.folders.values()].map(({ id, cloudId, name }) => ({ id, cloudId, name })).sort(byText),
    accounts: [...state.accounts.values()]
      .map(({ id, folderId, name, description, labels }) => ({
        id,
        folderId,
        name,
        description,
        labels: { ...labels },
      }))
      .sort(byText),
    apiKeys: [...state.apiKeys.values()]
      .filter((key) => key.deletedAt === undefined)
      .map(({ id, serviceAccountId, description, scopes, expiresAt, maskedSecret }) => ({
        id,
        serviceAccountId,
        description,
        scopes: [...scopes].sort(),
        ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
        maskedSecret,
      }))
      .sort(byText),
    grants: [...state.bindings.values()]
      .filter((binding) => binding.until === undefined)
      .map(({ resourceId, roleId, subjectType, subjectId }) => ({ resourceId, roleId, subjectType, subjectId }))
      .sort(byText),
  };
}

const byText = (a: object, b: object) => {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};
