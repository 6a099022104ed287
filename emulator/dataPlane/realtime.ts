import type { CallSite } from "../calls/calls";
import type { State } from "../store/state";
import { folderHeaderOf, type Upgrade } from "../transport/httpCall";
import { authorize } from "./authorization";
import { folderOfModel, requireRealtimeModel } from "./models";
import { openSession } from "./realtimeSession";

/** Where the Realtime API is found: a WebSocket, which names its model in the query. */
export const realtimeRoute = "GET /v1/realtime/openai";

/**
 * The Realtime API. A caller is authorized before the WebSocket opens, so a refusal is an HTTP answer with the status and the
 * body of all OpenAI-compatible calls (assumed: the vendor's pages do not say whether it comes before or after).
 */
export function openRealtime(state: State, calls: CallSite): Upgrade {
  return (http) => {
    if (`GET ${http.path}` !== realtimeRoute) return undefined;
    const model = http.query.get("model") ?? "";
    const incoming = {
      method: realtimeRoute,
      authorization: http.headers.authorization,
      folderHeader: folderHeaderOf(http),
      userAgent: http.headers["user-agent"],
      addresses: http.addresses,
      requestId: http.requestId,
      request: { model },
      signal: http.signal,
    };
    const open = () =>
      calls.run(incoming, (call) => {
        authorize(state, call, "realtime", [folderOfModel(model)]);
        return openSession(requireRealtimeModel(model).uri);
      });
    return { errors: "openai", open };
  };
}
