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
import { UserAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/user_account";
import * as userAccount from "@yandex-cloud/nodejs-sdk/iam-v1/user_account_service";
import * as passport from "@yandex-cloud/nodejs-sdk/iam-v1/yandex_passport_user_account_service";
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
import { McpGateway } from "@yandex-cloud/nodejs-sdk/serverless-mcpgateway-v1/mcp_gateway";
import * as mcpGateway from "@yandex-cloud/nodejs-sdk/serverless-mcpgateway-v1/mcp_gateway_service";
import type { Envelope } from "./errorBodies";

const { ApiEndpointServiceService: endpoints } = endpoint;
const { OperationServiceService: operations } = operation;
const { IamTokenServiceService: tokens } = iamToken;
const { ServiceAccountServiceService: accounts } = serviceAccount;
const { ApiKeyServiceService: apiKeys } = apiKey;
const { KeyServiceService: keys } = key;
const { RoleServiceService: roles } = role;
const { FolderServiceService: folders } = folder;
const { CloudServiceService: clouds } = cloud;
const { SecretServiceService: secrets } = secret;
const { McpGatewayServiceService: gateways } = mcpGateway;

/** `GET /path/{field}`, the call it stands for, its request and response messages, and how it wraps refusals (default "plain"). */
export type RestRoute = [route: string, rpc: { path: string }, request: unknown, response: unknown, errors?: Envelope];

/** The HTTP options of the API definitions, one line each. */
export const restRoutes: RestRoute[] = [
  ["GET /endpoints", endpoints.list, endpoint.ListApiEndpointsRequest, endpoint.ListApiEndpointsResponse],
  ["GET /endpoints/{apiEndpointId}", endpoints.get, endpoint.GetApiEndpointRequest, ApiEndpoint],

  ["GET /operations/{operationId}", operations.get, operation.GetOperationRequest, Operation],
  // The definition says GET, the guide POST.
  ["GET /operations/{operationId}:cancel", operations.cancel, operation.CancelOperationRequest, Operation],
  ["POST /operations/{operationId}:cancel", operations.cancel, operation.CancelOperationRequest, Operation],

  ["POST /iam/v1/tokens", tokens.create, iamToken.CreateIamTokenRequest, iamToken.CreateIamTokenResponse],
  [
    "POST /iam/v1/tokens:createForServiceAccount",
    tokens.createForServiceAccount,
    iamToken.CreateIamTokenForServiceAccountRequest,
    iamToken.CreateIamTokenResponse,
  ],
  ["POST /iam/v1/tokens:revoke", tokens.revoke, iamToken.RevokeIamTokenRequest, iamToken.RevokeIamTokenResponse],

  [
    "GET /iam/v1/serviceAccounts",
    accounts.list,
    serviceAccount.ListServiceAccountsRequest,
    serviceAccount.ListServiceAccountsResponse,
  ],
  ["POST /iam/v1/serviceAccounts", accounts.create, serviceAccount.CreateServiceAccountRequest, Operation],
  [
    "GET /iam/v1/serviceAccounts/{serviceAccountId}",
    accounts.get,
    serviceAccount.GetServiceAccountRequest,
    ServiceAccount,
  ],
  [
    "PATCH /iam/v1/serviceAccounts/{serviceAccountId}",
    accounts.update,
    serviceAccount.UpdateServiceAccountRequest,
    Operation,
  ],
  [
    "DELETE /iam/v1/serviceAccounts/{serviceAccountId}",
    accounts.delete,
    serviceAccount.DeleteServiceAccountRequest,
    Operation,
  ],
  [
    "GET /iam/v1/serviceAccounts/{serviceAccountId}/operations",
    accounts.listOperations,
    serviceAccount.ListServiceAccountOperationsRequest,
    serviceAccount.ListServiceAccountOperationsResponse,
  ],
  ...bindingRoutes("/iam/v1/serviceAccounts", accounts),

  ["GET /iam/v1/apiKeyScopes", apiKeys.listScopes, apiKey.ListApiKeyScopesRequest, apiKey.ListApiKeyScopesResponse],
  ["GET /iam/v1/apiKeys", apiKeys.list, apiKey.ListApiKeysRequest, apiKey.ListApiKeysResponse],
  ["POST /iam/v1/apiKeys", apiKeys.create, apiKey.CreateApiKeyRequest, apiKey.CreateApiKeyResponse],
  ["GET /iam/v1/apiKeys/{apiKeyId}", apiKeys.get, apiKey.GetApiKeyRequest, ApiKey],
  ["PATCH /iam/v1/apiKeys/{apiKeyId}", apiKeys.update, apiKey.UpdateApiKeyRequest, Operation],
  ["DELETE /iam/v1/apiKeys/{apiKeyId}", apiKeys.delete, apiKey.DeleteApiKeyRequest, Operation],
  [
    "GET /iam/v1/apiKeys/{apiKeyId}/operations",
    apiKeys.listOperations,
    apiKey.ListApiKeyOperationsRequest,
    apiKey.ListApiKeyOperationsResponse,
  ],

  ["GET /iam/v1/keys", keys.list, key.ListKeysRequest, key.ListKeysResponse],
  ["POST /iam/v1/keys", keys.create, key.CreateKeyRequest, key.CreateKeyResponse],
  ["GET /iam/v1/keys/{keyId}", keys.get, key.GetKeyRequest, Key],
  ["PATCH /iam/v1/keys/{keyId}", keys.update, key.UpdateKeyRequest, Operation],
  ["DELETE /iam/v1/keys/{keyId}", keys.delete, key.DeleteKeyRequest, Operation],
  [
    "GET /iam/v1/keys/{keyId}/operations",
    keys.listOperations,
    key.ListKeyOperationsRequest,
    key.ListKeyOperationsResponse,
  ],

  [
    "GET /iam/v1/userAccounts/{userAccountId}",
    userAccount.UserAccountServiceService.get,
    userAccount.GetUserAccountRequest,
    UserAccount,
  ],
  [
    "GET /iam/v1/yandexPassportUserAccounts:byLogin",
    passport.YandexPassportUserAccountServiceService.getByLogin,
    passport.GetUserAccountByLoginRequest,
    UserAccount,
  ],

  ["GET /iam/v1/roles", roles.list, role.ListRolesRequest, role.ListRolesResponse],
  ["GET /iam/v1/roles/{roleId}", roles.get, role.GetRoleRequest, Role],

  ["GET /resource-manager/v1/folders", folders.list, folder.ListFoldersRequest, folder.ListFoldersResponse],
  ["POST /resource-manager/v1/folders", folders.create, folder.CreateFolderRequest, Operation],
  ["GET /resource-manager/v1/folders/{folderId}", folders.get, folder.GetFolderRequest, Folder],
  ["PATCH /resource-manager/v1/folders/{folderId}", folders.update, folder.UpdateFolderRequest, Operation],
  ["DELETE /resource-manager/v1/folders/{folderId}", folders.delete, folder.DeleteFolderRequest, Operation],
  [
    "GET /resource-manager/v1/folders/{folderId}/operations",
    folders.listOperations,
    folder.ListFolderOperationsRequest,
    folder.ListFolderOperationsResponse,
  ],
  ...bindingRoutes("/resource-manager/v1/folders", folders),

  ["GET /resource-manager/v1/clouds", clouds.list, cloud.ListCloudsRequest, cloud.ListCloudsResponse],
  ["POST /resource-manager/v1/clouds", clouds.create, cloud.CreateCloudRequest, Operation],
  ["GET /resource-manager/v1/clouds/{cloudId}", clouds.get, cloud.GetCloudRequest, Cloud],
  ["PATCH /resource-manager/v1/clouds/{cloudId}", clouds.update, cloud.UpdateCloudRequest, Operation],
  ["DELETE /resource-manager/v1/clouds/{cloudId}", clouds.delete, cloud.DeleteCloudRequest, Operation],
  [
    "GET /resource-manager/v1/clouds/{cloudId}/operations",
    clouds.listOperations,
    cloud.ListCloudOperationsRequest,
    cloud.ListCloudOperationsResponse,
  ],
  ...bindingRoutes("/resource-manager/v1/clouds", clouds),

  ["GET /lockbox/v1/secrets", secrets.list, secret.ListSecretsRequest, secret.ListSecretsResponse],
  ["POST /lockbox/v1/secrets", secrets.create, secret.CreateSecretRequest, Operation],
  ["GET /lockbox/v1/secrets/{secretId}", secrets.get, secret.GetSecretRequest, Secret],
  ["PATCH /lockbox/v1/secrets/{secretId}", secrets.update, secret.UpdateSecretRequest, Operation],
  ["DELETE /lockbox/v1/secrets/{secretId}", secrets.delete, secret.DeleteSecretRequest, Operation],
  ["POST /lockbox/v1/secrets/{secretId}:activate", secrets.activate, secret.ActivateSecretRequest, Operation],
  ["POST /lockbox/v1/secrets/{secretId}:deactivate", secrets.deactivate, secret.DeactivateSecretRequest, Operation],
  [
    "GET /lockbox/v1/secrets/{secretId}/versions",
    secrets.listVersions,
    secret.ListVersionsRequest,
    secret.ListVersionsResponse,
  ],
  ["POST /lockbox/v1/secrets/{secretId}:addVersion", secrets.addVersion, secret.AddVersionRequest, Operation],
  [
    "POST /lockbox/v1/secrets/{secretId}:scheduleVersionDestruction",
    secrets.scheduleVersionDestruction,
    secret.ScheduleVersionDestructionRequest,
    Operation,
  ],
  [
    "POST /lockbox/v1/secrets/{secretId}:cancelVersionDestruction",
    secrets.cancelVersionDestruction,
    secret.CancelVersionDestructionRequest,
    Operation,
  ],
  [
    "GET /lockbox/v1/secrets/{secretId}/operations",
    secrets.listOperations,
    secret.ListSecretOperationsRequest,
    secret.ListSecretOperationsResponse,
  ],
  ["GET /lockbox/v1/secrets/{secretId}/payload", payload.PayloadServiceService.get, payload.GetPayloadRequest, Payload],
  ...bindingRoutes("/lockbox/v1/secrets", secrets),

  [
    "GET /mcpgateway/v1/mcpGateways",
    gateways.list,
    mcpGateway.ListMcpGatewayRequest,
    mcpGateway.ListMcpGatewayResponse,
  ],
  ["POST /mcpgateway/v1/mcpGateways", gateways.create, mcpGateway.CreateMcpGatewayRequest, Operation],
  ["GET /mcpgateway/v1/mcpGateways/{mcpGatewayId}", gateways.get, mcpGateway.GetMcpGatewayRequest, McpGateway],
  ["PATCH /mcpgateway/v1/mcpGateways/{mcpGatewayId}", gateways.update, mcpGateway.UpdateMcpGatewayRequest, Operation],
  ["DELETE /mcpgateway/v1/mcpGateways/{mcpGatewayId}", gateways.delete, mcpGateway.DeleteMcpGatewayRequest, Operation],
  [
    "GET /mcpgateway/v1/mcpGateways/{mcpGatewayId}/operations",
    gateways.listOperations,
    mcpGateway.ListOperationsRequest,
    mcpGateway.ListOperationsResponse,
  ],
  ...bindingRoutes("/mcpgateway/v1/mcpGateways", gateways, "PATCH"),
];

function bindingRoutes(
  base: string,
  service: Record<"listAccessBindings" | "setAccessBindings" | "updateAccessBindings", { path: string }>,
  update = "POST",
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
      `${update} ${base}/{resourceId}:updateAccessBindings`,
      service.updateAccessBindings,
      access.UpdateAccessBindingsRequest,
      Operation,
    ],
  ];
}
