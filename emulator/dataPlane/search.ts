import {
  type WebSearchAsyncServiceServer,
  WebSearchAsyncServiceService,
  type WebSearchRequest,
  WebSearchRequest_Format,
  type WebSearchServiceServer,
  WebSearchServiceService,
} from "@yandex-cloud/nodejs-sdk/searchapi-v2/search_service";
import {
  type GenSearchServiceServer,
  GenSearchServiceService,
  GenSearchResponse,
  Role,
} from "@yandex-cloud/nodejs-sdk/searchapi-v2/gen_search_service";
import {
  ImageSearchByImageResponse,
  type ImageSearchServiceServer,
  ImageSearchServiceService,
  ImageSpec_ImageFormat,
} from "@yandex-cloud/nodejs-sdk/searchapi-v2/img_search_service";
import type { SearchQuery } from "@yandex-cloud/nodejs-sdk/searchapi-v2/search_query";
import type { Call } from "../calls/calls";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import { type Service, service } from "../calls/service";
import { refuse } from "../status";
import type { TypedJson } from "../store/records";
import type { State } from "../store/state";
import { authorize } from "./authorization";
import { pagesFor, resultsHtml, resultsXml } from "./searchResults";

/** yandex.cloud.searchapi.v2: web search at once and as an operation, search for images, by an image, and generative search. */
export function search(state: State, operations: Operations): Service[] {
  const later = operations.effect<TypedJson>("webSearch", (response) => response);
  const authorizeSearch = (call: Call, folderId: string) => authorize(state, call, "search", [folderId]);

  function findPages(request: WebSearchRequest, call: Call): Buffer {
    authorizeSearch(call, request.folderId);
    const query = requireText(request.query);
    return request.responseFormat === WebSearchRequest_Format.FORMAT_HTML
      ? resultsHtml(query)
      : resultsXml({ query, page: request.query?.page ?? 0, attribute: "d" });
  }

  return [
    service<WebSearchServiceServer>(
      WebSearchServiceService,
      { search: (request, call) => ({ rawData: findPages(request, call) }) },
      "all",
    ),
    service<WebSearchAsyncServiceServer>(
      WebSearchAsyncServiceService,
      {
        search: (request, call) =>
          later(call, {
            idPrefix: "sps",
            description: "WEB search async",
            resourceId: "",
            payload: typed("yandex.cloud.searchapi.v2.WebSearchResponse", { rawData: findPages(request, call) }),
          }),
      },
      "all",
    ),
    service<ImageSearchServiceServer>(
      ImageSearchServiceService,
      {
        search(request, call) {
          authorizeSearch(call, request.folderId);
          const page = request.query?.page ?? 0;
          return {
            rawData: resultsXml({ query: requireText(request.query), page, attribute: "ii", details: imageDetails }),
          };
        },
        searchByImage(request, call) {
          authorizeSearch(call, request.folderId);
          if (!request.url && !request.id && !request.data?.length)
            refuse("INVALID_ARGUMENT", "One of url, data and id must be specified");
          const id = request.id || "stand-in/image";
          return ImageSearchByImageResponse.fromPartial({ id, page: request.page, maxPage: 1, images: imagesLike(id) });
        },
      },
      "all",
    ),
    service<GenSearchServiceServer>(
      GenSearchServiceService,
      {
        search(request, call) {
          authorizeSearch(call, request.folderId);
          const question = request.messages.findLast(({ role }) => role === Role.ROLE_USER)?.content ?? "";
          if (question === "") refuse("INVALID_ARGUMENT", "messages must end with one of the user");
          const sources = pagesFor(question).map(({ url, title }) => ({ url, title, used: true }));
          const content = `A local stand-in was asked "${question.slice(0, 80)}" and searched nothing. [1]`;
          return [
            GenSearchResponse.fromPartial({
              message: { content, role: Role.ROLE_ASSISTANT },
              sources,
              searchQueries: [{ text: question, reqId: call.requestId }],
            }),
          ];
        },
      },
      "all",
    ),
  ];
}

/** The longest query that the documentation allows is 400 characters. */
function requireText(query: SearchQuery | undefined): string {
  const text = query?.queryText ?? "";
  if (text === "") refuse("INVALID_ARGUMENT", "query.queryText must be specified");
  if (text.length > 400) refuse("INVALID_ARGUMENT", "query.queryText must not be longer than 400 characters");
  return text;
}

const imageDetails = (): string =>
  "<image-properties><id>stand-in</id><original-width>1</original-width><original-height>1</original-height>" +
  "<image-link>https://example.com/stand-in.png</image-link><file-size>0</file-size><mime-type>png</mime-type></image-properties>";

const imagesLike = (id: string) =>
  pagesFor(id).map(({ url, domain, title, passage }) => ({
    url: "https://example.com/stand-in.png",
    format: ImageSpec_ImageFormat.IMAGE_FORMAT_PNG,
    width: 1,
    height: 1,
    passage,
    host: domain,
    pageTitle: title,
    pageUrl: url,
  }));
