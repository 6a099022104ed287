import { type ChannelCredentials, createChannel, createClientFactory, type Client, Metadata } from "nice-grpc";
import type { CompatServiceDefinition } from "nice-grpc/lib/service-definitions";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/emulator";

/** A local cloud of its own for one test, in memory, on free ports: `await using cloud = await startCloud()`. */
export const startCloud = (options: EmulatorOptions = {}): Promise<Emulator> =>
  startEmulator({
    ...options,
    report: (text) => {
      throw new Error(`the emulator met what it should not: ${text}`);
    },
  });

/** The same at a moment, from where its time goes on: for a test that names dates. */
export const startCloudAt = (moment: string, options: EmulatorOptions = {}): Promise<Emulator> => {
  const ahead = Date.parse(moment) - Date.now();
  return startCloud({ ...options, clock: () => Date.now() + ahead });
};

/** A gRPC client of the vendor's definition over the plaintext port, signed in as the deployer unless the test says otherwise. */
export function grpcClient<S extends CompatServiceDefinition>(
  cloud: Pick<Emulator, "endpoint" | "token">,
  definition: S,
  options: { authorization?: string; endpoint?: string; credentials?: ChannelCredentials } = {},
): Client<S> & Disposable {
  const channel = createChannel(options.endpoint ?? cloud.endpoint, options.credentials);
  const metadata = Metadata({ authorization: options.authorization ?? `Bearer ${cloud.token}` });
  const client = createClientFactory().create(definition, channel, { "*": { metadata } });
  return Object.assign(client, { [Symbol.dispose]: () => channel.close() });
}
