import { getCACertificates } from "node:tls";
import { ChannelCredentials, createChannel } from "nice-grpc";
import type { Channel } from "nice-grpc";
import { isLoopback } from "../addresses";
import type { Settings } from "../settings";
import type { World } from "../world";

/** One connection for each address, made when it is first needed. */
export interface Channels {
  to(address: string): Promise<Channel>;
  close(): void;
}

const OPTIONS = {
  "grpc.primary_user_agent": "pulumi-resource-yandex",
  // A connection that has died unseen is found out within one call instead of swallowing every repeat.
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  // The pauses between repeats are ours; the library must not refuse to connect meanwhile.
  "grpc.initial_reconnect_backoff_ms": 50,
  "grpc.max_reconnect_backoff_ms": 2_000,
};

type Transport = Pick<Settings, "plaintext" | "insecure" | "caFile">;

export function openChannels(transport: Transport, world: World): Channels {
  const open = new Map<string, Channel>();
  let credentials: Promise<ChannelCredentials> | undefined;
  let closed = false;
  return {
    async to(address) {
      if (closed) throw new Error("the connection to the cloud has been closed");
      // Discovery may answer any address; what is allowed for the endpoint is not for all.
      if (transport.plaintext && !isLoopback(address)) {
        throw new Error(
          `${address} is not on this machine, so nothing is sent there without TLS; unset yandex:plaintext`,
        );
      }
      credentials ??= credentialsFor(transport, world);
      const ready = await credentials.catch((error: unknown) => {
        credentials = undefined;
        throw error;
      });
      let channel = open.get(address);
      if (!channel) open.set(address, (channel = createChannel(address, ready, OPTIONS)));
      return channel;
    },
    close() {
      closed = true;
      for (const channel of open.values()) channel.close();
      open.clear();
    },
  };
}

async function credentialsFor(
  { plaintext, insecure, caFile }: Transport,
  { readFile }: World,
): Promise<ChannelCredentials> {
  if (plaintext) return ChannelCredentials.createInsecure();
  const own = caFile && (await readFile(caFile).catch((error: NodeJS.ErrnoException) => cannotRead(caFile, error)));
  if (own && !own.includes("-----BEGIN CERTIFICATE-----"))
    throw new Error(`${caFile} holds no certificate in PEM form`);
  const trusted = own ? Buffer.from([...getCACertificates("default"), own].join("\n")) : null;
  return ChannelCredentials.createSsl(trusted, null, null, insecure ? { rejectUnauthorized: false } : {});
}

function cannotRead(file: string, { code }: NodeJS.ErrnoException): never {
  throw new Error(`the certificates in ${file} cannot be read (${code})`);
}
