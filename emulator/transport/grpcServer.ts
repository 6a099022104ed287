import { randomUUID } from "node:crypto";
import { constants, type ServerHttp2Stream } from "node:http2";
import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServerReadableStream,
  type ServerUnaryCall,
  type UntypedHandleCall,
} from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import type { ControlPlane, Rpc } from "../calls/controlPlane";
import type { Addresses } from "../calls/calls";
import { Abort } from "../calls/faults";
import { asStatusError, codes, StatusError } from "../status";
import type { TlsFiles } from "./certificates";
import { detailsOf } from "./errorDetails";
import { type Listener, portError } from "./listener";
import { addReflection } from "./reflection";
import { traceIdOf } from "./traceIds";

export interface GrpcOptions {
  host: string;
  port: number;
  flag: string;
  tls?: TlsFiles;
  controlPlane: ControlPlane;
  /** Where a client that used this authority reaches the cloud. */
  addressesFor(authority: string): Addresses;
  /** Called with the stack of what should not have been thrown. */
  report: (text: string) => void;
}

/** Of all messages of one streamed request together. gRPC itself allows 4 MiB for each. */
const STREAM_LIMIT_BYTES = 64 * 1024 * 1024;

const serverOptions = {
  "grpc.max_receive_message_length": 4 * 1024 * 1024,
  // A client that does not even answer a ping is let go after 15 s.
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  "grpc.max_concurrent_streams": 1_000,
};

/** All calls over gRPC, with reflection and the health service. */
export async function listenGrpc(options: GrpcOptions): Promise<Listener> {
  const { host, port, tls, controlPlane } = options;
  const server = new Server(serverOptions);
  for (const { definition } of controlPlane.services) {
    const handlers = Object.entries(definition).map(([name, { path }]) => {
      const rpc = controlPlane.find(path);
      if (!rpc) throw new Error(`${path} is not in the control plane`);
      return [name, handlerOf(rpc, options)] as const;
    });
    server.addService(lenient(definition), Object.fromEntries(handlers));
  }
  const names = controlPlane.services.flatMap(({ definition }) =>
    Object.values(definition)
      .slice(0, 1)
      .map(({ path }) => path.split("/")[1] ?? ""),
  );
  new HealthImplementation(Object.fromEntries(["", ...names].map((name) => [name, "SERVING"]))).addToServer(server);
  addReflection(server, names);

  // Of clients it wants no certificate. Without an authority of its own it would read all that the machine trusts.
  const credentials = tls
    ? ServerCredentials.createSsl(Buffer.from(tls.ca), [
        { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) },
      ])
    : ServerCredentials.createInsecure();
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(address, credentials, (error, found) =>
      error ? reject(portError(error, host, port, options.flag)) : resolve(found),
    ),
  );
  return {
    port: bound,
    close: async (quiet) => {
      const ended = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      await quiet;
      // An answer that was just given still has to be written.
      if (quiet) await new Promise(setImmediate);
      server.forceShutdown();
      await ended;
    },
  };
}

/** Replaces a message with a number that the definitions for JavaScript cannot hold. */
const beyond = Symbol("a number beyond 2^53");

/** gRPC calls whatever it cannot read INTERNAL, as if the fault were the server's. */
function lenient(definition: ServiceDefinition): ServiceDefinition {
  const entries = Object.entries(definition).map(([name, method]) => {
    const requestDeserialize = (bytes: Buffer): unknown => {
      try {
        return method.requestDeserialize(bytes);
      } catch (thrown) {
        if (thrown instanceof Error && thrown.message.includes("MAX_SAFE_INTEGER")) return beyond;
        throw thrown;
      }
    };
    return [name, { ...method, requestDeserialize }] as const;
  });
  return Object.fromEntries(entries);
}

function readable(message: unknown): unknown {
  if (message !== beyond) return message;
  throw new StatusError("INVALID_ARGUMENT", "The request has a number beyond 2^53, which is not emulated");
}

