import type { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import type { Run } from "../contract/resource";
import { undefinedIfNotFound } from "../cloud/errors";
import { rememberPerRun } from "../cloud/once";

/** Reads of one refresh share a list for so long; what is older is asked for again. */
const LIST_LIVES_MS = 5_000;
/** The most that the API gives in one answer. */
const PAGE_SIZE = 1000;

interface AccountReads {
  /** The account as the cloud has it now; undefined if the cloud does not have it. */
  read(id: string, signal: AbortSignal): Promise<ServiceAccount | undefined>;
  /** The run has changed an account of the folder, so what was listed before no longer holds. */
  forget(): void;
}

/**
 * Reads of service accounts of a folder. The first one of a run asks for its account. The second one asks for the first page
 * of the folder's accounts, which answers those that follow. An account that is not on the page is asked for by itself: only
 * that says that it no longer exists. So is each account where the caller may not list, or whose folder is not known.
 */
export const accountReads = (folderId: string | undefined, run: Pick<Run, "cloud" | "now">): AccountReads =>
  rememberPerRun(run.cloud, `reads of accounts of ${folderId}`, () => gatherReads(folderId, run));

function gatherReads(folderId: string | undefined, { cloud, now }: Pick<Run, "cloud" | "now">): AccountReads {
  const { serviceAccounts } = cloud.iam;
  let isFirst = true;
  let page: { at: number; accounts: Promise<Map<string, ServiceAccount>> } | undefined;

  const list = async (signal: AbortSignal): Promise<Map<string, ServiceAccount>> => {
    if (!folderId) return new Map();
    const answer = await serviceAccounts.list({ folderId, pageSize: PAGE_SIZE }, { signal });
    return new Map(answer.serviceAccounts.map((account) => [account.id, account]));
  };
  const listed = (signal: AbortSignal): Promise<Map<string, ServiceAccount>> => {
    if (!page || now() - page.at >= LIST_LIVES_MS)
      page = { at: now(), accounts: list(signal).catch(() => new Map<string, ServiceAccount>()) };
    return page.accounts;
  };
  return {
    async read(id, signal) {
      const known = isFirst ? undefined : listed(signal);
      isFirst = false;
      const ask = () => serviceAccounts.get({ serviceAccountId: id }, { signal });
      return (await known)?.get(id) ?? undefinedIfNotFound(ask);
    },
    forget: () => (page = undefined),
  };
}
