import { randomUUID } from "node:crypto";
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { CallSite } from "../calls/calls";
import { Abort } from "../calls/faults";
import type { State } from "../store/state";
import { asStatusError, StatusError } from "../status";
import { authorize } from "./authorization";
import { errorAnswer } from "../transport/errorBodies";
import type { Upgrade } from "../transport/httpCall";
import { folderOfModel, requireRealtimeModel } from "./models";
import { openSession } from "./realtimeSession";

/** Where the Realtime API is found: a WebSocket, which names its model in the query. */
export const realtimeRoute = "GET /v1/realtime/openai";

/**
 * The Realtime API. A caller is admitted before the WebSocket opens, so a refusal is an HTTP answer with the status and the
 * body of all OpenAI-compatible calls (assumed: the vendor's pages do not say whether it comes before or after).
 */
export function openRealtime(state: State, calls: CallSite): Upgrade {
  const server = new WebSocketServer({ noServer: true });

  return (request, socket, head) => {
    // A client that goes away in the middle is its own business.
    socket.on("error", () => socket.destroy());
    const requestId = randomUUID();
    void enter(request, requestId, socket).then(
      (model) => server.handleUpgrade(request, socket, head, (client: WebSocket) => openSession(client, model)),
      (thrown: unknown) => {
        if (thrown instanceof Abort) socket.destroy();
        else
          refuseUpgrade(
            socket,
            requestId,
            asStatusError(thrown, () => undefined),
          );
      },
    );
  };

  function enter(request: IncomingMessage, requestId: string, socket: Duplex): Promise<string> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const isRealtime = `GET ${url.pathname}` === realtimeRoute;
    const model = url.searchParams.get("model") ?? "";
    const gone = new AbortController();
    socket.on("close", () => gone.abort());
    return calls.run(
      {
        method: isRealtime ? realtimeRoute : `GET ${url.pathname}`,
        authorization: request.headers.authorization,
        folderHeader: header(request, "openai-project") || header(request, "x-folder-id"),
        authority: request.headers.host ?? "localhost",
        requestId,
        request: { model },
        signal: gone.signal,
      },
      (call) => {
        if (!isRealtime)
          throw new StatusError("UNIMPLEMENTED", `${url.pathname} is no WebSocket (see emulator/COVERAGE.md)`);
        authorize(state, call, "realtime", [folderOfModel(model)]);
        return requireRealtimeModel(model).uri;
      },
    );
  }
}

const header = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** A connection that is still HTTP/1.1 and has no response object: the answer is written out by hand. */
function refuseUpgrade(socket: Duplex, requestId: string, error: StatusError): void {
  const { status, json } = errorAnswer("openai", error, requestId);
  const body = `${JSON.stringify(json)}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
