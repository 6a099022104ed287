import type { Account, Grant, Key, Place, Survey, Unseen } from "../../inventory";
import type { Cloud } from "../../provider/cloud";
import { pages } from "../../provider/cloud/pages";

/** So many questions are under way at a time: enough to hide the way to the cloud, too few to be throttled. */
const AT_ONCE = 32;

type Findings = Pick<Survey, "scope" | "folders" | "accounts" | "keys" | "grants" | "deletedAccounts" | "unseen">;

/** Asks the cloud for everything in a folder, or in all folders of a cloud. Only reads. */
export async function surveyOf(cloud: Cloud, scope: Survey["scope"]): Promise<Findings> {
  const unseen: Unseen[] = [];
  /** The answer; nothing, and a line in `unseen`, where the cloud gives none. */
  const look = async <T>(kind: Unseen["kind"], about: string, ask: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await ask();
    } catch (error) {
      unseen.push({ kind, about, reason: (error as Error).message });
      return [];
    }
  };

  // A scope that cannot be seen at all is a mistake in the command, not a finding.
  const folders = await foldersOf(cloud, scope);
  const clouds = new Set(scope.kind === "cloud" ? [scope.id] : folders.map(({ cloudId }) => cloudId));
  const places: Place[] = [
    ...Array.from(clouds, (id): Place => ({ kind: "cloud", id })),
    ...folders.map(({ id }): Place => ({ kind: "folder", id })),
  ];
  const grants = (
    await each(places, (place) => look("roles", `${place.kind} ${place.id}`, () => grantsOn(cloud, place)))
  ).flat();
  const accounts = (await each(folders, ({ id }) => look("accounts", id, () => accountsIn(cloud, id)))).flat();
  const keys = (await each(accounts, ({ id }) => look("keys", id, () => keysOf(cloud, id)))).flat();

  const here = new Set(accounts.map(({ id }) => id));
  const hidden = new Set(unseen.filter(({ kind }) => kind === "accounts").map(({ about }) => about));
  const strangers = grants.filter(({ subject }) => subject.type === "serviceAccount" && !here.has(subject.id));
  const deleted = await each([...new Set(strangers.map(({ subject }) => subject.id))], (id) =>
    look("account", id, async () => ((await exists(cloud, id, hidden.size > 0)) ? [] : [id])),
  );
  return { scope, folders, accounts, keys, grants, deletedAccounts: deleted.flat(), unseen };
}

async function foldersOf(cloud: Cloud, { kind, id }: Survey["scope"]): Promise<Survey["folders"]> {
  if (kind === "folder") {
    const { name, cloudId } = await cloud.resourceManager.folders.get({ folderId: id });
    return [{ id, name, cloudId }];
  }
  await cloud.resourceManager.clouds.get({ cloudId: id });
  const folders = await pages(async (pageToken) => {
    const answer = await cloud.resourceManager.folders.list({ cloudId: id, pageSize: 1000, pageToken });
    return { items: answer.folders, nextPageToken: answer.nextPageToken };
  });
  return folders.map((folder) => ({ id: folder.id, name: folder.name, cloudId: id }));
}

export async function grantsOn(cloud: Cloud, place: Place): Promise<Grant[]> {
  const { folders, clouds } = cloud.resourceManager;
  const bindings = await pages(async (pageToken) => {
    const request = { resourceId: place.id, pageSize: 1000, pageToken };
    const answer = await (place.kind === "folder" ? folders : clouds).listAccessBindings(request);
    return { items: answer.accessBindings, nextPageToken: answer.nextPageToken };
  });
  return bindings.map(({ roleId, subject }) => ({
    ...{ place, role: roleId },
    subject: { id: subject?.id ?? "", type: subject?.type ?? "" },
  }));
}

const accountsIn = (cloud: Cloud, folderId: string): Promise<Account[]> =>
  pages(async (pageToken) => {
    const answer = await cloud.iam.serviceAccounts.list({ folderId, pageSize: 1000, pageToken });
    const items = answer.serviceAccounts.map(({ id, name, labels }) => ({ id, folderId, name, labels }));
    return { items, nextPageToken: answer.nextPageToken };
  });

const keysOf = (cloud: Cloud, serviceAccountId: string): Promise<Key[]> =>
  pages(async (pageToken) => {
    const answer = await cloud.iam.apiKeys.list({ serviceAccountId, pageSize: 1000, pageToken });
    const items = answer.apiKeys.map(({ id, description, scopes, createdAt, expiresAt, lastUsedAt }) => ({
      ...{ id, accountId: serviceAccountId, description, scopes },
      ...{ createdAt: createdAt?.getTime(), expiresAt: expiresAt?.getTime(), lastUsedAt: lastUsedAt?.getTime() },
    }));
    return { items, nextPageToken: answer.nextPageToken };
  });

/** Only "not found" means that an account no longer exists: one that may not be seen is not known. */
async function exists(cloud: Cloud, serviceAccountId: string, mayBeHidden: boolean): Promise<boolean> {
  try {
    await cloud.iam.serviceAccounts.get({ serviceAccountId });
    return true;
  } catch (error) {
    if (!mayBeHidden && (error as { code?: unknown }).code === "NOT_FOUND") return false;
    throw error;
  }
}

/** The answers in the order of the questions, some at a time. */
async function each<Item, Answer>(items: readonly Item[], ask: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const at = next++;
      answers[at] = await ask(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}
