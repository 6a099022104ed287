import { Client, credentials, Metadata } from "@grpc/grpc-js";
import OpenAI from "openai";
import {
  CompletionRequest,
  type CompletionResponse,
  TextGenerationServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_generation/text_generation_service";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";

const umbrella = "yc.ai.foundationModels.execute";

describe("the OpenAI-compatible API", () => {
  it("streams a chat that says the same as the whole answer", async () => {
    await using cloud = await startCloud();
    const { openai, model } = client(cloud);
    const request = { model, messages: [{ role: "user" as const, content: "Hello there" }] };

    const whole = await openai.chat.completions.create(request);
    const pieces: string[] = [];
    for await (const chunk of await openai.chat.completions.create({ ...request, stream: true })) {
      pieces.push(chunk.choices[0]?.delta.content ?? "");
    }

    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join("")).toBe(whole.choices[0]?.message.content);
    expect(whole.usage?.total_tokens).toBe((whole.usage?.prompt_tokens ?? 0) + (whole.usage?.completion_tokens ?? 0));
  });

  it("gives the same vector for the same text", async () => {
    await using cloud = await startCloud();
    const { openai } = client(cloud);
    const model = `emb://${cloud.folderId}/text-search-doc/latest`;

    const [one, two] = (await openai.embeddings.create({ model, input: ["shop", "shop"] })).data;

    expect(one?.embedding).toHaveLength(256);
    expect(one?.embedding).toEqual(two?.embedding);
  });

  it("answers with the Responses API, whole and streamed", async () => {
    await using cloud = await startCloud();
    const { openai, model } = client(cloud, ["ai.assistants.editor", "ai.languageModels.user"]);

    const whole = await openai.responses.create({ model, input: "Hello" });
    let streamed = "";
    for await (const event of await openai.responses.create({ model, input: "Hello", stream: true })) {
      if (event.type === "response.output_text.delta") streamed += event.delta;
    }

    expect(whole.output_text).toContain(model);
    expect(streamed).toBe(whole.output_text);
  });

  it("wants two roles for the Responses API", async () => {
    await using cloud = await startCloud();
    const { openai, model } = client(cloud, ["ai.assistants.editor"]);

    await expect(openai.responses.create({ model, input: "Hello" })).rejects.toThrow(/^403 Permission to \[/);
  });

  it("lists files and vector stores, which are none", async () => {
    await using cloud = await startCloud();
    const { openai } = client(cloud, ["ai.assistants.editor"]);

    expect((await openai.files.list()).data).toEqual([]);
    expect((await openai.vectorStores.list()).data).toEqual([]);
  });
});

describe("the native API", () => {
  it("completes over gRPC, streamed or not", async () => {
    await using cloud = await startCloud();
    const { key, model } = client(cloud);

    const [whole] = await complete(cloud, key, { modelUri: model, messages: [{ role: "user", text: "Hello" }] });
    const parts = await complete(cloud, key, {
      modelUri: model,
      messages: [{ role: "user", text: "Hello" }],
      completionOptions: { stream: true },
    });

    expect(parts.length).toBeGreaterThan(5);
    expect(parts.at(-1)).toEqual(whole);
  });

  it("completes over REST in the form of its recorded answers", async () => {
    await using cloud = await startCloud();
    const { key, model } = client(cloud);

    const answer = await post(cloud, "/foundationModels/v1/completion", key, {
      modelUri: model,
      completionOptions: { maxTokens: "100", temperature: 0.1 },
      messages: [{ role: "user", text: "Hello" }],
    });

    expect(answer).toEqual({
      status: 200,
      json: {
        result: {
          alternatives: [
            {
              message: { role: "assistant", text: expect.stringContaining(model) as string },
              status: "ALTERNATIVE_STATUS_FINAL",
            },
          ],
          usage: {
            inputTextTokens: "2",
            completionTokens: expect.stringMatching(/^\d+$/) as string,
            totalTokens: expect.stringMatching(/^\d+$/) as string,
            completionTokensDetails: { reasoningTokens: "0" },
          },
          modelVersion: "local stand-in",
        },
      },
    });
  });

  it("wraps refusals in its own envelope", async () => {
    await using cloud = await startCloud();
    const { model } = client(cloud);

    const answer = await post(cloud, "/foundationModels/v1/completion", "AQVNnobody", {
      modelUri: model,
      messages: [],
    });

    expect(answer).toEqual({
      status: 401,
      json: {
        error: {
          grpcCode: 16,
          httpCode: 401,
          message: expect.stringMatching(/^Unknown api key/) as string,
          httpStatus: "Unauthorized",
          details: [],
        },
      },
    });
  });

  it("draws an image as an operation, which the same key may ask for", async () => {
    await using cloud = await startCloud();
    const { key } = client(cloud, ["ai.imageGeneration.user"]);

    const started = await post(cloud, "/foundationModels/v1/imageGenerationAsync", key, {
      modelUri: `art://${cloud.folderId}/yandex-art/latest`,
      messages: [{ text: "a shop" }],
    });
    const answer = await fetch(`${cloud.url}/operations/${started.json.id}`, {
      headers: { authorization: `Api-Key ${key}` },
    });
    const { done, response } = (await answer.json()) as { done: boolean; response: { image: string } };

    expect(done).toBe(true);
    expect(Buffer.from(response.image, "base64").subarray(0, 2).toString("hex")).toBe("ffd8");
  });
});

describe("what a key may do", () => {
  const calls: Record<
    string,
    { scope: string; role: string; path: string; body: (folderId: string) => object | string; type?: string }
  > = {
    chat: {
      scope: "yc.ai.languageModels.execute",
      role: "ai.languageModels.user",
      path: "/v1/chat/completions",
      body: (f) => ({ model: `gpt://${f}/yandexgpt/latest`, messages: [{ role: "user", content: "?" }] }),
    },
    image: {
      scope: "yc.ai.imageGeneration.execute",
      role: "ai.imageGeneration.user",
      path: "/foundationModels/v1/imageGenerationAsync",
      body: (f) => ({ modelUri: `art://${f}/yandex-art/latest`, messages: [{ text: "?" }] }),
    },
    stt: {
      scope: "yc.ai.speechkitStt.execute",
      role: "ai.speechkit-stt.user",
      path: "/speech/v1/stt:recognize",
      body: () => "sound",
    },
    tts: {
      scope: "yc.ai.speechkitTts.execute",
      role: "ai.speechkit-tts.user",
      path: "/speech/v1/tts:synthesize",
      body: () => "text=hello",
    },
    translate: {
      scope: "yc.ai.translate.execute",
      role: "ai.translate.user",
      path: "/translate/v2/translate",
      body: (f) => ({ folderId: f, texts: ["hello"], targetLanguageCode: "ru" }),
    },
    ocr: {
      scope: "yc.ai.vision.execute",
      role: "ai.vision.user",
      path: "/ocr/v1/recognizeText",
      body: () => ({ content: "aGVsbG8=" }),
    },
    search: {
      scope: "yc.search-api.execute",
      role: "search-api.webSearch.user",
      path: "/v2/web/search",
      body: (f) => ({ folderId: f, query: { queryText: "shop" } }),
    },
  };

  it.each(Object.keys(calls))("ends at its scope and role: %s", async (own) => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "shop", roles: [calls[own]!.role] });
    const withScope = cloud.addApiKey(account, { scopes: [calls[own]!.scope] }).secret;
    const withEveryScope = cloud.addApiKey(account, { scopes: Object.values(calls).map(({ scope }) => scope) }).secret;

    for (const [name, { path, body }] of Object.entries(calls)) {
      const narrow = await post(cloud, path, withScope, body(cloud.folderId));
      const wide = await post(cloud, path, withEveryScope, body(cloud.folderId));
      // SpeechKit v1 tells a missing role as 401.
      const denied = name === "stt" || name === "tts" ? 401 : 403;
      expect([name, narrow.status, wide.status]).toEqual(name === own ? [name, 200, 200] : [name, 401, denied]);
    }
  });
});

