import type { Any } from "@yandex-cloud/nodejs-sdk/google/protobuf/any";
import { Empty } from "@yandex-cloud/nodejs-sdk/google/protobuf/empty";
import * as access from "@yandex-cloud/nodejs-sdk/dist/generated/yandex/cloud/access/access";
import * as datasetService from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset_service";
import { ImageGenerationResponse } from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/image_generation/image_generation_service";
import * as textGeneration from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_generation/text_generation_service";
import * as tuningService from "@yandex-cloud/nodejs-sdk/ai-tuning-v1/tuning_service";
import { ApiKey } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key";
import * as apiKeyService from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import { Key } from "@yandex-cloud/nodejs-sdk/iam-v1/key";
import * as keyService from "@yandex-cloud/nodejs-sdk/iam-v1/key_service";
import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import * as serviceAccountService from "@yandex-cloud/nodejs-sdk/iam-v1/service_account_service";
import { Secret, Version } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import * as secretService from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import { Cloud } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/cloud";
import * as cloudService from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/cloud_service";
import { Folder } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder";
import * as folderService from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { WebSearchResponse } from "@yandex-cloud/nodejs-sdk/searchapi-v2/search_service";
import { McpGateway } from "@yandex-cloud/nodejs-sdk/serverless-mcpgateway-v1/mcp_gateway";
import * as mcpGatewayService from "@yandex-cloud/nodejs-sdk/serverless-mcpgateway-v1/mcp_gateway_service";
import type { TypedJson } from "../store/records";

/** What the vendor's generated files offer for every message. */
export interface Codec<T = unknown> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
  fromJSON(json: unknown): T;
  toJSON(message: T): unknown;
}

const codec = (value: unknown) => value as Codec;

