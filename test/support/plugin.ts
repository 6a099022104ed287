import { spawn } from "node:child_process";
import { EventEmitter, on, once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type handleUnaryCall, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { type IResourceProviderServer, ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";

type Callback<Response> = (error: ServiceError | null, response: Response) => void;
type MethodName = string & keyof IResourceProviderServer;
type Messages<Name extends MethodName> =
  IResourceProviderServer[Name] extends handleUnaryCall<infer Request, infer Response> ? [Request, Response] : never;

export interface Plugin extends AsyncDisposable {
  /** The answer of a method; rejects with the error of gRPC that came instead. */
  call<Name extends MethodName>(method: Name, request: Messages<Name>[0]): Promise<Messages<Name>[1]>;
}

/** The built plugin as a process of its own, started and spoken to as the engine does it. */
export async function startPlugin(env: Record<string, string>, engineAddress: string): Promise<Plugin> {
  const program = join(process.cwd(), "provider", "bin", "pulumi-resource-yandex");
  const plugin = spawn(program, [engineAddress], { env: { PATH: process.env.PATH, ...env } });
  const ended = once(plugin, "exit");
  const [port] = (await once(createInterface(plugin.stdout), "line")) as [string];
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const methods = client as unknown as Record<string, (request: unknown, callback: Callback<never>) => unknown>;
  return {
    call: (method, request) =>
      new Promise((resolve, reject) =>
        methods[method]?.(request, (error, response) => (error ? reject(error) : resolve(response))),
      ),
    async [Symbol.asyncDispose]() {
      client.close();
      plugin.kill("SIGINT");
      await ended;
    },
  };
}

export interface Listener extends AsyncDisposable {
  address: string;
  /** The next line that a plugin has said to this engine, or will say. */
  said(): Promise<LogRequest.AsObject>;
}

/** As much of an engine as hears what a plugin says. */
export async function startListener(): Promise<Listener> {
  const ear = new EventEmitter();
  const lines = on(ear, "line");
  const server = new Server();
  server.addService(EngineService, {
    log: ({ request }: { request: LogRequest }, answer: Callback<Empty>) => {
      ear.emit("line", request.toObject());
      answer(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return {
    address: `127.0.0.1:${port}`,
    async said() {
      const { value } = (await lines.next()) as { value: [LogRequest.AsObject] };
      return value[0];
    },
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
    },
  };
}
