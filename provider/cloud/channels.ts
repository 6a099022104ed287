import { ChannelCredentials, createChannel } from "nice-grpc";
import type { Channel } from "nice-grpc";
import { isLoopback } from "../settings/addresses";
import type { Settings } from "../settings";
import { proxyFor } from "../settings/proxy";
import type { World } from "../world";
import type { Trust } from "./trust";

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
  // The pauses between repeats are ours; until then the library must not refuse to connect.
  "grpc.initial_reconnect_backoff_ms": 50,
  "grpc.max_reconnect_backoff_ms": 2_000,
  // By default the library asks the name service for instructions, among them to repeat calls by itself.
  "grpc.service_config_disable_resolution": 1,
};

export function openChannels(
  { plaintext }: Pick<Settings, "plaintext">,
  trust: () => Promise<Trust>,
  env: World["env"],
): Channels {
  const open = new Map<string, Channel>();
  let closed = false;

  async function credentials(): Promise<ChannelCredentials> {
    if (plaintext) return ChannelCredentials.createInsecure();
    const { ca, rejectUnauthorized } = await trust();
    return ChannelCredentials.createSsl(ca ? Buffer.from(ca) : null, null, null, { rejectUnauthorized });
  }

  return {
    async to(address) {
      // The cloud's directory may answer any address; what is allowed for the endpoint is not for all.
      if (plaintext && !isLoopback(address)) {
        throw new Error(
          `${address} is not on this machine, so nothing is sent there without TLS; unset yandex:plaintext`,
        );
      }
      const ready = await credentials();
      if (closed) throw new Error("the connection to the cloud has been closed");
      let channel = open.get(address);
      if (!channel) open.set(address, (channel = createChannel(address, ready, optionsFor(address, env))));
      return channel;
    },
    close() {
      closed = true;
      for (const channel of open.values()) channel.close();
      open.clear();
    },
  };
}

/** The library reads the variables of the proxy itself; whether a call goes through it is decided for all calls in one place. */
const optionsFor = (address: string, env: World["env"]) => ({
  ...OPTIONS,
  "grpc.enable_http_proxy": proxyFor(address, env) ? 1 : 0,
});
