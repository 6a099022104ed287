/**
 * cloud/: the only door to Yandex Cloud. Channels, credentials on each call, deadlines, retries, operations and errors.
 * It may import signIn, settings, properties, backoff.ts and world.ts; it knows no resource.
 * Start with `Cloud` below, then cloud/clients.ts (clients), cloud/calls.ts (one call), cloud/retries.ts (what is
 * repeated) and cloud/errors.ts (the sentence for the user).
 */
import type { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import type { Clients, CloudConnection } from "./cloud/clients";
import type { AddressOf } from "./cloud/discovery";
import { abortable } from "./cloud/cancellation";
import { waitForOperation } from "./cloud/operations";
import type { MessageType } from "./cloud/operations";
import type { Settings } from "./settings";
import type { World } from "./world";

export { fetchThroughProxy } from "./cloud/http";
export type { World } from "./world";

export interface CallOptions {
  signal?: AbortSignal;
  /** The caller can do without the answer: the call is repeated once at most, and not at all where the cloud cannot be reached. */
  optional?: boolean;
}

/** The only door to Yandex Cloud. All that goes through it is signed in, in time, and repeated where that is harmless. */
export interface Cloud extends Disposable {
  iam: Pick<Clients, "serviceAccounts" | "apiKeys" | "roles">;
  resourceManager: Pick<Clients, "folders" | "clouds">;
  lockbox: Pick<Clients, "secrets" | "payloads">;
  /** Waits for an operation and gives its response; undefined where it has none, or where no type is given. */
  done<Message>(
    operation: Operation | Promise<Operation>,
    type?: MessageType<Message>,
    options?: CallOptions,
  ): Promise<Message | undefined>;
  /** Host and port of a service, as the cloud's directory tells them. */
  addressOf: AddressOf;
  /**
   * A request over HTTP to whom the settings trust, as it is given: not signed in, not repeated. Without TLS it goes no
   * further than this machine.
   */
  fetch: CloudConnection["fetch"];
  /** What AI Studio lists in a folder, asked with a key; without one, as the deployer. */
  aiList: CloudConnection["aiList"];
  close(): void;
}

const POLL_INTERVAL = "x-operation-poll-interval";

/** Calls and reads nothing until the first call. */
export function connect(settings: Settings, world: World): Cloud {
  let connection: CloudConnection | undefined;
  const connected = (): CloudConnection => (connection ??= load().openConnection(settings, world));
  const client = <Name extends keyof Clients>(name: Name) =>
    whenCalled(name, (optional): Promise<Clients[Name]> => connected().client(name, optional));

  const operations = client("operations");
  const poll = async (operationId: string, signal: AbortSignal | undefined) => {
    let interval: number | undefined;
    const onHeader = (header: { get(key: string): unknown }) => {
      const seconds = Number(header.get(POLL_INTERVAL));
      if (seconds > 0 && seconds < Infinity) interval = seconds * 1000;
    };
    return { operation: await operations.get({ operationId }, { signal, onHeader }), interval };
  };

  return {
    iam: { serviceAccounts: client("serviceAccounts"), apiKeys: client("apiKeys"), roles: client("roles") },
    resourceManager: { folders: client("folders"), clouds: client("clouds") },
    lockbox: { secrets: client("secrets"), payloads: client("payloads") },
    done: (operation, type, options) =>
      waitForOperation(operation, type, { poll, now: world.now, sleep: world.sleep }, options?.signal),
    addressOf: (service) => connected().addressOf(service),
    fetch: (url, request) => connected().fetch(url, request),
    aiList: (name, folderId, options) => connected().aiList(name, folderId, options),
    close: () => connection?.close(),
    [Symbol.dispose]: () => connection?.close(),
  };
}

/** Bundled, but not run before it is needed: half of what the plugin would otherwise load on its start. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const load = () => require("./cloud/clients") as typeof import("./cloud/clients");

/** A client whose every method first gets the real one. */
function whenCalled<Client extends object>(service: string, get: (optional?: boolean) => Promise<Client>): Client {
  const methodNamed = (name: string) => async (request: unknown, options?: CallOptions) => {
    const client = (await abortable(get(options?.optional), options?.signal, `${service}/${name}`)) as Record<
      string,
      Method
    >;
    return client[name]!(request, options);
  };
  // A thing with a method `then` would be taken for a promise.
  return new Proxy({} as Client, { get: (_target, name) => (name === "then" ? undefined : methodNamed(String(name))) });
}

type Method = (request: unknown, options?: CallOptions) => Promise<unknown>;
