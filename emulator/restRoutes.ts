import * as access from "@yandex-cloud/nodejs-sdk/dist/generated/yandex/cloud/access/access";
import { ApiEndpoint } from "@yandex-cloud/nodejs-sdk/endpoint/api_endpoint";
import * as endpoint from "@yandex-cloud/nodejs-sdk/endpoint/api_endpoint_service";
import { ApiKey } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key";
import * as apiKey from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import * as iamToken from "@yandex-cloud/nodejs-sdk/iam-v1/iam_token_service";
import { Key } from "@yandex-cloud/nodejs-sdk/iam-v1/key";
import * as key from "@yandex-cloud/nodejs-sdk/iam-v1/key_service";
import { Role } from "@yandex-cloud/nodejs-sdk/iam-v1/role";
import * as role from "@yandex-cloud/nodejs-sdk/iam-v1/role_service";
import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import * as serviceAccount from "@yandex-cloud/nodejs-sdk/iam-v1/service_account_service";
import { Payload } from "@yandex-cloud/nodejs-sdk/lockbox-v1/payload";
import * as payload from "@yandex-cloud/nodejs-sdk/lockbox-v1/payload_service";
import { Secret } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import * as secret from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import * as operation from "@yandex-cloud/nodejs-sdk/operation/operation_service";
import { Cloud } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/cloud";
import * as cloud from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/cloud_service";
import { Folder } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder";
import * as folder from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";

/** `GET /path/{field}`, the call it stands for, and its request and response messages. */
export type RestRoute = [route: string, rpc: { path: string }, request: unknown, response: unknown];

