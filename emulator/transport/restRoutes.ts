import * as endpoint from "@yandex-cloud/nodejs-sdk/endpoint/api_endpoint_service";
import * as apiKey from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import * as iamToken from "@yandex-cloud/nodejs-sdk/iam-v1/iam_token_service";
import * as key from "@yandex-cloud/nodejs-sdk/iam-v1/key_service";
import * as role from "@yandex-cloud/nodejs-sdk/iam-v1/role_service";
import * as serviceAccount from "@yandex-cloud/nodejs-sdk/iam-v1/service_account_service";
import * as userAccount from "@yandex-cloud/nodejs-sdk/iam-v1/user_account_service";
import * as passport from "@yandex-cloud/nodejs-sdk/iam-v1/yandex_passport_user_account_service";
import * as payload from "@yandex-cloud/nodejs-sdk/lockbox-v1/payload_service";
import * as secret from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import * as operation from "@yandex-cloud/nodejs-sdk/operation/operation_service";
import * as cloud from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/cloud_service";
import * as folder from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
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

/** `GET /path/{field}`, the call it stands for, and how it wraps errors (default "plain"). */
export type RestRoute = [route: string, rpc: { path: string }, errors?: Envelope];

/** The HTTP options of the API definitions, one line each. */
export const restRoutes: RestRoute[] = [
  ["GET /endpoints", endpoints.list],
  ["GET /endpoints/{apiEndpointId}", endpoints.get],

  ["GET /operations/{operationId}", operations.get],
  // The definition says GET, the guide POST.
  ["GET /operations/{operationId}:cancel", operations.cancel],
  ["POST /operations/{operationId}:cancel", operations.cancel],

  ["POST /iam/v1/tokens", tokens.create],
  ["POST /iam/v1/tokens:createForServiceAccount", tokens.createForServiceAccount],
  ["POST /iam/v1/tokens:revoke", tokens.revoke],

  ["GET /iam/v1/serviceAccounts", accounts.list],
  ["POST /iam/v1/serviceAccounts", accounts.create],
  ["GET /iam/v1/serviceAccounts/{serviceAccountId}", accounts.get],
  ["PATCH /iam/v1/serviceAccounts/{serviceAccountId}", accounts.update],
  ["DELETE /iam/v1/serviceAccounts/{serviceAccountId}", accounts.delete],
  ["GET /iam/v1/serviceAccounts/{serviceAccountId}/operations", accounts.listOperations],
  ...bindingRoutes("/iam/v1/serviceAccounts", accounts),

  ["GET /iam/v1/apiKeyScopes", apiKeys.listScopes],
  ["GET /iam/v1/apiKeys", apiKeys.list],
  ["POST /iam/v1/apiKeys", apiKeys.create],
  ["GET /iam/v1/apiKeys/{apiKeyId}", apiKeys.get],
  ["PATCH /iam/v1/apiKeys/{apiKeyId}", apiKeys.update],
  ["DELETE /iam/v1/apiKeys/{apiKeyId}", apiKeys.delete],
  ["GET /iam/v1/apiKeys/{apiKeyId}/operations", apiKeys.listOperations],

  ["GET /iam/v1/keys", keys.list],
  ["POST /iam/v1/keys", keys.create],
  ["GET /iam/v1/keys/{keyId}", keys.get],
  ["PATCH /iam/v1/keys/{keyId}", keys.update],
  ["DELETE /iam/v1/keys/{keyId}", keys.delete],
  ["GET /iam/v1/keys/{keyId}/operations", keys.listOperations],

  ["GET /iam/v1/userAccounts/{userAccountId}", userAccount.UserAccountServiceService.get],
  ["GET /iam/v1/yandexPassportUserAccounts:byLogin", passport.YandexPassportUserAccountServiceService.getByLogin],

  ["GET /iam/v1/roles", roles.list],
  ["GET /iam/v1/roles/{roleId}", roles.get],

  ["GET /resource-manager/v1/folders", folders.list],
  ["POST /resource-manager/v1/folders", folders.create],
  ["GET /resource-manager/v1/folders/{folderId}", folders.get],
  ["PATCH /resource-manager/v1/folders/{folderId}", folders.update],
  ["DELETE /resource-manager/v1/folders/{folderId}", folders.delete],
  ["GET /resource-manager/v1/folders/{folderId}/operations", folders.listOperations],
  ...bindingRoutes("/resource-manager/v1/folders", folders),

  ["GET /resource-manager/v1/clouds", clouds.list],
  ["POST /resource-manager/v1/clouds", clouds.create],
  ["GET /resource-manager/v1/clouds/{cloudId}", clouds.get],
  ["PATCH /resource-manager/v1/clouds/{cloudId}", clouds.update],
  ["DELETE /resource-manager/v1/clouds/{cloudId}", clouds.delete],
  ["GET /resource-manager/v1/clouds/{cloudId}/operations", clouds.listOperations],
  ...bindingRoutes("/resource-manager/v1/clouds", clouds),

  ["GET /lockbox/v1/secrets", secrets.list],
  ["POST /lockbox/v1/secrets", secrets.create],
  ["GET /lockbox/v1/secrets/{secretId}", secrets.get],
  ["PATCH /lockbox/v1/secrets/{secretId}", secrets.update],
  ["DELETE /lockbox/v1/secrets/{secretId}", secrets.delete],
  ["POST /lockbox/v1/secrets/{secretId}:activate", secrets.activate],
  ["POST /lockbox/v1/secrets/{secretId}:deactivate", secrets.deactivate],
  ["GET /lockbox/v1/secrets/{secretId}/versions", secrets.listVersions],
  ["POST /lockbox/v1/secrets/{secretId}:addVersion", secrets.addVersion],
  [
    "POST /lockbox/v1/secrets/{secretId}:setCurrentVersion",
    { path: secrets.get.path.replace(/Get$/, "SetCurrentVersion") },
  ],
  ["POST /lockbox/v1/secrets/{secretId}:scheduleVersionDestruction", secrets.scheduleVersionDestruction],
  ["POST /lockbox/v1/secrets/{secretId}:cancelVersionDestruction", secrets.cancelVersionDestruction],
  ["GET /lockbox/v1/secrets/{secretId}/operations", secrets.listOperations],
  ["GET /lockbox/v1/secrets/{secretId}/payload", payload.PayloadServiceService.get],
  ["GET /lockbox/v1/secrets:getEx", payload.PayloadServiceService.getEx],
  ...bindingRoutes("/lockbox/v1/secrets", secrets),

  ["GET /mcpgateway/v1/mcpGateways", gateways.list],
  ["POST /mcpgateway/v1/mcpGateways", gateways.create],
  ["GET /mcpgateway/v1/mcpGateways/{mcpGatewayId}", gateways.get],
  ["PATCH /mcpgateway/v1/mcpGateways/{mcpGatewayId}", gateways.update],
  ["DELETE /mcpgateway/v1/mcpGateways/{mcpGatewayId}", gateways.delete],
  ["GET /mcpgateway/v1/mcpGateways/{mcpGatewayId}/operations", gateways.listOperations],
  ...bindingRoutes("/mcpgateway/v1/mcpGateways", gateways, "PATCH"),
];

function bindingRoutes(
  base: string,
  service: Record<"listAccessBindings" | "setAccessBindings" | "updateAccessBindings", { path: string }>,
  update = "POST",
): RestRoute[] {
  return [
    [`GET ${base}/{resourceId}:listAccessBindings`, service.listAccessBindings],
    [`POST ${base}/{resourceId}:setAccessBindings`, service.setAccessBindings],
    [`${update} ${base}/{resourceId}:updateAccessBindings`, service.updateAccessBindings],
  ];
}
