import { ApiEndpointServiceService } from "@yandex-cloud/nodejs-sdk/endpoint/api_endpoint_service";
import { ApiKeyServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import { IamTokenServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/iam_token_service";
import { ServiceAccountServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account_service";
import { OperationServiceService } from "@yandex-cloud/nodejs-sdk/operation/operation_service";
import { FolderServiceService } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { randomUUID } from "node:crypto";
import type { ServerCredentials } from "@grpc/grpc-js";
import { createServer, ServerError, Status } from "nice-grpc";
import type { CallContext } from "nice-grpc";
import { startTimeLimit } from "../../provider/world";
import type { World } from "../../provider/world";
import { readProviderSettings } from "../../provider/settings";

/** Answers a call or throws; gets the request, what came with it, and how often the method has been called. */
export type Handler = (request: Record<string, unknown>, context: CallContext, count: number) => unknown;

export interface Call {
  method: string;
  metadata: Record<string, string>;
}

/** A server for one test: it answers what the test says, refuses the rest, and remembers every call. */
export async function startSmallCloud(
  handlers: Record<string, Handler>,
  { credentials, addresses = {} }: { credentials?: ServerCredentials; addresses?: Record<string, string> } = {},
) {
  const calls: Call[] = [];
  const server = createServer();
  let address = "";
  const all: Record<string, Handler> = {
    "ApiEndpointService/List": () => ({
      endpoints: ["iam", "operation", "resource-manager", "lockbox", "lockbox-payload"].map((id) => ({
        id,
        address: addresses[id] ?? address,
      })),
      nextPageToken: "",
    }),
    ...handlers,
  };
  for (const definition of SERVICES) {
    const methods = Object.entries(definition).map(([name, { path }]) => {
      const method = path.replace(/^.*\.([^.]+\/)/, "$1");
      const answer = async (request: Record<string, unknown>, context: CallContext) => {
        const metadata = Object.fromEntries([...context.metadata].map(([key, values]) => [key, String(values[0])]));
        calls.push({ method, metadata });
        const handler = all[method];
        if (!handler) throw new ServerError(Status.UNIMPLEMENTED, `${method} is not part of this test`);
        return handler(request, context, calls.filter((call) => call.method === method).length);
      };
      return [name, answer];
    });
    server.add(definition as never, Object.fromEntries(methods) as never);
  }
  const port = await server.listen("127.0.0.1:0", credentials);
  address = `127.0.0.1:${port}`;
  return {
    address,
    port,
    calls,
    made: (method: string) => calls.filter((call) => call.method === method),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

const SERVICES = [
  ApiEndpointServiceService,
  ApiKeyServiceService,
  IamTokenServiceService,
  ServiceAccountServiceService,
  OperationServiceService,
  FolderServiceService,
] as Record<string, { path: string }>[];

/** The real world without its pauses: they pass at once. */
export function testWorld(changes: Partial<World> = {}): World & { pauses: number[] } {
  const pauses: number[] = [];
  return {
    now: () => Date.now(),
    sleep: (ms, signal) => {
      pauses.push(ms);
      return signal?.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
    },
    timeLimit: startTimeLimit,
    random: () => 0.5,
    randomId: randomUUID,
    env: {},
    readFile: async (path) => {
      throw new Error(`${path} is not part of this test`);
    },
    fetch: async (url) => {
      throw new Error(`${String(url)} is not part of this test`);
    },
    ...changes,
    pauses,
  };
}

/** Settings as a stack gives them, for a plaintext server, and nothing wrong with them. */
export function settingsFor(endpoint: string, config: Record<string, unknown> = {}) {
  // Nothing may be looked for outside of this machine, not even by mistake.
  const env = { YC_METADATA_ADDR: "127.0.0.1:9" };
  const defaults = { endpoint, plaintext: true, token: TOKEN };
  const { settings, failures } = readProviderSettings({ ...defaults, ...config }, env);
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  return settings;
}

/** Of the form of an IAM token. */
export const TOKEN = `t1.9eueltest.${"s".repeat(86)}`;
