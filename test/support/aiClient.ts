import OpenAI from "openai";
import type { Emulator } from "../../emulator/emulator";
import type { Json } from "./api";

/** The scope that covers all of AI Studio. */
const umbrella = "yc.ai.foundationModels.execute";

export interface AiClient {
  key: string;
  openai: OpenAI;
  /** The URI of a model of Yandex, and of one that the cloud hosts. */
  model: string;
  hosted: string;
  /** Calls a path by the key, over HTTP. */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; json: Json }>;
  /** The events of a stream as they come, `[DONE]` left out. */
  events(path: string, body: object): Promise<Json[]>;
}

/** A client of AI Studio with a key of all scopes, whose account holds these roles in the folder. */
export function openAi(cloud: Emulator, roles = ["ai.languageModels.user"], folderId = cloud.folderId): AiClient {
  const account = cloud.addAccount({ name: `app-${cloud.snapshot().accounts.length}`, folderId, roles });
  const key = cloud.addApiKey(account, { scopes: [umbrella] }).secret;
  const send = (method: string, path: string, body?: unknown) =>
    fetch(cloud.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  return {
    key,
    openai: new OpenAI({ apiKey: key, baseURL: `${cloud.url}/v1`, project: folderId, maxRetries: 0 }),
    model: `gpt://${folderId}/yandexgpt/latest`,
    hosted: `gpt://${folderId}/qwen3-235b-a22b-fp8/latest`,
    async ask(method, path, body) {
      const answer = await send(method, path, body);
      return { status: answer.status, json: (await answer.json()) as Json };
    },
    async events(path, body) {
      const text = await (await send("POST", path, { ...body, stream: true })).text();
      const data = text.split("\n").filter((line) => line.startsWith("data: {"));
      return data.map((line) => JSON.parse(line.slice("data: ".length)) as Json);
    },
  };
}
