import { checkInputs } from "./properties/check";
import type { Failure } from "./properties/check";
import { cloudTime } from "./lookups/cloudTime";
import { findAccounts, SERVICE_ACCOUNT_ID } from "./lookups/accounts";
import { rethrow } from "./cloud/errors";
import { FOLDER_ID } from "./lookups/folders";
import { pages } from "./cloud/pages";
import { isEmpty, map, output, set, text, time } from "./properties";
import type { PropertyTable } from "./properties";
import type { Context } from "./contract/resource";
import { listScopes } from "./lookups/scopes";
import { formatTimestamp } from "./properties/timestamps";
import { holdsUnknown, unwrapSecrets, copySecrets } from "./properties/values";
import type { PlainProperties, Properties } from "./properties/values";

/** A question that a program asks of the cloud. */
interface FunctionDeclaration {
  token: string;
  description: string;
  inputs: PropertyTable;
  outputs: PropertyTable;
  /** Exactly one of these must be given. */
  oneOf?: readonly string[];
  ask(args: Record<string, string | undefined>, context: Context): Promise<object>;
}

/** A name is put into a filter in quotes. */
const NAME = { expression: /[-\w]+/, means: "be a name, of letters, digits and hyphens" };

const getIamServiceAccount: FunctionDeclaration = {
  token: "yandex:index/getIamServiceAccount:getIamServiceAccount",
  description: "Looks up a service account by its ID, or by its name in a folder.",
  inputs: {
    serviceAccountId: text("ID of the account. Either this or `name` is needed.", { pattern: SERVICE_ACCOUNT_ID }),
    name: text("Name of the account. Either this or `serviceAccountId` is needed.", { pattern: NAME }),
    folderId: text("Folder in which to look for the name. Default: the provider's folder.", { pattern: FOLDER_ID }),
  },
  oneOf: ["serviceAccountId", "name"],
  outputs: {
    id: output(text("ID of the account.")),
    serviceAccountId: output(text("ID of the account.")),
    name: output(text("Name of the account.")),
    description: output(text("Description of the account.")),
    folderId: output(text("Folder of the account.")),
    createdAt: output(time("When the cloud created the account.")),
    labels: output(map("Labels of the account.", {})),
  },
  async ask({ serviceAccountId, name, folderId }, context) {
    const folder = folderId ?? context.settings.folderId;
    const account = serviceAccountId
      ? await context.cloud.iam.serviceAccounts
          .get({ serviceAccountId }, context)
          .catch(rethrow({ what: `service account ${serviceAccountId}` }))
      : await byName(name!, folder, context);
    const { id, description, labels, createdAt } = account;
    return {
      id,
      serviceAccountId: id,
      name: account.name,
      description,
      folderId: account.folderId,
      createdAt: formatTimestamp(createdAt),
      labels,
    };
  },
};

async function byName(name: string, folderId: string | undefined, context: Context) {
  if (!folderId) throw new Error("getIamServiceAccount needs folderId to look for a name, here or as yandex:folderId");
  const accounts = await findAccounts(folderId, name, context).catch(
    rethrow({ what: `service account ${name}`, folderId }),
  );
  return onlyOne(accounts, {
    none: `folder ${folderId} has no service account named ${name}; check the name and the folder`,
    several: `folder ${folderId} has several service accounts named ${name}`,
    instead: "serviceAccountId",
  });
}

function onlyOne<Item extends { id: string }>(
  items: Item[],
  { none, several, instead }: { none: string; several: string; instead: string },
): Item {
  const [item, ...more] = items;
  if (!item) throw new Error(none);
  if (more.length > 0) throw new Error(`${several}: ${items.map(({ id }) => id).join(", ")}; give ${instead}`);
  return item;
}

const getResourcemanagerFolder: FunctionDeclaration = {
  token: "yandex:index/getResourcemanagerFolder:getResourcemanagerFolder",
  description: "Looks up a folder by its ID, or by its name in a cloud.",
  inputs: {
    folderId: text("ID of the folder. Either this or `name` is needed.", { pattern: FOLDER_ID }),
    name: text("Name of the folder. Either this or `folderId` is needed.", { pattern: NAME }),
    cloudId: text("Cloud in which to look for the name. Default: the provider's cloud."),
  },
  oneOf: ["folderId", "name"],
  outputs: {
    id: output(text("ID of the folder.")),
    folderId: output(text("ID of the folder.")),
    name: output(text("Name of the folder.")),
    description: output(text("Description of the folder.")),
    cloudId: output(text("Cloud that the folder belongs to.")),
    status: output(text("State of the folder: `active`, `deleting` or `pending_deletion`.")),
    createdAt: output(time("When the cloud created the folder.")),
    labels: output(map("Labels of the folder.", {})),
  },
  async ask({ folderId, name, cloudId }, context) {
    const { folders } = context.cloud.resourceManager;
    const folder = folderId
      ? await folders.get({ folderId }, context).catch(rethrow({ what: `folder ${folderId}`, folderId }))
      : await folderByName(name!, cloudId ?? context.settings.cloudId, context);
    const { id, description, labels, createdAt, status } = folder;
    return {
      id,
      folderId: id,
      name: folder.name,
      description,
      cloudId: folder.cloudId,
      status: (STATUSES[status] ?? "unknown") as string,
      createdAt: formatTimestamp(createdAt),
      labels,
    };
  },
};