function handlerOf(rpc: Rpc, options: GrpcOptions): UntypedHandleCall {
  const { requestStream, responseStream } = rpc.definition;
  if (!requestStream && !responseStream) {
    const unary: handleUnaryCall<unknown, unknown> = (call, callback) =>
      void answer(rpc, options, call, () => call.request).then(
        (message) => callback(null, message),
        (refusal) => end(call, refusal, callback),
      );
    return unary;
  }
  if (!responseStream) {
    const clientStream: handleClientStreamingCall<unknown, unknown> = (call, callback) =>
      void answer(rpc, options, call, () => collected(rpc, call)).then(
        (message) => callback(null, message),
        (refusal) => end(call, refusal, callback),
      );
    return clientStream;
  }
  const streamed = (call: Parameters<handleBidiStreamingCall<unknown, unknown>>[0], request: () => unknown) =>
    void answer(rpc, options, call, request)
      .then(async (messages) => {
        for (const message of messages as Iterable<unknown>)
          if (!call.write(message))
            await new Promise((resolve) => call.once("drain", resolve).once("cancelled", resolve));
        call.end();
      })
      .catch((thrown: unknown) => end(call, thrown, (error) => call.emit("error", error)));
  const serverStream: handleServerStreamingCall<unknown, unknown> = (call) =>
    streamed(call as never, () => call.request);
  const bidi: handleBidiStreamingCall<unknown, unknown> = (call) => streamed(call, () => collected(rpc, call));
  return requestStream ? bidi : serverStream;
}

type AnyCall = Pick<ServerUnaryCall<unknown, unknown>, "metadata" | "getHost" | "sendMetadata"> & {
  once(event: "cancelled", act: () => void): unknown;
};

/** What gRPC says when it is asked to end a call otherwise than by its answer. */
type Refusal = { code: number; details: string; metadata: Metadata };

async function answer(rpc: Rpc, options: GrpcOptions, call: AnyCall, request: () => unknown): Promise<unknown> {
  const requestId = randomUUID();
  const gone = new AbortController();
  call.once("cancelled", () => gone.abort());
  const header = (name: string) => call.metadata.get(name)[0]?.toString();
  const about = new Metadata();
  about.set("x-request-id", requestId);
  about.set("x-server-trace-id", traceIdOf(requestId));
  const clientRequestId = header("x-client-request-id");
  if (clientRequestId) about.set("x-client-request-id", clientRequestId);
  try {
    const message = await options.controlPlane.call(rpc, {
      authorization: header("authorization"),
      idempotencyKey: header("idempotency-key"),
      folderHeader: header("x-folder-id"),
      addresses: options.addressesFor(call.getHost()),
      requestId,
      request: readable(await request()),
      signal: gone.signal,
    });
    call.sendMetadata(about);
    return message;
  } catch (thrown) {
    if (thrown instanceof Abort) throw thrown;
    const error = asStatusError(thrown, options.report);
    about.set("grpc-status-details-bin", detailsOf(error, requestId));
    throw { code: codes[error.code], details: error.message, metadata: about } satisfies Refusal;
  }
}

function end(call: unknown, thrown: unknown, refuse: (refusal: Refusal) => void): void {
  if (!(thrown instanceof Abort)) return refuse(thrown as Refusal);
  // grpc-js has no way to end a call without a status, so the stream below it is reset.
  const { stream } = (call as { call: { stream: ServerHttp2Stream } }).call;
  stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}

async function collected(rpc: Rpc, call: ServerReadableStream<unknown, unknown>): Promise<unknown[]> {
  const messages: unknown[] = [];
  let bytes = 0;
  // What is thrown here must not destroy the call, which still has to tell the client.
  for await (const message of call.iterator({ destroyOnReturn: false })) {
    readable(message);
    bytes += rpc.definition.requestSerialize(message).length;
    if (bytes > STREAM_LIMIT_BYTES)
      throw new StatusError("RESOURCE_EXHAUSTED", "The streamed request is larger than 64 MiB");
    messages.push(message);
  }
  return messages;
}
