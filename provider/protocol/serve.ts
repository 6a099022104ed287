import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { World } from "../cloud";
import { openEngineLog } from "./engineLog";
import { createProvider } from "../provider";
import { resourceProvider } from "./server";

export interface Serving extends AsyncDisposable {
  port: number;
}

/** Serves the provider on a free port of the loopback address, which is where the engine looks for it. */
export async function serve(world: World, engineAddress?: string): Promise<Serving> {
  const provider = createProvider(world, openEngineLog, engineAddress);
  // A state with many resources makes messages larger than the default of 4 MB.
  const listener = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  listener.addService(ResourceProviderService, resourceProvider(provider) as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) =>
    listener.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return {
    port,
    async [Symbol.asyncDispose]() {
      listener.forceShutdown();
      provider.close();
    },
  };
}
