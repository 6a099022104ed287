import { DatasetServiceService, ListDatasetsRequest } from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset_service";
import { ListTuningsRequest, TuningServiceService } from "@yandex-cloud/nodejs-sdk/ai-tuning-v1/tuning_service";
import { ClientError, Status } from "nice-grpc";
import WebSocket from "ws";
import type { Capability } from "../../components/capabilities";
import type { Emulator } from "../../emulator/emulator";
import { openApi, responseOf } from "../support/api";
import { grpcClient } from "../support/cloud";

/** How a call ended: 200, or the status of its refusal. gRPC's are given as their HTTP counterparts. */
type Ending = number;

/** The call that an application makes with a capability, in full. */
export const ownCalls: Record<Capability, (cloud: Emulator, key: string) => Promise<Ending>> = {
  textGeneration: post("/v1/chat/completions", (folderId) => ({
    model: `gpt://${folderId}/yandexgpt/latest`,
    messages: [{ role: "user", content: "Are you there?" }],
  })),
  embeddings: post("/v1/embeddings", (folderId) => ({
    model: `emb://${folderId}/text-search-doc/latest`,
    input: "Are you there?",
  })),
  imageGeneration: post("/foundationModels/v1/imageGenerationAsync", (folderId) => ({
    modelUri: `art://${folderId}/yandex-art/latest`,
    messages: [{ text: "a shop" }],
  })),
  tuning: overGrpc(async (cloud, authorization) => {
    using client = grpcClient(cloud, TuningServiceService, { authorization });
    await client.list(ListTuningsRequest.fromPartial({ folderId: cloud.folderId }));
  }),
  datasets: overGrpc(async (cloud, authorization) => {
    using client = grpcClient(cloud, DatasetServiceService, { authorization });
    await client.list(ListDatasetsRequest.fromPartial({ folderId: cloud.folderId }));
  }),
  responses: post("/v1/responses", (folderId) => ({
    model: `gpt://${folderId}/yandexgpt/latest`,
    input: "Are you there?",
  })),
  realtime,
  speechToText: post("/speech/v1/stt:recognize", () => "sound"),
  textToSpeech: post("/speech/v1/tts:synthesize", () => "text=hello"),
  translation: post("/translate/v2/translate", (folderId) => ({
    folderId,
    texts: ["hello"],
    targetLanguageCode: "ru",
  })),
  vision: post("/ocr/v1/recognizeText", () => ({ content: "aGVsbG8=" })),
  search: post("/v2/web/search", (folderId) => ({ folderId, query: { queryText: "shop" } })),
  mcp: async (cloud, key) =>
    post(await gatewayOf(cloud), () => ({ jsonrpc: "2.0", id: 1, method: "initialize", params: {} }))(cloud, key),
};

function post(path: string, body: (folderId: string) => object | string) {
  return async (cloud: Emulator, key: string): Promise<Ending> => {
    const sent = body(cloud.folderId);
    const answer = await fetch(new URL(path, cloud.url), {
      method: "POST",
      headers: { authorization: `Api-Key ${key}` },
      body: typeof sent === "string" ? sent : JSON.stringify(sent),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
}

const asHttp: Partial<Record<Status, Ending>> = {
  [Status.UNAUTHENTICATED]: 401,
  [Status.PERMISSION_DENIED]: 403,
};

function overGrpc(call: (cloud: Emulator, authorization: string) => Promise<unknown>) {
  return async (cloud: Emulator, key: string): Promise<Ending> => {
    try {
      await call(cloud, `Api-Key ${key}`);
      return 200;
    } catch (error) {
      if (error instanceof ClientError) return asHttp[error.code] ?? 500;
      throw error;
    }
  };
}

/** 200 when the conversation has begun. */
function realtime(cloud: Emulator, key: string): Promise<Ending> {
  const model = encodeURIComponent(`gpt://${cloud.folderId}/speech-realtime-250923`);
  const address = `${cloud.url.replace("http", "ws")}/v1/realtime/openai?model=${model}`;
  const client = new WebSocket(address, { headers: { authorization: `Api-Key ${key}` } });
  const ending = new Promise<Ending>((resolve, reject) => {
    client.on("message", (data) => resolve(String(data).includes("session.created") ? 200 : 500));
    client.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 500));
    client.on("error", reject);
  });
  return ending.finally(() => client.terminate());
}

/** The address of an MCP server in the folder; one is made for the first call. */
async function gatewayOf(cloud: Emulator): Promise<string> {
  using api = openApi(cloud, "grpc");
  const { gateways } = await api.call("McpGatewayService/List", { folderId: cloud.folderId });
  if (gateways?.[0]) return gateways[0].baseDomain as string;
  const made = await api.call("McpGatewayService/Create", { folderId: cloud.folderId, name: "orders" });
  return responseOf(made).baseDomain as string;
}
