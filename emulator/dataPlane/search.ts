import {
  type WebSearchAsyncServiceServer,
  WebSearchAsyncServiceService,
  type WebSearchRequest,
  type WebSearchServiceServer,
  WebSearchServiceService,
} from "@yandex-cloud/nodejs-sdk/searchapi-v2/search_service";
import type { Call } from "../calls/calls";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import type { TypedJson } from "../store/records";
import { type Service, service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";

/** yandex.cloud.searchapi.v2, web search at once and as an operation. It finds nothing: the answer is an empty result in XML. */
export function search(state: State, operations: Operations): Service[] {
  const later = operations.effect<TypedJson>("webSearch", (response) => response);

  return [
    service<WebSearchServiceServer>(
      WebSearchServiceService,
      { search: (request, call) => ({ rawData: find(state, call, request).rawData }) },
      "all",
    ),
    service<WebSearchAsyncServiceServer>(
      WebSearchAsyncServiceService,
      {
        search(request, call) {
          const { folderId, rawData } = find(state, call, request);
          return later(call, {
            idPrefix: "sps",
            description: "WEB search async",
            resourceId: folderId,
            metadata: typed("google.protobuf.Empty", {}),
            payload: typed("yandex.cloud.searchapi.v2.WebSearchResponse", { rawData }),
          });
        },
      },
      "all",
    ),
  ];
}

function find(state: State, call: Call, request: WebSearchRequest): { folderId: string; rawData: Buffer } {
  const { folderId } = authorize(state, call, "search", [request.folderId]);
  const query = request.query?.queryText ?? "";
  if (query === "") refuse("INVALID_ARGUMENT", "query.queryText must be specified");
  const escaped = query.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const rawData = Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?>\n<yandexsearch version="1.0"><request><query>${escaped}</query></request>` +
      `<response><found priority="all">0</found><results><grouping/></results></response></yandexsearch>\n`,
  );
  return { folderId, rawData };
}
