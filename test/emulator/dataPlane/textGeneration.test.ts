import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { Alternative_AlternativeStatus as AlternativeStatus } from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_common";
import {
  CompletionRequest,
  type CompletionResponse,
  TextGenerationServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_generation/text_generation_service";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";

const umbrella = "yc.ai.foundationModels.execute";

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

  it("counts more tokens with each part of a stream", async () => {
    await using cloud = await startCloud();
    const { key, model } = client(cloud);

    const parts = await complete(cloud, key, {
      modelUri: model,
      messages: [{ role: "user", text: "Hello" }],
      completionOptions: { stream: true },
    });
    const counts = parts.map(({ usage }) => usage?.completionTokens ?? 0);

    expect(counts).toEqual([...new Set(counts)].sort((one, other) => one - other));
  });

  const numbers = {
    type: "object",
    properties: { numbers: { type: "array", items: { type: "integer" } } },
    required: ["numbers"],
  };
  const tools = [{ function: { name: "add", description: "", parameters: numbers, strict: false } }];
  const question = { role: "user", text: "add 5, 4 and 1" };

  it("calls the tools that a question names one after the other where they may not be called at once", async () => {
    await using cloud = await startCloud();
    const { key, model } = client(cloud);
    const named = ["adding", "spooning"].map((name) => ({ function: { ...tools[0]!.function, name } }));
    const messages: object[] = [{ role: "user", text: "Do an ADDING and a SPOONING with 5, 4 and 1" }];
    const ask = async (parallelToolCalls: boolean) => {
      const [answer] = await complete(cloud, key, { modelUri: model, messages, tools: named, parallelToolCalls });
      const message = answer!.alternatives[0]!.message!;
      return { message, names: message.toolCallList?.toolCalls.map((call) => call.functionCall?.name) };
    };

    expect((await ask(true)).names).toEqual(["adding", "spooning"]);
    for (const name of ["adding", "spooning"]) {
      const { message, names } = await ask(false);
      expect(names).toEqual([name]);
      const toolResultList = { toolResults: [{ functionResult: { name, content: "10" } }] };
      messages.push(message, { role: "user", toolResultList });
    }
    expect((await ask(false)).message.text).toContain("A tool answered");
  });

  it("calls a tool, and answers by text when the tool has answered", async () => {
    await using cloud = await startCloud();
    const { key, model } = client(cloud);

    const [called] = await complete(cloud, key, { modelUri: model, messages: [question], tools });
    const message = called?.alternatives[0]?.message;
    const result = { toolResults: [{ functionResult: { name: "add", content: "+10" } }] };
    const [answered] = await complete(cloud, key, {
      modelUri: model,
      messages: [question, message, { role: "user", toolResultList: result }],
      tools,
    });

    expect(called?.alternatives[0]).toMatchObject({
      status: AlternativeStatus.ALTERNATIVE_STATUS_TOOL_CALLS,
      message: {
        toolCallList: { toolCalls: [{ functionCall: { name: "add", arguments: { numbers: [5, 4, 1] } } }] },
      },
    });
    expect(answered?.alternatives[0]).toMatchObject({
      status: AlternativeStatus.ALTERNATIVE_STATUS_FINAL,
      message: { text: expect.stringContaining("+10") as string },
    });
  });

  it("has the form of a given schema, over gRPC and REST", async () => {
    await using cloud = await startCloud();
    const { key, model } = client(cloud);
    const request = { modelUri: model, messages: [question], jsonSchema: { schema: numbers } };

    const [overGrpc] = await complete(cloud, key, request);
    const overRest = await post(cloud, "/foundationModels/v1/completion", key, request);

    expect(overGrpc?.alternatives[0]?.message?.text).toBe('{"numbers":[5,4,1]}');
    expect(overRest.json.result.alternatives[0].message.text).toBe('{"numbers":[5,4,1]}');
  });

  it("is cut at the most tokens", async () => {
    await using cloud = await startCloud();
    const { key, model } = client(cloud);

    const completionOptions = { stream: false, maxTokens: 2 };
    const [answer] = await complete(cloud, key, { modelUri: model, messages: [question], completionOptions });

    expect(answer?.alternatives[0]?.status).toBe(AlternativeStatus.ALTERNATIVE_STATUS_TRUNCATED_FINAL);
    expect(answer?.usage?.completionTokens).toBeLessThanOrEqual(2);
  });

  it.each([
    ["a temperature", { completionOptions: { temperature: 1.5 } }],
    ["a limit of tokens", { completionOptions: { maxTokens: "0" } }],
    ["no messages", { messages: [] }],
    ["a long text", { messages: [{ role: "user", text: "a".repeat(2_000_000) }] }],
  ])("refuses %s out of its range", async (_, changes) => {
    await using cloud = await startCloud();
    const { key, model } = client(cloud);

    const request = { modelUri: model, messages: [question], ...changes };

    expect((await post(cloud, "/foundationModels/v1/completion", key, request)).status).toBe(400);
  });

  // Recorded: the vendor's SDK cannot read the metadata of an operation that carries an Empty.
  it("completes as an operation without metadata, which the folder does not list", async () => {
    await using cloud = await startCloud();
    const { key, model } = client(cloud);

    const operation = await post(cloud, "/foundationModels/v1/completionAsync", key, {
      modelUri: model,
      messages: [question],
    });
    const { operations = [] } = (await (
      await fetch(`${cloud.url}/resource-manager/v1/folders/${cloud.folderId}/operations`, {
        headers: { authorization: `Bearer ${cloud.token}` },
      })
    ).json()) as { operations?: object[] };

    expect(operation.json).toMatchObject({ description: "Async GPT Completion", done: true });
    expect(operation.json).not.toHaveProperty("metadata");
    expect(operations).toEqual([]);
  });

  it("prefers the label that the samples show", async () => {
    await using cloud = await startCloud();
    const { key } = client(cloud);
    const request = { modelUri: `cls://${cloud.folderId}/yandexgpt/latest`, text: "foo", labels: ["foo", "bar"] };
    const samples = [
      { text: "bar", label: "foo" },
      { text: "foo", label: "bar" },
    ];
    const classify = async (changes: object) =>
      (await post(cloud, "/foundationModels/v1/fewShotTextClassification", key, { ...request, ...changes })).json
        .predictions;

    expect(await classify({})).toEqual([
      { label: "foo", confidence: 0.9 },
      { label: "bar", confidence: 0.1 },
    ]);
    expect(await classify({ samples })).toEqual([
      { label: "foo", confidence: 0.1 },
      { label: "bar", confidence: 0.9 },
    ]);
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
    const image = Buffer.from(response.image, "base64");
    expect([image.subarray(0, 2).toString("hex"), image.subarray(-2).toString("hex")]).toEqual(["ffd8", "ffd9"]);
  });
});

function client(cloud: Emulator, roles = ["ai.languageModels.user"]) {
  const key = cloud.addApiKey(cloud.addAccount({ name: "shop", roles }), { scopes: [umbrella] }).secret;
  return { key, model: `gpt://${cloud.folderId}/yandexgpt/latest` };
}

async function post(cloud: Emulator, path: string, key: string, body: object) {
  const headers = { authorization: `Api-Key ${key}`, "content-type": "application/json" };
  const answer = await fetch(cloud.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, json: (await answer.json()) as Record<string, any> };
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
