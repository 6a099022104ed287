import type { ControlPlane } from "../calls/controlPlane";
import { StatusError } from "../status";
import { folderHeaderOf, type HttpAnswer, type HttpCall, type HttpPart, matcher } from "./httpCall";
import { mappingOf } from "./json";
import { nativeRoutes } from "./nativeRoutes";
import { restRoutes } from "./restRoutes";
import { parseJson } from "../calls/jsonText";

/** REST over the same calls as gRPC: path, query and body become the request message, the response message becomes JSON. */
export function openRest(controlPlane: ControlPlane): HttpPart {
  const routes = [...restRoutes, ...nativeRoutes].map(([route, { path }, errors = "plain"]) => {
    const rpc = controlPlane.find(path);
    if (!rpc) throw new Error(`${route} stands for ${path}, which no service has`);
    return { matches: matcher(route), rpc, mapping: mappingOf(path), errors };
  });

  return (http) => {
    for (const route of routes) {
      const params = route.matches(http.method, http.path);
      if (params) return { errors: route.errors, answer: () => answer(http, params, route) };
    }
    return undefined;
  };

  async function answer(
    http: HttpCall,
    params: Record<string, string>,
    { rpc, mapping }: (typeof routes)[number],
  ): Promise<HttpAnswer> {
    const { requestDeserialize, responseSerialize, responseStream } = rpc.definition;
    const json = { ...mapping.queryJson(http.query), ...readBody(http), ...params };
    const response = await controlPlane.call(rpc, {
      authorization: http.headers.authorization,
      idempotencyKey: http.headers["idempotency-key"],
      folderHeader: folderHeaderOf(http),
      userAgent: http.headers["user-agent"],
      addresses: http.addresses,
      requestId: http.requestId,
      request: read(requestDeserialize, Buffer.from(mapping.requestBytes(json))),
      signal: http.signal,
    });
    const shown = (message: unknown) => mapping.responseJson(responseSerialize(message));
    if (!responseStream) return { status: 200, json: shown(response) };
    // A stream comes as one object a line, each under "result".
    return { status: 200, lines: [...(response as Iterable<unknown>)].map((message) => ({ result: shown(message) })) };
  }
}

/** The definitions for JavaScript hold 64-bit numbers up to 2^53 only. */
function read(deserialize: (bytes: Buffer) => unknown, bytes: Buffer): unknown {
  try {
    return deserialize(bytes);
  } catch {
    throw new StatusError("INVALID_ARGUMENT", "Request body has a number beyond 2^53, which is not emulated");
  }
}

function readBody(http: HttpCall): Record<string, unknown> {
  if (http.bytes.length === 0) return {};
  try {
    const value = parseJson(http.bytes.toString());
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (thrown) {
    if (thrown instanceof StatusError) throw thrown;
  }
  throw new StatusError("INVALID_ARGUMENT", "Request body is not a JSON object");
}
