import type { CallPath } from "../calls/calls";
import { Cut } from "../calls/faults";
import { asCloudError } from "../status";
import type { State } from "../store/state";
import { refusalAnswer } from "../transport/errorBodies";
import { agentRoutes } from "./agentObjects";
import { datasetRoutes } from "./datasets";
import { mcpRoutes } from "./mcp";
import { openaiRoutes } from "./openai";
import { responsesRoutes } from "./responses";
import type { AiAnswer, AiRoute } from "./routes";
import { speechRoutes } from "./speech";

/** An AI call as it came over HTTP. */
export interface HttpCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  bytes: Buffer;
  authority: string;
  requestId: string;
  signal: AbortSignal;
}

export type HttpAnswer = { status: number } & AiAnswer;

export interface DataPlane {
  /** Answers a call of the AI plane, or undefined when the path is none of its own. Throws only Cut. */
  answer(http: HttpCall): Promise<HttpAnswer> | undefined;
}

/** Every call of the AI plane that has no definition of its own. */
export const aiRoutes = (state: State): AiRoute[] => [
  ...openaiRoutes(state),
  ...responsesRoutes(state),
  ...agentRoutes(state),
  ...speechRoutes(state),
  ...mcpRoutes(state),
  ...datasetRoutes(state),
];

export function openDataPlane(state: State, calls: CallPath): DataPlane {
  const routes = aiRoutes(state).map((route) => ({ ...route, matches: matcher(route.route) }));

  return {
    answer(http) {
      for (const route of routes) {
        const params = route.matches(http.method, http.path);
        if (params) return answerRoute(calls, route, http, params);
      }
      return undefined;
    },
  };
}

async function answerRoute(
  calls: CallPath,
  route: AiRoute,
  http: HttpCall,
  params: Record<string, string>,
): Promise<HttpAnswer> {
  const body = readBody(http);
  try {
    const answer = await calls.run(
      {
        method: route.route,
        authorization: http.headers.authorization,
        folderHeader: folderHeaderOf(http),
        authority: http.authority,
        requestId: http.requestId,
        request: body,
        signal: http.signal,
      },
      (call) => route.answer({ call, body, headers: http.headers, params, query: http.query, bytes: http.bytes }),
    );
    return { status: 200, ...answer };
  } catch (thrown) {
    if (thrown instanceof Cut) throw thrown;
    const error = asCloudError(thrown, () => undefined);
    return refusalAnswer(route.errors ?? "openai", error, http.requestId);
  }
}

export const folderHeaderOf = (http: HttpCall): string | undefined =>
  http.headers["openai-project"] || http.headers["x-folder-id"];

/** A body that is no JSON object counts as empty: audio comes as bytes, and a missing field is refused where it is needed. */
function readBody(http: HttpCall): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(http.bytes.toString());
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** Parameters when a method and path fit the route. `{name}` takes one part. */
export function matcher(route: string): (method: string, path: string) => Record<string, string> | undefined {
  const [wanted = "", template = ""] = route.split(" ");
  const source = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>[^/:]+)");
  const expression = new RegExp(`^${source}$`);
  return (method, path) => {
    const found = method === wanted ? expression.exec(path) : null;
    return found ? { ...found.groups } : undefined;
  };
}
