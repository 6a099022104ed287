import type { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import { pages } from "../cloud/pages";
import type { Context } from "../contract/resource";
import { formatTimestamp } from "../properties/timestamps";
import { ledgerOf } from "./ledger";
import { bearsLabel, makerIn, MARK_LABEL } from "./marker";

/** The variable by which the user takes over accounts of a state that is lost: their IDs, separated by commas. */
export const TAKE_OVER = "YC_TAKE_OVER";

const isTakenOver = ({ id }: ServiceAccount, { settings }: Context): boolean => settings.takeOver.includes(id);

/**
 * Why a resource may not take over an account that has its name, for a sentence; undefined if it may: the user says so,
 * the state has the account under this resource, or this very resource began it and no run finished it. An account
 * that no state knows yet can have neither a key nor a role, because both need its ID: a person who moved it to another
 * state or kept it there (`state move`, `retainOnDelete`) has given it one of them.
 */
export async function reasonToRefuse(account: ServiceAccount, context: Context): Promise<string | undefined> {
  const urn = ledgerOf(context).holderOf(account.id);
  if (urn === context.urn || isTakenOver(account, context)) return undefined;
  if (urn) return `${about(account)}; the resource ${urn.split("::").at(-1)} of this stack has it. Choose another name`;
  if (!bearsLabel(account.labels, context)) return strangersReason(account, context);
  if (await isUnfinished(account, context)) return undefined;
  return `${about(account)}; this resource made it in an earlier run, and it has keys or roles since, so a state knows it. If this run replaces it, choose another name or the option deleteBeforeReplace. If it was moved to another state, choose another name. If it was kept (retainOnDelete, state rm), import it (${importing(account)}) or ${takingOver(account)}`;
}

/** The same, as far as a preview can know it: an account with the mark of somebody else. */
export const strangersReason = (account: ServiceAccount, context: Context): string | undefined =>
  ledgerOf(context).holderOf(account.id) || isTakenOver(account, context) || bearsLabel(account.labels, context)
    ? undefined
    : `${about(account)}; ${looksLike(account)}`;

const about = ({ id, folderId, createdAt }: ServiceAccount): string =>
  `is held by ${id} in folder ${folderId}, made at ${formatTimestamp(createdAt) ?? "an unknown time"}`;

function looksLike(account: ServiceAccount): string {
  const maker = makerIn(account.labels);
  const ways = `import it (${importing(account)}) or choose another name`;
  if (!maker) return `it has no label ${MARK_LABEL}, so another tool or a person made it. To go on, ${ways}`;
  return `its label ${MARK_LABEL} says that a stack of the project and name ${maker} made it, and the state of this run did not. To go on, select the backend that has that state (PULUMI_BACKEND_URL, \`pulumi login\`), ${ways}; if that state is lost, or this stack had another name, another provider or another version of the SDK then, ${takingOver(account)}`;
}

const importing = ({ id }: ServiceAccount): string =>
  `\`pulumi import yandex:index/iamServiceAccount:IamServiceAccount <resource name> ${id}\`, with --generate-code=false where the language host cannot generate code`;

const takingOver = ({ id }: ServiceAccount): string => `take it over with ${TAKE_OVER}=${id} for one run`;

/** Whether a run of this very resource began the account, and nothing shows that the state knows it. */
export const isUnfinished = async (account: ServiceAccount, context: Context): Promise<boolean> =>
  bearsLabel(account.labels, context) && !(await isInUse(account, context));

/** Whether the account has an API key, or a role on its folder. */
async function isInUse({ id, folderId }: ServiceAccount, { cloud, signal }: Context): Promise<boolean> {
  const { apiKeys } = await cloud.iam.apiKeys.list({ serviceAccountId: id, pageSize: 1 }, { signal });
  if (apiKeys.length > 0) return true;
  const bindings = await pages(async (pageToken) => {
    const request = { resourceId: folderId, pageSize: 1000, pageToken };
    const answer = await cloud.resourceManager.folders.listAccessBindings(request, { signal });
    return { items: answer.accessBindings, nextPageToken: answer.nextPageToken };
  });
  return bindings.some(({ subject }) => subject?.id === id);
}
