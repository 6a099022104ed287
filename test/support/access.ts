import * as pulumi from "@pulumi/pulumi";
import { AiStudioAccess, type AiStudioAccessArgs } from "../../components/index";
import type { Emulator } from "../../emulator/emulator";
import { startStack, type Stack, type StackOptions } from "./stack";

/** A program with one application, `shop` unless it is called otherwise. */
export const access =
  (args: Partial<AiStudioAccessArgs> = {}, name = "shop", options?: pulumi.ComponentResourceOptions) =>
  async () => {
    const made = new AiStudioAccess(name, { capabilities: ["textGeneration"], ...args }, options);
    const { apiKey, apiKeyId, apiKeyExpiresAt, folderId, serviceAccountId, serviceAccountName } = made;
    const previous = { previousApiKey: made.previousApiKey, previousApiKeyId: made.previousApiKeyId };
    return { apiKey, apiKeyId, apiKeyExpiresAt, folderId, serviceAccountId, serviceAccountName, ...previous };
  };

/** A stack whose provider and component live by the clock of the cloud. */
export const startStackOn = (cloud: Emulator, program: pulumi.automation.PulumiFn, options: StackOptions = {}) =>
  startStack(cloud, program, { now: cloud.clock.now, ...options });

/** Moves the cloud, the component and the provider forward; the deployer signs in again. */
export function advanceTo(cloud: Emulator, stack: Stack, moment: string): void {
  cloud.clock.advance(Date.parse(moment) - cloud.clock.now());
  process.env["AI_STUDIO_ACCESS_NOW"] = moment;
  stack.setEnv({ YC_TOKEN: cloud.addToken(cloud.deployerId) });
}

/** What the chat answers to a key: 200, or why not. */
export async function chat(
  cloud: Emulator,
  key: unknown,
  folderId = cloud.folderId,
  model = `gpt://${folderId}/yandexgpt/latest`,
): Promise<string> {
  const response = await fetch(`${cloud.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${String(key)}`, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: "Are you there?" }],
    }),
  });
  const text = await response.text();
  return response.ok ? "200" : `${response.status} ${text}`;
}
