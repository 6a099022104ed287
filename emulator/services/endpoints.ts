import {
  type ApiEndpointServiceServer,
  ApiEndpointServiceService,
} from "@yandex-cloud/nodejs-sdk/endpoint/api_endpoint_service";
import { page } from "../calls/paging";
import { service } from "../calls/service";
import { refuse } from "../status";

/** Ids under which the cloud lists its services (as recorded by the vendor's AI Studio SDK in 2025 and 2026); all of them have one address here. */
const endpointIds = [
  "ai-assistants",
  "ai-files",
  "ai-foundation-models",
  "ai-llm",
  "ai-speechkit",
  "ai-stt",
  "ai-stt-v3",
  "ai-translate",
  // Not in the recorded lists: the vendor's SDK knows its host in the cloud by heart, and asks for it everywhere else.
  "ai-tts-v3",
  "ai-vision",
  "ai-vision-ocr",
  "endpoint",
  "fomo-dataset",
  "fomo-tuning",
  "iam",
  "kms",
  "kms-crypto",
  "lockbox",
  "lockbox-payload",
  "operation",
  "resource-manager",
  "resourcemanager",
  "searchapi",
  "serverless-mcp-gateway",
];

/** yandex.cloud.endpoint.ApiEndpointService. Answers with the address by which the client reaches gRPC, so it holds behind a forwarded port. */
export function endpoints() {
  return service<ApiEndpointServiceServer>(
    ApiEndpointServiceService,
    {
      get(request, call) {
        if (!endpointIds.includes(request.apiEndpointId))
          refuse("NOT_FOUND", `Endpoint ${request.apiEndpointId} not found`);
        return { id: request.apiEndpointId, address: call.addresses.grpc };
      },

      list(request, call) {
        const { items, nextPageToken } = page(endpointIds, request, (id) => id);
        return { endpoints: items.map((id) => ({ id, address: call.addresses.grpc })), nextPageToken };
      },
    },
    ["get", "list"],
  );
}