const STATUSES: Record<number, string> = { 1: "active", 2: "deleting", 3: "pending_deletion" };

async function folderByName(name: string, cloudId: string | undefined, { cloud, signal }: Context) {
  if (!cloudId) throw new Error("getResourcemanagerFolder needs cloudId to look for a name, here or as yandex:cloudId");
  const folders = await pages(async (pageToken) => {
    const request = { cloudId, filter: `name="${name}"`, pageSize: 1000, pageToken };
    const answer = await cloud.resourceManager.folders.list(request, { signal });
    return { items: answer.folders, nextPageToken: answer.nextPageToken };
  }).catch(rethrow({ what: `folder ${name}` }));
  return onlyOne(
    folders.filter((folder) => folder.name === name),
    {
      none: `cloud ${cloudId} has no folder named ${name} that the deployer may see; check the name and the cloud`,
      several: `cloud ${cloudId} has several folders named ${name}`,
      instead: "folderId",
    },
  );
}

const getIamApiKeyScopes: FunctionDeclaration = {
  token: "yandex:index/getIamApiKeyScopes:getIamApiKeyScopes",
  description:
    "All scopes that an API key can have, as the cloud lists them at the time of the call. Not available in the bridged provider.",
  inputs: {},
  outputs: { scopes: output(set("The scopes, in alphabetical order.")) },
  async ask(_args, context) {
    const scopes = await listScopes(context).catch(rethrow({ what: "the list of scopes" }));
    return { scopes: [...scopes].sort() };
  },
};

const getIamApiKeyIds: FunctionDeclaration = {
  token: "yandex:index/getIamApiKeyIds:getIamApiKeyIds",
  description:
    "IDs of all API keys of a service account, including keys that other programs created. Not available in the bridged provider.",
  inputs: {
    serviceAccountId: text("ID of the account.", { required: true, pattern: SERVICE_ACCOUNT_ID }),
  },
  outputs: { ids: output(set("The IDs, in alphabetical order.")) },
  async ask({ serviceAccountId }, { cloud, signal }) {
    const keys = await pages(async (pageToken) => {
      const request = { serviceAccountId: serviceAccountId!, pageSize: 1000, pageToken };
      const { apiKeys, nextPageToken } = await cloud.iam.apiKeys.list(request, { signal });
      return { items: apiKeys, nextPageToken };
    }).catch(rethrow({ what: `the API keys of service account ${serviceAccountId}` }));
    return { ids: keys.map(({ id }) => id).sort() };
  },
};

const getCloudTime: FunctionDeclaration = {
  token: "yandex:index/getCloudTime:getCloudTime",
  description:
    "The time of the cloud's clock, which decides whether a key has expired; the clock of this machine can be wrong. Not available in the bridged provider.",
  inputs: {},
  outputs: { time: output(time("The time, to the second, such as `2027-01-31T00:00:00Z`.")) },
  async ask(_args, context) {
    return { time: await cloudTime(context) };
  },
};

export const functionDeclarations = [
  getIamServiceAccount,
  getResourcemanagerFolder,
  getIamApiKeyScopes,
  getIamApiKeyIds,
  getCloudTime,
];

export async function functions(token: string, args: Properties, context: Context) {
  const found = functionDeclarations.find((declaration) => declaration.token === token);
  if (!found) throw new Error(`the provider yandex has no function ${token}`);
  const plain = unwrapSecrets(args);
  const failures = checkInputs(found.inputs, plain, { old: {}, now: context.now(), secret: new Set() });
  if (failures.length > 0) return { result: {}, failures };
  requireOneOf(found, plain);
  if (holdsUnknown(plain)) return { result: {}, failures: [] as Failure[] };
  const result = (await found.ask(plain as Record<string, string>, context)) as PlainProperties;
  return { result: copySecrets(result, args), failures: [] as Failure[] };
}

/** What is not known yet is given all the same. */
function requireOneOf({ token, oneOf = [] }: FunctionDeclaration, args: PlainProperties): void {
  const given = oneOf.filter((name) => !isEmpty(args[name]));
  const name = token.split(":").at(-1);
  if (given.length > 1) throw new Error(`${name} was given ${given.join(" and ")}; give one of them`);
  if (oneOf.length > 0 && given.length === 0) throw new Error(`${name} needs ${oneOf.join(" or ")}`);
}
