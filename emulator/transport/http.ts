import { randomUUID } from "node:crypto";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { ControlPlane } from "../calls/controlPlane";
import { errorAnswer } from "./errorBodies";
import type { HttpAnswer, HttpCall, HttpPart, Upgrade } from "./httpCall";
import { Abort } from "../calls/faults";
import { isGrpc, serveGrpc } from "./grpc";
import type { Handler, HttpRequest, HttpResponse } from "./listen";
import { StatusError, restError } from "../status";

export interface HttpSides {
  /** The cloud's clock, which every answer carries in its header `Date`, as RFC 9110 (6.6.1) demands of a server. */
  now: () => number;
  controlPlane: ControlPlane;
  realtime: Upgrade;
  parts: HttpPart[];
}

/** One handler for both ports: gRPC by its content type, a WebSocket by its upgrade, everything else by its path. */
export function openHttp({ now, controlPlane, realtime, parts }: HttpSides): Handler {
  return {
    answer(request, response) {
      if (request.httpVersionMajor === 2 && isGrpc(request.headers)) {
        void serveGrpc(controlPlane, request as Http2ServerRequest, response as Http2ServerResponse);
      } else {
        response.setHeader("date", new Date(now()).toUTCString());
        void serveHttp(parts, request, response);
      }
    },
    upgrade: realtime,
  };
}

async function serveHttp(parts: HttpPart[], request: HttpRequest, response: HttpResponse): Promise<void> {
  const requestId = randomUUID();
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  // Bodies of files and audio are small; more than this is a mistake.
  const bytes = await readAll(request, 32 * 1024 * 1024);
  if (bytes === undefined) return;
  const authority = authorityOf(request);
  const url = new URL(request.url ?? "/", `http://${authority}`);
  const http: HttpCall = {
    method: request.method ?? "GET",
    path: decodeURI(url.pathname),
    query: url.searchParams,
    headers: request.headers as Record<string, string | undefined>,
    bytes,
    authority,
    requestId,
    signal: gone.signal,
  };
  try {
    for (const part of parts) {
      const answer = part(http);
      if (answer) return await send(response, requestId, await answer);
    }
    const refusal = new StatusError(
      "UNIMPLEMENTED",
      `${http.method} ${http.path} is not emulated (see emulator/COVERAGE.md)`,
    );
    await send(response, requestId, errorAnswer(http.path.startsWith("/v1/") ? "openai" : "plain", refusal, requestId));
  } catch (thrown) {
    if (thrown instanceof Abort) request.socket.destroy();
    else
      await send(response, requestId, {
        status: 500,
        json: restError(new StatusError("INTERNAL", "Internal error"), requestId),
      });
  }
}

async function send(response: HttpResponse, requestId: string, answer: HttpAnswer): Promise<void> {
  response.statusCode = answer.status;
  response.setHeader("x-request-id", requestId);
  response.setHeader("x-server-trace-id", requestId);
  const write = response.write.bind(response) as (chunk: string) => boolean;
  const end = response.end.bind(response) as (chunk?: string | Buffer) => unknown;
  if ("events" in answer) {
    response.setHeader("content-type", "text/event-stream");
    let named = false;
    for (const event of answer.events) {
      named = event.type !== undefined;
      write(`${named ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`);
    }
    end(named ? undefined : "data: [DONE]\n\n");
  } else if ("lines" in answer) {
    response.setHeader("content-type", "application/json");
    for (const line of answer.lines) write(`${JSON.stringify(line)}\n`);
    end();
  } else if ("json" in answer) {
    response.setHeader("content-type", "application/json");
    end(`${JSON.stringify(answer.json)}\n`);
  } else {
    response.setHeader("content-type", answer.type);
    end(answer.bytes);
  }
}

function authorityOf(request: HttpRequest): string {
  const authority = request.headers[":authority"] ?? request.headers.host;
  return (Array.isArray(authority) ? authority[0] : authority) ?? "localhost";
}

/** The body, or undefined when the client has gone or sends more than `limit` bytes. */
async function readAll(request: HttpRequest, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > limit) {
        request.socket.destroy();
        return undefined;
      }
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
