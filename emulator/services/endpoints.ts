import {
  type ApiEndpointServiceServer,
  ApiEndpointServiceService,
} from "@yandex-cloud/nodejs-sdk/endpoint/api_endpoint_service";
import { page } from "../calls/paging";
import { service } from "../calls/service";
import { refuse } from "../status";

/** Ids under which the cloud lists its services; all of them are served by this one port. */
const endpointIds = [
  "ai-assistants",
  "ai-files",
  "ai-fomo-dataset",
  "ai-fomo-tuning",
  // Both spellings: the Go SDK asks for one, the documentation tells the other.
  "ai-foundatation-models",
  "ai-foundation-models",
  "ai-llm",
  "ai-ocr",
  "ai-speechkit",
  "ai-stt",
  "ai-stt-v3",
  "ai-translate",
  "ai-tts",
  "ai-vision",
  "ai-vision-ocr",
  "endpoint",
  "iam",
  "lockbox",
  "lockbox-payload",
  "mcp-gateway",
  "operation",
  "resource-manager",
  "resourcemanager",
  "searchapi",
];

/** yandex.cloud.endpoint.ApiEndpointService. Answers with the address by which the client reached it, so it holds behind a forwarded port. */
export function endpoints() {
  return service<ApiEndpointServiceServer>(
    ApiEndpointServiceService,
    {
      get(request, call) {
        if (!endpointIds.includes(request.apiEndpointId))
          refuse("NOT_FOUND", `Endpoint ${request.apiEndpointId} not found`);
        return { id: request.apiEndpointId, address: call.authority };
      },

      list(request, call) {
        const { items, nextPageToken } = page(endpointIds, request, (id) => id);
        return { endpoints: items.map((id) => ({ id, address: call.authority })), nextPageToken };
      },
    },
    ["get", "list"],
  );
}
