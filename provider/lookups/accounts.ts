import type { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import type { Cloud } from "../cloud";
import { memoizePerRun } from "../cloud/once";
import { pages } from "../cloud/pages";

export const SERVICE_ACCOUNT_ID = {
  expression: /aje[a-z0-9]{17}/,
  means:
    "be the ID of a service account, aje and 17 more letters and digits, as `yc iam service-account list` prints it",
};

/** Asking for service accounts by name. A name is unique in a cloud; the API lists by folder. */
interface Asking {
  cloud: Cloud;
  signal: AbortSignal;
}

export async function findAccounts(
  folderId: string,
  name: string,
  { cloud, signal }: Asking,
): Promise<ServiceAccount[]> {
  return pages(async (pageToken) => {
    const request = { folderId, filter: `name="${name}"`, pageSize: 1000, pageToken };
    const { serviceAccounts, nextPageToken } = await cloud.iam.serviceAccounts.list(request, { signal });
    return { items: serviceAccounts.filter((account) => account.name === name), nextPageToken };
  });
}

/** All accounts of a folder, listed once in a run. */
export const accountsOf = (folderId: string, { cloud, signal }: Asking): Promise<ServiceAccount[]> =>
  memoizePerRun(cloud, `accounts of ${folderId}`, () =>
    pages(async (pageToken) => {
      const request = { folderId, pageSize: 1000, pageToken };
      const { serviceAccounts, nextPageToken } = await cloud.iam.serviceAccounts.list(request, { signal });
      return { items: serviceAccounts, nextPageToken };
    }),
  );

/**
 * Who holds a name, for a message: where it is and how it can be taken over. Undefined where the caller may not look.
 */
export async function holderOf(
  wanted: { name: string; folderId: string },
  asking: Asking,
): Promise<string | undefined> {
  try {
    for (const folderId of await foldersAround(wanted.folderId, asking)) {
      const [account] = await findAccounts(folderId, wanted.name, asking);
      if (account) return `${account.id} in folder ${folderId}`;
    }
  } catch {
    // The refusal that is being explained matters more than why its cause cannot be looked up.
  }
  return undefined;
}

async function foldersAround(folderId: string, { cloud, signal }: Asking): Promise<string[]> {
  const { cloudId } = await cloud.resourceManager.folders.get({ folderId }, { signal });
  const folders = await pages(async (pageToken) => {
    const request = { cloudId, pageSize: 1000, pageToken };
    const answer = await cloud.resourceManager.folders.list(request, { signal });
    return { items: answer.folders, nextPageToken: answer.nextPageToken };
  });
  return [folderId, ...folders.map(({ id }) => id).filter((id) => id !== folderId)];
}
