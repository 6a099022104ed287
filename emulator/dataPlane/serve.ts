/**
 * dataPlane: AI Studio as an application meets it: OpenAI-compatible and native APIs, speech, search, tuning, MCP.
 * It may import services and what lies below it. A route or service says which capability it needs; authorization.ts
 * decides by key, scope, folder and role. Start with openai/chatCompletions.ts and authorization.ts. Answers are made up and say so.
 */
import type { CallSite } from "../calls/calls";
import { refuse, StatusError } from "../status";
import type { Envelope } from "../transport/errorBodies";
import { parseJson } from "../calls/jsonText";
import type { State } from "../store/state";
import { folderHeaderOf, type HttpAnswer, type HttpCall, type HttpPart, matcher } from "../transport/httpCall";
import { datasetRoutes } from "./datasets";
import { mcpRoutes } from "./mcp";
import { chatRoutes } from "./openai/chatCompletions";
import { conversationRoutes } from "./openai/conversations";
import { embeddingRoutes } from "./openai/embeddings";
import { fileRoutes } from "./openai/files";
import { responsesRoutes } from "./openai/responses";
import { vectorStoreRoutes } from "./openai/vectorStores";
import type { AiRoute } from "./routes";
import { speechRoutes } from "./speech";

/** Every call of the AI plane that has no definition of its own. */
export const aiRoutes = (state: State): AiRoute[] => [
  ...chatRoutes(state),
  ...embeddingRoutes(state),
  ...responsesRoutes(state),
  ...conversationRoutes(state),
  ...fileRoutes(state),
  ...vectorStoreRoutes(state),
  ...speechRoutes(state),
  ...mcpRoutes(state),
  ...datasetRoutes(state),
];

export function openDataPlane(state: State, calls: CallSite): HttpPart {
  const routes = aiRoutes(state).map((route) => ({ ...route, matches: matcher(route.route) }));

  return (http) => {
    for (const route of routes) {
      const params = route.matches(http.method, http.path);
      if (params) return { errors: route.errors ?? "openai", answer: () => answerRoute(calls, route, http, params) };
    }
    if (!http.path.startsWith("/v1/")) return undefined;
    return { errors: "openai", answer: () => answerRoute(calls, unknownRoute, http, {}) };
  };
}

/** OpenAI's clients repeat what is refused with a status from 500 on; a path that is not there is not worth that. */
const unknownRoute: AiRoute = {
  route: "any /v1/{path}",
  answer: () => refuse("NOT_FOUND", "This path is not emulated (see emulator/COVERAGE.md)"),
};

async function answerRoute(
  calls: CallSite,
  route: AiRoute,
  http: HttpCall,
  params: Record<string, string>,
): Promise<HttpAnswer> {
  const body = readBody(http, route.errors ?? "openai");
  const answer = await calls.run(
    {
      method: route.route,
      authorization: http.headers.authorization,
      folderHeader: folderHeaderOf(http),
      userAgent: http.headers["user-agent"],
      addresses: http.addresses,
      requestId: http.requestId,
      request: body,
      signal: http.signal,
    },
    (call) => route.answer({ call, body, headers: http.headers, params, query: http.query, bytes: http.bytes }),
  );
  return { status: 200, ...answer };
}

/**
 * A body that is not a JSON object counts as empty: audio comes as bytes, and a missing field is refused where it is needed.
 * To OpenAI's API all but files comes as JSON, so there it is refused at once.
 */
function readBody({ bytes, headers }: HttpCall, errors: Envelope): Record<string, unknown> {
  if (bytes.length === 0) return {};
  try {
    const value = parseJson(bytes.toString());
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (thrown) {
    if (thrown instanceof StatusError) throw thrown;
  }
  if (errors === "openai" && headers["content-type"]?.startsWith("application/json"))
    refuse("INVALID_ARGUMENT", "Request body is not a JSON object");
  return {};
}
