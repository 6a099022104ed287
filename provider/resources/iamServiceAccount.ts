import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import { CreateServiceAccountMetadata } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account_service";
import type { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import { accountReads } from "../lookups/accountReads";
import { accountsOf, findAccounts, holderOf } from "../lookups/accounts";
import { backoff } from "../backoff";
import {
  describeError,
  rethrow,
  undefinedIfNotFound,
  isAlreadyExists,
  isAmbiguous,
  OperationFailed,
} from "../cloud/errors";
import type { About } from "../cloud/errors";
import { FOLDER, unknownFolder } from "../lookups/folders";
import { ledgerOf } from "../ownership/ledger";
import { RETRY_SCHEDULE } from "../cloud/retries";
import { isUnfinished, reasonToRefuse, strangersReason } from "../ownership/claim";
import type { Maker } from "../ownership/marker";
import { labelOf, MARK_LABEL } from "../ownership/marker";
import { ACCOUNT_NAME } from "../contract/autonaming";
import type { Failure } from "../properties/check";
import { map, output, text, time } from "../properties";
import { InitializationFailed } from "../contract/resource";
import type { Context, Resource } from "../contract/resource";
import { formatTimestamp } from "../properties/timestamps";

/**
 * The identity by which an application calls the cloud. Its name is unique in the whole cloud, not only in its folder.
 */
export interface ServiceAccountInputs {
  name: string;
  description?: string;
  folderId: string;
  labels?: Record<string, string>;
}

export interface ServiceAccountState extends ServiceAccountInputs {
  createdAt?: string;
}

/**
 * A name may be taken by an account that is not to be found: its creation is still under way, begun by a run that was
 * killed, or it is in a folder that the caller may not see. So long a creation is given to end.
 */
const NAME_PATIENCE_MS = 30_000;

const LABEL = { expression: /[-_0-9a-z]*/, means: "have only lower-case letters, digits, hyphens and underscores" };

export const iamServiceAccount: Resource<ServiceAccountInputs, ServiceAccountState> = {
  token: "yandex:index/iamServiceAccount:IamServiceAccount",
  description:
    "A service account: the identity by which an application calls Yandex Cloud. Grant it roles with `ResourcemanagerFolderIamMember` and create a key with `IamServiceAccountApiKey`.",

  properties: {
    name: text(
      "Name of the service account, unique in the cloud: 3 to 63 lower-case letters, digits and hyphens. Default: the resource's name and a random suffix.",
      {
        required: true,
        hasDefault: true,
        pattern: ACCOUNT_NAME,
        missing: "is not set, and the project's settings disable autonaming; give a name",
      },
    ),
    description: text("Shown in the management console. At most 256 characters.", { max: 256, filled: true }),
    folderId: text("Folder of the account. Default: the provider's folder. A change replaces the account.", {
      ...FOLDER,
      onChange: "replace",
    }),
    labels: map("Labels of the account, at most 63.", {
      max: 63,
      filled: true,
      keys: { expression: /[a-z][-_0-9a-z]{0,62}/, means: `begin with a letter and ${LABEL.means}, at most 63` },
      pattern: { expression: /[-_0-9a-z]{0,63}/, means: `${LABEL.means}, at most 63` },
    }),
    createdAt: output(time("When the cloud created the account.")),
  },

  defaults: (inputs, { oldInputs, proposedName, settings }) => ({
    name: inputs.name ?? (oldInputs?.name as string | undefined) ?? proposedName,
    folderId: inputs.folderId ?? settings.folderId,
  }),

  check: (inputs) =>
    inputs.labels?.[MARK_LABEL] === undefined
      ? []
      : [{ property: "labels", reason: `has ${MARK_LABEL}, which the provider sets itself; take it out` }],

  observe({ urn, id, same }, run) {
    if (id) ledgerOf(run).holdAccount(urn, id);
    if (id && same) ledgerOf(run).accountStays(urn, id, "same");
  },

  async previewCheck({ name, folderId }, context) {
    const failures = [unknownFolder(folderId, context), takenName(name, folderId, context)];
    return (await Promise.all(failures)).flat();
  },

  // The cloud knows a name once: as long as the old account holds it, a new one cannot have it. A generated name
  // is kept only for as long as the account is; its replacement gets another.
  deleteBeforeReplace: (old, wanted, { filledIn, proposedName }) =>
    old.name === wanted.name && !(filledIn.has("name") && proposedName !== old.name),

  async create(inputs, context) {
    const about = { what: `service account ${inputs.name}`, folderId: inputs.folderId };
    const until = context.now() + NAME_PATIENCE_MS;
    const ledger = ledgerOf(context);
    const due = ledger.takeDueDeletion(context.urn);
    if (due) await remove(due, about, context);
    for (let attempt = 0; ; attempt++) {
      try {
        const operation = await context.cloud.iam.serviceAccounts.create(request(inputs, context), context);
        const account = await made(operation, inputs, context);
        ledger.accountMade(account.id);
        ledger.accountStays(context.urn, account.id, "written");
        return { id: account.id, state: { ...inputs, createdAt: formatTimestamp(account.createdAt) } };
      } catch (error) {
        if (error instanceof InitializationFailed) throw error;
        if (!isAlreadyExists(error)) throw await perhapsMade(describeError(error, about), inputs, context);
        const [account] = await findAccounts(inputs.folderId, inputs.name, context);
        if (account) {
          const reason = await reasonToRefuse(account, context).catch(rethrow(about));
          if (reason) throw new Error(`${about.what}: the name ${reason}`, { cause: error });
          // Begun by a run that ended before the state knew of it; or about to be replaced.
          ledger.accountStays(context.urn, account.id, "written");
          context.log("info", `service account ${inputs.name} (${account.id}) exists already and is taken over`);
          return { id: account.id, state: await change(account.id, inputs, ["description", "labels"], context) };
        }
        // An account that is found at once is another one; ours appears later.
        const holder = attempt === 0 ? await holderOf(inputs, context) : undefined;
        const taken = describeError(error, { ...about, holder });
        if (holder || context.now() > until) throw taken;
        context.logStatus(`the name ${inputs.name} is taken by an account that is not to be seen yet; waiting for it`);
        await context.sleep(backoff(RETRY_SCHEDULE, attempt, context.random()), context.signal).catch(() => {
          throw taken;
        });
      }
    }
  },

  async read(id, old, context) {
    const reading = accountReads(old?.folderId, context).read(id, context.signal);
    const account = await reading.catch(
      rethrow({ what: `reading service account ${old?.name ?? id}`, folderId: old?.folderId }),
    );
    return account && { id, state: seen(account) };
  },

  async update(id, inputs, _old, changed, context) {
    ledgerOf(context).accountStays(context.urn, id, "written");
    return change(id, inputs, changed, context);
  },

  async delete(id, old, context) {
    // The engine does not announce a replacement that the user demands: the provider has got the old account again,
    // perhaps by an earlier run that did not come to this deletion.
    const stays = ledgerOf(context).staying(id);
    // Or it is the first half of a replacement, and the creation comes next.
    if (stays === "same") ledgerOf(context).postponeDeletion(context.urn, id);
    if (stays) {
      const why = "as its name can be had only once; give it another name, or deleteBeforeReplace";
      return context.log("warning", `service account ${old.name} (${id}) is still the same, ${why}`);
    }
    await remove(id, { what: `service account ${old.name}`, folderId: old.folderId }, context);
  },
};

async function remove(id: string, about: About, context: Context): Promise<void> {
  const { iam, done } = context.cloud;
  const deletion = () => iam.serviceAccounts.delete({ serviceAccountId: id }, context);
  await undefinedIfNotFound(() => done(deletion(), undefined, context))
    .catch(rethrow(about))
    .finally(() => accountReads(about.folderId, context).forget());
}

/** Whether somebody else has the name. Says nothing where the cloud cannot or may not be asked. */
async function takenName(name: string | undefined, folderId: string | undefined, context: Context): Promise<Failure[]> {
  if (!name || !folderId) return [];
  const accounts = await accountsOf(folderId, context).catch(() => []);
  const account = accounts.find((each) => each.name === name);
  const reason = account && strangersReason(account, context);
  return reason ? [{ property: "name", reason }] : [];
}

const request = (inputs: ServiceAccountInputs, maker: Maker) => ({
  folderId: inputs.folderId,
  name: inputs.name,
  description: inputs.description ?? "",
  labels: { ...inputs.labels, [MARK_LABEL]: labelOf(maker) },
});

function seen(account: ServiceAccount): ServiceAccountState {
  const { [MARK_LABEL]: _mark, ...labels } = account.labels;
  return {
    name: account.name,
    description: account.description,
    folderId: account.folderId,
    labels,
    createdAt: formatTimestamp(account.createdAt),
  };
}

/** How long is looked for an account that may have been made; the user may be waiting for the run to end. */
const LOOK_MS = 2_000;

/** An account whose answer was lost is kept if it is there: no later run would find one whose name was generated. */
async function perhapsMade(error: Error, inputs: ServiceAccountInputs, context: Context): Promise<Error> {
  if (!isAmbiguous(error)) return error;
  const { cloud } = context;
  using limit = context.timeLimit(LOOK_MS);
  const looking = findAccounts(inputs.folderId, inputs.name, { cloud, signal: limit.signal });
  const [account] = await looking.catch(() => []);
  const began = account && (await isUnfinished(account, { ...context, signal: limit.signal }).catch(() => false));
  if (!began) return error;
  return new InitializationFailed(account.id, { ...inputs }, `${error.message}; ${GO_ON}`);
}

const GO_ON = "run the update again to go on with it";

/** Waits until the account is there. If the waiting fails the account may be there all the same, so it is kept. */
async function made(operation: Operation, inputs: ServiceAccountInputs, context: Context): Promise<ServiceAccount> {
  try {
    const account = await context.cloud.done(operation, ServiceAccount, context);
    if (!account) throw new Error("the cloud answered the creation without the service account");
    return account;
  } catch (error) {
    const id = operation.metadata && CreateServiceAccountMetadata.decode(operation.metadata.value).serviceAccountId;
    if (!id || isFinal(error)) throw error;
    const reason = `the cloud began to create service account ${inputs.name} (${id}), but ${(error as Error).message}`;
    throw new InitializationFailed(id, { ...inputs }, `${reason}; ${GO_ON}`);
  }
}

/** The operation itself ended with an error, so there is no account. */
const isFinal = (error: unknown): boolean => error instanceof OperationFailed;

async function change(id: string, inputs: ServiceAccountInputs, changed: string[], context: Context) {
  const { iam, done } = context.cloud;
  const account = await (
    changed.length === 0
      ? iam.serviceAccounts.get({ serviceAccountId: id }, context)
      : // The API wants the name in every update, also where the mask does not hold it.
        done(
          iam.serviceAccounts.update(
            { serviceAccountId: id, ...request(inputs, context), updateMask: { paths: changed } },
            context,
          ),
          ServiceAccount,
          context,
        )
  )
    .catch(async (error: unknown) => {
      const holder = isAlreadyExists(error) ? await holderOf(inputs, context) : undefined;
      throw describeError(error, { what: `service account ${inputs.name}`, folderId: inputs.folderId, holder });
    })
    .finally(() => accountReads(inputs.folderId, context).forget());
  return { ...inputs, createdAt: formatTimestamp(account?.createdAt) };
}
