import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from "node:net";
import type { Upgrade } from "./httpCall";
import type { TlsFiles } from "./certificates";

export type HttpRequest = IncomingMessage | Http2ServerRequest;
export type HttpResponse = ServerResponse | Http2ServerResponse;
export interface Handler {
  answer(request: HttpRequest, response: HttpResponse): void;
  upgrade: Upgrade;
}

export interface Listener {
  port: number;
  /** Takes no more connections, and ends those that there are: once `quiet` has come, or at once if there is none. */
  close(quiet?: Promise<void>): Promise<void>;
}

/**
 * The plaintext port. HTTP/2 without TLS (gRPC) and HTTP/1.1 (JSON, pages) cannot be told apart by negotiation,
 * but HTTP/2 always begins with "PRI ", which no HTTP/1.1 method does.
 */
export async function listenPlaintext(host: string, port: number, handler: Handler): Promise<Listener> {
  const http2 = createHttp2Server(handler.answer);
  const http1 = createHttpServer({ keepAliveTimeout: 30_000 }, handler.answer).on("upgrade", handler.upgrade);
  const server = createNetServer((socket) => {
    // A client that goes away in the middle is its own business.
    socket.on("error", () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      // Paused, or the rest would flow past before the server listens.
      socket.pause();
      socket.unshift(first);
      const speaksHttp2 = first.subarray(0, 4).toString("latin1") === "PRI ";
      (speaksHttp2 ? http2 : http1).emit("connection", socket);
      // An HTTP/2 session reads below the stream, from the handle itself.
      if (!speaksHttp2) socket.resume();
    });
  });
  return listen(server, host, port);
}

/** The TLS port: HTTP/2 or HTTP/1.1, as the client negotiates. */
export function listenTls(host: string, port: number, tls: TlsFiles, handler: Handler): Promise<Listener> {
  const server = createSecureServer({ key: tls.key, cert: tls.cert, allowHTTP1: true }, handler.answer);
  server.on("tlsClientError", () => undefined);
  server.on("upgrade", handler.upgrade);
  return listen(server as unknown as Server, host, port);
}

async function listen(server: Server, host: string, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  };
  server.on("connection", track);

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explained(error, host, port)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (quiet) =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if (!quiet) return sockets.forEach((socket) => socket.destroy());
        // An answer that was just given still has to be written.
        void quiet.then(() => setImmediate(() => sockets.forEach((socket) => socket.destroySoon())));
      }),
  };
}

function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE")
    return new Error(`Port ${port} of ${host} is in use. Stop what uses it, or choose another with --port.`);
  if (error.code === "EACCES")
    return new Error(`Port ${port} of ${host} may not be used by this user. Choose one above 1023.`);
  return new Error(`Port ${port} of ${host} cannot be used (${error.code}).`);
}
