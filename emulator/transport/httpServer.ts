import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import cors from "@fastify/cors";
import websocket from "@fastify/websocket";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { StatusError } from "../status";
import type { TlsFiles } from "./certificates";
import { converse } from "./conversation";
import { openGate } from "./gate";
import { answer, type AnswerOptions, authorityOf, callOf, envelopeOf, fail, requireSize } from "./httpAnswers";
import type { Conversation, Upgrade } from "./httpCall";
import { type Listener, portError } from "./listener";
import { traceIdOf } from "./traceIds";

export interface HttpOptions extends AnswerOptions {
  host: string;
  port: number;
  /** The option that chooses the port, for advice. */
  flag: string;
  tls?: TlsFiles;
  upgrade: Upgrade;
  /** The cloud's clock, which every answer carries in its header `Date`, as RFC 9110 (6.6.1) demands of a server. */
  now: () => number;
  /** Origins whose pages may call, `*` for all. */
  cors: readonly string[];
}

const MIB = 1024 * 1024;

/** REST, AI, WebSockets and pages on one port; with TLS also over HTTP/2. */
export async function listenHttp(options: HttpOptions): Promise<Listener> {
  const { host, port, flag } = options;
  const app = openApp(options);
  // A client may close its half once it has asked, as `nc -N` does.
  Object.assign(app.server, { httpAllowHalfOpen: true });
  const sockets = new Set<Socket>();
  app.server.on(options.tls ? "secureConnection" : "connection", (socket: Socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)));
  });
  await app.listen({ host, port }).catch((error: unknown) => {
    throw portError(error, host, port, flag);
  });
  return {
    port: (app.server.address() as AddressInfo).port,
    async close(quiet) {
      app.server.close();
      await quiet;
      // An answer that was just given still has to be written.
      if (quiet) await new Promise(setImmediate);
      for (const socket of sockets)
        if (quiet) socket.destroySoon();
        else socket.destroy();
      await app.close();
    },
  };
}

const common = {
  bodyLimit: 128 * MIB,
  genReqId: () => randomUUID(),
  requestIdHeader: false,
  return503OnClosing: false,
  routerOptions: { ignoreDuplicateSlashes: true },
} as const;

/** A request has to be there within these, or its connection ends with 408. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 120_000, connectionsCheckingInterval: 2_000 };

function openApp(options: HttpOptions): FastifyInstance {
  const { tls } = options;
  const base = {
    ...common,
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      fail(options, error, request, reply),
  };
  const app: FastifyInstance = tls
    ? // Its types tell HTTP/2 from HTTP/1.1; here both are served, and only what they share is used.
      (Fastify({
        ...base,
        http2: true,
        http2SessionTimeout: 600_000,
        https: { allowHTTP1: true, key: tls.key, cert: tls.cert, handshakeTimeout: 10_000, ...timeouts },
      } as object) as FastifyInstance)
    : Fastify({
        ...base,
        // Other upgrades, such as that to h2c which Java offers, are ignored, as HTTP demands.
        http: { ...timeouts, keepAliveTimeout: 30_000, ...{ shouldUpgradeCallback: isWebSocket } },
      });
  const gate = openGate(options.host, options.cors);
  const conversations = new WeakMap<FastifyRequest, Conversation>();

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: FastifyError, request, reply) => fail(options, error, request, reply));
  app.setNotFoundHandler((request, reply) => answer(options, request, reply));
  app.addHook("onRequest", async (request, reply) => {
    reply.header("date", new Date(options.now()).toUTCString());
    reply.header("x-request-id", request.id).header("x-server-trace-id", traceIdOf(request.id));
    const clientRequestId = request.headers["x-client-request-id"];
    if (typeof clientRequestId === "string") reply.header("x-client-request-id", clientRequestId);
    const { origin } = request.headers;
    gate.check(isWebSocket(request.raw) ? "CONNECT" : request.method, authorityOf(request), origin, tls !== undefined);
    const encoding = request.headers["content-encoding"] ?? "identity";
    if (encoding !== "identity")
      throw new StatusError(
        "INVALID_ARGUMENT",
        `Content-Encoding ${encoding} is not supported: send the body as it is`,
      );
    requireSize(request, Number(request.headers["content-length"] ?? 0));
  });
  if (options.cors.length > 0)
    void app.register(cors, {
      origin: options.cors.includes("*") ? "*" : [...options.cors],
      methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
      exposedHeaders: ["x-request-id"],
    });
  void app.register(websocket, {
    options: { maxPayload: MIB, allowSynchronousEvents: false },
    errorHandler: (_error, socket) => socket.terminate(),
  });
  // After the plugin of WebSockets, which looks at routes as they come.
  void app.after(() => {
    app.addHook("preHandler", async (request, reply) => {
      if (!request.ws) return;
      const http = callOf(options, request, reply);
      const found = options.upgrade(http);
      if (!found)
        throw new StatusError("NOT_FOUND", `There is no WebSocket at ${http.path} (see emulator/COVERAGE.md)`);
      envelopeOf.set(request, found.errors);
      conversations.set(request, await found.open());
    });
    app.route({
      method: "GET",
      url: "*",
      handler: (request, reply) => answer(options, request, reply),
      wsHandler: (socket, request) => converse(socket, conversations.get(request), options.report),
    });
    app.route({
      method: ["POST", "PUT", "PATCH", "DELETE"],
      url: "*",
      handler: (request, reply) => answer(options, request, reply),
    });
  });
  return app;
}

const isWebSocket = ({ headers }: Pick<IncomingMessage, "headers">): boolean =>
  headers.upgrade?.toLowerCase() === "websocket";