function client(cloud: Emulator, roles = ["ai.languageModels.user"]) {
  const key = cloud.addApiKey(cloud.addAccount({ name: "shop", roles }), { scopes: [umbrella] }).secret;
  const openai = new OpenAI({ apiKey: key, baseURL: `${cloud.url}/v1`, project: cloud.folderId, maxRetries: 0 });
  return { key, openai, model: `gpt://${cloud.folderId}/yandexgpt/latest` };
}

async function post(cloud: Emulator, path: string, key: string, body: object | string) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { authorization: `Api-Key ${key}`, "content-type": "application/json" };
  const answer = await fetch(cloud.url + path, { method: "POST", headers, body: text });
  const isJson = answer.headers.get("content-type") === "application/json";
  return { status: answer.status, json: (isJson ? await answer.json() : {}) as Record<string, any> };
}

async function complete(cloud: Emulator, key: string, request: object): Promise<CompletionResponse[]> {
  const { path, requestSerialize, responseDeserialize } = TextGenerationServiceService.completion;
  const channel = new Client(cloud.endpoint, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set("authorization", `Api-Key ${key}`);
  const stream = channel.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    CompletionRequest.fromPartial(request),
    metadata,
  );
  const responses: CompletionResponse[] = [];
  for await (const response of stream) responses.push(response as CompletionResponse);
  channel.close();
  return responses;
}
