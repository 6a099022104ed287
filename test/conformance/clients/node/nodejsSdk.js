// The vendor's Node.js SDK for the control plane. It knows TLS only, and its own exchange of keys cannot be turned around: it gets a token.
const { readFileSync } = require("node:fs");
const { Session, waitForOperation } = require("@yandex-cloud/nodejs-sdk");
const access = require("@yandex-cloud/nodejs-sdk/dist/generated/yandex/cloud/access/access");
const { ApiKey } = require("@yandex-cloud/nodejs-sdk/iam-v1/api_key");
const key = require("@yandex-cloud/nodejs-sdk/iam-v1/api_key_service");
const { ServiceAccount } = require("@yandex-cloud/nodejs-sdk/iam-v1/service_account");
const account = require("@yandex-cloud/nodejs-sdk/iam-v1/service_account_service");
const folder = require("@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service");
const { Refused, serve } = require("./worker.js");

const services = {
  ServiceAccountService: [account.ServiceAccountServiceClient, (verb) => account[`${verb}ServiceAccountRequest`]],
  ApiKeyService: [key.ApiKeyServiceClient, (verb) => key[`${verb}ApiKeyRequest`]],
  FolderService: [folder.FolderServiceClient, (verb) => folder[`${verb}FolderRequest`] ?? access[`${verb}Request`]],
};
const lists = {
  "ServiceAccountService/List": account.ListServiceAccountsRequest,
  "ApiKeyService/List": key.ListApiKeysRequest,
};
// What the operations of these calls answer with; nobody looks at that of the others.
const responses = {
  "ServiceAccountService/Create": ServiceAccount,
  "ServiceAccountService/Update": ServiceAccount,
  "ApiKeyService/Update": ApiKey,
};
const endpoint = process.env.CLOUD_TLS_ENDPOINT;
const rootCerts = readFileSync(process.env.CLOUD_CA_FILE);

serve(async ({ call, as, request }) => {
  const [service, verb] = call.split("/");
  const [Client, requestOf] = services[service];
  const session = new Session({ iamToken: as.token, ssl: { rootCerts } });
  const mask = request.updateMask && { updateMask: { paths: request.updateMask.split(",") } };
  const message = (lists[call] ?? requestOf(verb)).fromJSON({ ...request, ...mask });
  try {
    const answer = await session.client(Client, endpoint)[verb[0].toLowerCase() + verb.slice(1)](message);
    if (!("done" in answer)) return answer;
    const operation = await waitForOperation(answer, session, 30_000, endpoint);
    return responses[call]?.decode(operation.response.value);
  } catch (error) {
    // An operation that failed is thrown as it is.
    if (error.error) throw new Refused(error.error.code, error.error.message);
    if (typeof error.code === "number") throw new Refused(error.code, error.details ?? error.message);
    throw error;
  }
});
