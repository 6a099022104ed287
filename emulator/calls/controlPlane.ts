import type { MethodDefinition } from "@grpc/grpc-js";
import type { CallSite, IncomingCall } from "./calls";
import { requireTokenOf } from "./identity";
import type { Operations } from "./operations";
import type { Method, Service } from "./service";
import { refuse } from "../status";

/** One call of one service, by its full path `/yandex.cloud.iam.v1.ApiKeyService/Create`. */
export interface Rpc {
  /** `ApiKeyService/Create`. */
  name: string;
  definition: MethodDefinition<unknown, unknown>;
  method: Method | undefined;
  open: boolean;
}

/** What the transports are handed: they find a call, translate its request, and pass it on. */
export interface ControlPlane {
  readonly services: readonly Service[];
  find(path: string): Rpc | undefined;
  /** Answers with the response message, or its messages for a server stream. */
  call(rpc: Rpc, incoming: Omit<IncomingCall, "method">): Promise<unknown>;
}

export function openControlPlane(operations: Operations, calls: CallSite, services: Service[]): ControlPlane {
  const rpcs = new Map<string, Rpc>();
  for (const { definition, methods, open } of services) {
    for (const [name, entry] of Object.entries(definition)) {
      rpcs.set(entry.path, {
        name: shortName(entry.path),
        definition: entry,
        method: methods[name],
        open: open === "all" || open.includes(name),
      });
    }
  }

  return {
    services,
    find: (path) => rpcs.get(path),
    call: (rpc, incoming) =>
      calls.run({ ...incoming, method: rpc.name }, (call) => {
        if (!rpc.open) requireTokenOf(call);
        if (!rpc.method) refuse("UNIMPLEMENTED", `${rpc.name} is not emulated (see emulator/COVERAGE.md)`);
        return operations.findRepeated(call) ?? rpc.method(incoming.request as never, call);
      }),
  };
}

/** `ApiKeyService/Create` for `/yandex.cloud.iam.v1.ApiKeyService/Create`. */
export const shortName = (path: string): string => path.replace(/^\/(?:.*\.)?([^./]+\/[^/]+)$/, "$1");
