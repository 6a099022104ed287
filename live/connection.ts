import type { Cloud, World } from "../provider/cloud";
import type { Settings } from "../provider/settings";
import { isLoopback } from "../provider/settings/addresses";
import { signInAs } from "../provider/signIn";
import type { Connection, Service } from "./rest";

/**
 * The cloud as this command asks it: over REST, at the addresses of the cloud's directory, signed in as the deployer.
 * An AI endpoint on this machine stands for all services, because a local directory names gRPC ports.
 */
export function connectOverRest(settings: Settings, cloud: Cloud, world: World, signal: AbortSignal): Connection {
  const baseOf = async (service: Service): Promise<string> =>
    service === "openai" || isLoopback(new URL(settings.aiEndpoint).host)
      ? settings.aiEndpoint
      : `https://${await cloud.addressOf(service)}`;
  const credentials = signInAs(
    settings.signIn,
    async (request) => {
      const answer = await cloud.fetch(`${await baseOf("iam")}/iam/v1/tokens`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
        signal,
      });
      if (answer.status !== 200) throw new Error(`the cloud answered ${answer.status}`);
      const { iamToken, expiresAt } = JSON.parse(await answer.text()) as { iamToken: string; expiresAt: string };
      return { value: iamToken, expiresAt: Date.parse(expiresAt) };
    },
    world,
  );
  return { fetch: cloud.fetch, token: credentials.get, baseOf, now: world.now, signal };
}