/** Messages that an Operation may carry as its metadata or response, by full name. */
const carried: Record<string, Codec> = {
  "google.protobuf.Empty": codec(Empty),
  "yandex.cloud.access.AccessBindingsOperationResult": codec(access.AccessBindingsOperationResult),
  "yandex.cloud.access.SetAccessBindingsMetadata": codec(access.SetAccessBindingsMetadata),
  "yandex.cloud.access.UpdateAccessBindingsMetadata": codec(access.UpdateAccessBindingsMetadata),
  "yandex.cloud.ai.foundation_models.v1.CompletionResponse": codec(textGeneration.CompletionResponse),
  "yandex.cloud.ai.foundation_models.v1.BatchCompletionMetadata": codec(textGeneration.BatchCompletionMetadata),
  "yandex.cloud.ai.foundation_models.v1.BatchCompletionResponse": codec(textGeneration.BatchCompletionResponse),
  "yandex.cloud.ai.foundation_models.v1.image_generation.ImageGenerationResponse": codec(ImageGenerationResponse),
  "yandex.cloud.ai.dataset.v1.ValidateDatasetMetadata": codec(datasetService.ValidateDatasetMetadata),
  "yandex.cloud.ai.dataset.v1.ValidateDatasetResponse": codec(datasetService.ValidateDatasetResponse),
  "yandex.cloud.ai.tuning.v1.TuningMetadata": codec(tuningService.TuningMetadata),
  "yandex.cloud.ai.tuning.v1.TuningResponse": codec(tuningService.TuningResponse),
  "yandex.cloud.searchapi.v2.WebSearchResponse": codec(WebSearchResponse),
  "yandex.cloud.iam.v1.ApiKey": codec(ApiKey),
  "yandex.cloud.iam.v1.UpdateApiKeyMetadata": codec(apiKeyService.UpdateApiKeyMetadata),
  "yandex.cloud.iam.v1.DeleteApiKeyMetadata": codec(apiKeyService.DeleteApiKeyMetadata),
  "yandex.cloud.iam.v1.Key": codec(Key),
  "yandex.cloud.iam.v1.UpdateKeyMetadata": codec(keyService.UpdateKeyMetadata),
  "yandex.cloud.iam.v1.DeleteKeyMetadata": codec(keyService.DeleteKeyMetadata),
  "yandex.cloud.iam.v1.ServiceAccount": codec(ServiceAccount),
  "yandex.cloud.iam.v1.CreateServiceAccountMetadata": codec(serviceAccountService.CreateServiceAccountMetadata),
  "yandex.cloud.iam.v1.UpdateServiceAccountMetadata": codec(serviceAccountService.UpdateServiceAccountMetadata),
  "yandex.cloud.iam.v1.DeleteServiceAccountMetadata": codec(serviceAccountService.DeleteServiceAccountMetadata),
  "yandex.cloud.lockbox.v1.Secret": codec(Secret),
  "yandex.cloud.lockbox.v1.Version": codec(Version),
  "yandex.cloud.lockbox.v1.CreateSecretMetadata": codec(secretService.CreateSecretMetadata),
  "yandex.cloud.lockbox.v1.UpdateSecretMetadata": codec(secretService.UpdateSecretMetadata),
  "yandex.cloud.lockbox.v1.DeleteSecretMetadata": codec(secretService.DeleteSecretMetadata),
  "yandex.cloud.lockbox.v1.ActivateSecretMetadata": codec(secretService.ActivateSecretMetadata),
  "yandex.cloud.lockbox.v1.DeactivateSecretMetadata": codec(secretService.DeactivateSecretMetadata),
  "yandex.cloud.lockbox.v1.AddVersionMetadata": codec(secretService.AddVersionMetadata),
  // The same fields; the definitions for JavaScript lack this one.
  "yandex.cloud.lockbox.v1.SetCurrentVersionMetadata": codec(secretService.AddVersionMetadata),
  "yandex.cloud.lockbox.v1.ScheduleVersionDestructionMetadata": codec(secretService.ScheduleVersionDestructionMetadata),
  "yandex.cloud.lockbox.v1.CancelVersionDestructionMetadata": codec(secretService.CancelVersionDestructionMetadata),
  "yandex.cloud.resourcemanager.v1.Cloud": codec(Cloud),
  "yandex.cloud.resourcemanager.v1.CreateCloudMetadata": codec(cloudService.CreateCloudMetadata),
  "yandex.cloud.resourcemanager.v1.UpdateCloudMetadata": codec(cloudService.UpdateCloudMetadata),
  "yandex.cloud.resourcemanager.v1.DeleteCloudMetadata": codec(cloudService.DeleteCloudMetadata),
  "yandex.cloud.resourcemanager.v1.Folder": codec(Folder),
  "yandex.cloud.resourcemanager.v1.UpdateFolderMetadata": codec(folderService.UpdateFolderMetadata),
  "yandex.cloud.resourcemanager.v1.DeleteFolderMetadata": codec(folderService.DeleteFolderMetadata),
  "yandex.cloud.resourcemanager.v1.CreateFolderMetadata": codec(folderService.CreateFolderMetadata),
  "yandex.cloud.serverless.mcpgateway.v1.McpGateway": codec(McpGateway),
  "yandex.cloud.serverless.mcpgateway.v1.CreateMcpGatewayMetadata": codec(mcpGatewayService.CreateMcpGatewayMetadata),
  "yandex.cloud.serverless.mcpgateway.v1.UpdateMcpGatewayMetadata": codec(mcpGatewayService.UpdateMcpGatewayMetadata),
  "yandex.cloud.serverless.mcpgateway.v1.DeleteMcpGatewayMetadata": codec(mcpGatewayService.DeleteMcpGatewayMetadata),
};

const prefix = "type.googleapis.com/";

function codecOf(typeUrl: string): Codec {
  const found = carried[typeUrl.slice(prefix.length)];
  if (!found) throw new Error(`${typeUrl} is missing in the list of messages an Operation may carry`);
  return found;
}

/** A message as the proto JSON of an Any: `{"@type": "type.googleapis.com/<name>", …}`. */
export function typed(name: string, message: unknown): TypedJson {
  const typeUrl = prefix + name;
  return { ...(codecOf(typeUrl).toJSON(message) as object), "@type": typeUrl };
}

export function toAny(json: TypedJson): Any {
  const { "@type": typeUrl, ...fields } = json;
  const found = codecOf(typeUrl);
  return { typeUrl, value: Buffer.from(found.encode(found.fromJSON(fields)).finish()) };
}

/** An Any as REST shows it. An empty message has no field to show but `value`, as the JSON mapping demands. */
export function anyToJson(any: Any): { json: Record<string, unknown>; message: unknown } {
  const found = codecOf(any.typeUrl);
  const message = found.decode(any.value);
  const json = found.toJSON(message) as Record<string, unknown>;
  return { json: any.typeUrl === `${prefix}google.protobuf.Empty` ? { value: {} } : json, message };
}
