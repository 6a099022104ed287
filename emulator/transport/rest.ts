import type { ControlPlane } from "../calls/controlPlane";
import { errorAnswer } from "./errorBodies";
import { nativeRoutes } from "./nativeRoutes";
import { folderHeaderOf, type HttpAnswer, type HttpCall, type HttpPart, matcher } from "./httpCall";
import { Abort } from "../calls/faults";
import { jsonOf, messageOf } from "./json";
import type { Codec } from "../calls/messages";
import { restRoutes } from "./restRoutes";
import { asStatusError, StatusError } from "../status";

/** REST over the same calls as gRPC: path, query and body become the request message, the response message becomes JSON. */
export function openRest(controlPlane: ControlPlane): HttpPart {
  const routes = [...restRoutes, ...nativeRoutes].map(([route, { path }, request, response, errors = "plain"]) => {
    const rpc = controlPlane.find(path);
    if (!rpc) throw new Error(`${route} stands for ${path}, which no service has`);
    return { matches: matcher(route), rpc, request: request as Codec, response: response as Codec, errors };
  });

  return (http) => {
    for (const route of routes) {
      const params = route.matches(http.method, http.path);
      if (params) return answer(http, params, route);
    }
    return undefined;
  };

  async function answer(
    http: HttpCall,
    params: Record<string, string>,
    route: (typeof routes)[number],
  ): Promise<HttpAnswer> {
    try {
      const request = messageOf(route.request, { ...Object.fromEntries(http.query), ...readBody(http), ...params });
      const response = await controlPlane.call(route.rpc, {
        authorization: http.headers.authorization,
        idempotencyKey: http.headers["idempotency-key"],
        folderHeader: folderHeaderOf(http),
        authority: http.authority,
        requestId: http.requestId,
        request,
        signal: http.signal,
      });
      if (!route.rpc.definition.responseStream) return { status: 200, json: jsonOf(route.response, response) };
      // A stream comes as one object a line, each under "result".
      const lines = [...(response as Iterable<unknown>)].map((message) => ({
        result: jsonOf(route.response, message),
      }));
      return { status: 200, lines };
    } catch (thrown) {
      if (thrown instanceof Abort) throw thrown;
      return errorAnswer(
        route.errors,
        asStatusError(thrown, () => undefined),
        http.requestId,
      );
    }
  }
}

function readBody(http: HttpCall): Record<string, unknown> {
  if (http.bytes.length === 0) return {};
  try {
    const value: unknown = JSON.parse(http.bytes.toString());
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the refusal.
  }
  throw new StatusError("INVALID_ARGUMENT", "Request body is not a JSON object");
}