/** The HTTP options of the API definitions, one line each. */
export const restRoutes: RestRoute[] = [
  [
    "GET /endpoints",
    endpoint.ApiEndpointServiceService.list,
    endpoint.ListApiEndpointsRequest,
    endpoint.ListApiEndpointsResponse,
  ],
  [
    "GET /endpoints/{apiEndpointId}",
    endpoint.ApiEndpointServiceService.get,
    endpoint.GetApiEndpointRequest,
    ApiEndpoint,
  ],

  ["GET /operations/{operationId}", operation.OperationServiceService.get, operation.GetOperationRequest, Operation],
  // The definition says GET, the guide POST.
  [
    "GET /operations/{operationId}:cancel",
    operation.OperationServiceService.cancel,
    operation.CancelOperationRequest,
    Operation,
  ],
  [
    "POST /operations/{operationId}:cancel",
    operation.OperationServiceService.cancel,
    operation.CancelOperationRequest,
    Operation,
  ],

  [
    "POST /iam/v1/tokens",
    iamToken.IamTokenServiceService.create,
    iamToken.CreateIamTokenRequest,
    iamToken.CreateIamTokenResponse,
  ],
  [
    "POST /iam/v1/tokens:createForServiceAccount",
    iamToken.IamTokenServiceService.createForServiceAccount,
    iamToken.CreateIamTokenForServiceAccountRequest,
    iamToken.CreateIamTokenResponse,
  ],
  [
    "POST /iam/v1/tokens:revoke",
    iamToken.IamTokenServiceService.revoke,
    iamToken.RevokeIamTokenRequest,
    iamToken.RevokeIamTokenResponse,
  ],

  [
    "GET /iam/v1/serviceAccounts",
    serviceAccount.ServiceAccountServiceService.list,
    serviceAccount.ListServiceAccountsRequest,
    serviceAccount.ListServiceAccountsResponse,
  ],
  [
    "POST /iam/v1/serviceAccounts",
    serviceAccount.ServiceAccountServiceService.create,
    serviceAccount.CreateServiceAccountRequest,
    Operation,
  ],
  [
    "GET /iam/v1/serviceAccounts/{serviceAccountId}",
    serviceAccount.ServiceAccountServiceService.get,
    serviceAccount.GetServiceAccountRequest,
    ServiceAccount,
  ],
  [
    "PATCH /iam/v1/serviceAccounts/{serviceAccountId}",
    serviceAccount.ServiceAccountServiceService.update,
    serviceAccount.UpdateServiceAccountRequest,
    Operation,
  ],
  [
    "DELETE /iam/v1/serviceAccounts/{serviceAccountId}",
    serviceAccount.ServiceAccountServiceService.delete,
    serviceAccount.DeleteServiceAccountRequest,
    Operation,
  ],
  [
    "GET /iam/v1/serviceAccounts/{serviceAccountId}/operations",
    serviceAccount.ServiceAccountServiceService.listOperations,
    serviceAccount.ListServiceAccountOperationsRequest,
    serviceAccount.ListServiceAccountOperationsResponse,
  ],
  ...bindingRoutes("/iam/v1/serviceAccounts", serviceAccount.ServiceAccountServiceService),

  [
    "GET /iam/v1/apiKeyScopes",
    apiKey.ApiKeyServiceService.listScopes,
    apiKey.ListApiKeyScopesRequest,
    apiKey.ListApiKeyScopesResponse,
  ],
  ["GET /iam/v1/apiKeys", apiKey.ApiKeyServiceService.list, apiKey.ListApiKeysRequest, apiKey.ListApiKeysResponse],
  ["POST /iam/v1/apiKeys", apiKey.ApiKeyServiceService.create, apiKey.CreateApiKeyRequest, apiKey.CreateApiKeyResponse],
  ["GET /iam/v1/apiKeys/{apiKeyId}", apiKey.ApiKeyServiceService.get, apiKey.GetApiKeyRequest, ApiKey],
  ["PATCH /iam/v1/apiKeys/{apiKeyId}", apiKey.ApiKeyServiceService.update, apiKey.UpdateApiKeyRequest, Operation],
  ["DELETE /iam/v1/apiKeys/{apiKeyId}", apiKey.ApiKeyServiceService.delete, apiKey.DeleteApiKeyRequest, Operation],
  [
    "GET /iam/v1/apiKeys/{apiKeyId}/operations",
    apiKey.ApiKeyServiceService.listOperations,
    apiKey.ListApiKeyOperationsRequest,
    apiKey.ListApiKeyOperationsResponse,
  ],

  ["GET /iam/v1/keys", key.KeyServiceService.list, key.ListKeysRequest, key.ListKeysResponse],
  ["POST /iam/v1/keys", key.KeyServiceService.create, key.CreateKeyRequest, key.CreateKeyResponse],
  ["GET /iam/v1/keys/{keyId}", key.KeyServiceService.get, key.GetKeyRequest, Key],
  ["PATCH /iam/v1/keys/{keyId}", key.KeyServiceService.update, key.UpdateKeyRequest, Operation],
  ["DELETE /iam/v1/keys/{keyId}", key.KeyServiceService.delete, key.DeleteKeyRequest, Operation],
  [
    "GET /iam/v1/keys/{keyId}/operations",
    key.KeyServiceService.listOperations,
    key.ListKeyOperationsRequest,
    key.ListKeyOperationsResponse,
  ],

  ["GET /iam/v1/roles", role.RoleServiceService.list, role.ListRolesRequest, role.ListRolesResponse],
  ["GET /iam/v1/roles/{roleId}", role.RoleServiceService.get, role.GetRoleRequest, Role],

  [
    "GET /resource-manager/v1/folders",
    folder.FolderServiceService.list,
    folder.ListFoldersRequest,
    folder.ListFoldersResponse,
  ],
  ["POST /resource-manager/v1/folders", folder.FolderServiceService.create, folder.CreateFolderRequest, Operation],
  ["GET /resource-manager/v1/folders/{folderId}", folder.FolderServiceService.get, folder.GetFolderRequest, Folder],
  [
    "GET /resource-manager/v1/folders/{folderId}/operations",
    folder.FolderServiceService.listOperations,
    folder.ListFolderOperationsRequest,
    folder.ListFolderOperationsResponse,
  ],
  ...bindingRoutes("/resource-manager/v1/folders", folder.FolderServiceService),

  [
    "GET /resource-manager/v1/clouds",
    cloud.CloudServiceService.list,
    cloud.ListCloudsRequest,
    cloud.ListCloudsResponse,
  ],
  ["POST /resource-manager/v1/clouds", cloud.CloudServiceService.create, cloud.CreateCloudRequest, Operation],
  ["GET /resource-manager/v1/clouds/{cloudId}", cloud.CloudServiceService.get, cloud.GetCloudRequest, Cloud],
  [
    "GET /resource-manager/v1/clouds/{cloudId}/operations",
    cloud.CloudServiceService.listOperations,
    cloud.ListCloudOperationsRequest,
    cloud.ListCloudOperationsResponse,
  ],
  ...bindingRoutes("/resource-manager/v1/clouds", cloud.CloudServiceService),

  ["GET /lockbox/v1/secrets", secret.SecretServiceService.list, secret.ListSecretsRequest, secret.ListSecretsResponse],
  ["POST /lockbox/v1/secrets", secret.SecretServiceService.create, secret.CreateSecretRequest, Operation],
  ["GET /lockbox/v1/secrets/{secretId}", secret.SecretServiceService.get, secret.GetSecretRequest, Secret],
  ["PATCH /lockbox/v1/secrets/{secretId}", secret.SecretServiceService.update, secret.UpdateSecretRequest, Operation],
  ["DELETE /lockbox/v1/secrets/{secretId}", secret.SecretServiceService.delete, secret.DeleteSecretRequest, Operation],
  [
    "POST /lockbox/v1/secrets/{secretId}:activate",
    secret.SecretServiceService.activate,
    secret.ActivateSecretRequest,
    Operation,
  ],
  [
    "POST /lockbox/v1/secrets/{secretId}:deactivate",
    secret.SecretServiceService.deactivate,
    secret.DeactivateSecretRequest,
    Operation,
  ],
  [
    "GET /lockbox/v1/secrets/{secretId}/versions",
    secret.SecretServiceService.listVersions,
    secret.ListVersionsRequest,
    secret.ListVersionsResponse,
  ],
  [
    "POST /lockbox/v1/secrets/{secretId}:addVersion",
    secret.SecretServiceService.addVersion,
    secret.AddVersionRequest,
    Operation,
  ],
  [
    "POST /lockbox/v1/secrets/{secretId}:scheduleVersionDestruction",
    secret.SecretServiceService.scheduleVersionDestruction,
    secret.ScheduleVersionDestructionRequest,
    Operation,
  ],
  [
    "POST /lockbox/v1/secrets/{secretId}:cancelVersionDestruction",
    secret.SecretServiceService.cancelVersionDestruction,
    secret.CancelVersionDestructionRequest,
    Operation,
  ],
  [
    "GET /lockbox/v1/secrets/{secretId}/operations",
    secret.SecretServiceService.listOperations,
    secret.ListSecretOperationsRequest,
    secret.ListSecretOperationsResponse,
  ],
  ["GET /lockbox/v1/secrets/{secretId}/payload", payload.PayloadServiceService.get, payload.GetPayloadRequest, Payload],
  ...bindingRoutes("/lockbox/v1/secrets", secret.SecretServiceService),
];

function bindingRoutes(
  base: string,
  service: Record<"listAccessBindings" | "setAccessBindings" | "updateAccessBindings", { path: string }>,
): RestRoute[] {
  return [
    [
      `GET ${base}/{resourceId}:listAccessBindings`,
      service.listAccessBindings,
      access.ListAccessBindingsRequest,
      access.ListAccessBindingsResponse,
    ],
    [
      `POST ${base}/{resourceId}:setAccessBindings`,
      service.setAccessBindings,
      access.SetAccessBindingsRequest,
      Operation,
    ],
    [
      `POST ${base}/{resourceId}:updateAccessBindings`,
      service.updateAccessBindings,
      access.UpdateAccessBindingsRequest,
      Operation,
    ],
  ];
}
