import { z } from "zod";
import { zodTextFormat } from "openai/helpers/zod";
import type { Emulator } from "../../../../emulator/emulator";
import type { Json } from "../../../support/api";
import { openAi } from "../../../support/aiClient";
import { startCloud } from "../../../support/cloud";

const agent = ["ai.assistants.editor", "ai.languageModels.user"];
const open = (cloud: Emulator, roles = agent) => openAi(cloud, roles);
const add = {
  type: "function" as const,
  name: "add",
  strict: true,
  parameters: {
    type: "object",
    properties: { numbers: { type: "array", items: { type: "integer" } } },
    required: ["numbers"],
  },
};

describe("a response", () => {
  it("answers whole and streamed", async () => {
    await using cloud = await startCloud();
    const { openai, model } = open(cloud);

    const whole = await openai.responses.create({ model, input: "Hello" });
    const streamed = await openai.responses.stream({ model, input: "Hello" }).finalResponse();

    expect(whole.output_text).toContain(model);
    expect(streamed.output_text).toBe(whole.output_text);
  });

  it("needs two roles, or by the switch the one for models", async () => {
    await using cloud = await startCloud();
    const [agentOnly, modelOnly] = [open(cloud, [agent[0]!]), open(cloud, [agent[1]!])];
    const ask = ({ openai, model }: typeof agentOnly) => openai.responses.create({ model, input: "Hello" });

    await expect(ask(agentOnly)).rejects.toThrow(/^403 Permission to \[/);
    await expect(ask(modelOnly)).rejects.toThrow(/^403 Permission to \[/);
    cloud.switches.responsesNeedAgentRole = false;
    expect((await ask(modelOnly)).status).toBe("completed");
  });

  it("needs no model where it names a saved prompt, streamed too", async () => {
    await using cloud = await startCloud();
    const { openai, ask, events } = open(cloud);
    const prompt = { id: "fvt0000000000000000a" };

    expect((await openai.responses.create({ prompt, input: "Hi" })).output_text).toContain('You asked: "Hi"');
    expect((await events("/v1/responses", { prompt, input: "Hi" })).at(-1)?.type).toBe("response.completed");
    expect(await ask("POST", "/v1/responses", { input: "Hi" })).toMatchObject({
      status: 400,
      json: { error: { message: "Failed to parse model URI" } },
    });
  });

  it("is stored, with its input, until it is deleted", async () => {
    await using cloud = await startCloud();
    const { openai, model } = open(cloud);
    const metadata = { shop: "one" };
    const created = await openai.responses.create({
      model,
      input: "Hello",
      metadata,
      tools: [add],
      tool_choice: "none",
    });

    expect(await openai.responses.retrieve(created.id)).toEqual(created);
    expect(created).toMatchObject({ metadata, tools: [add], tool_choice: "none" });
    expect((await openai.responses.inputItems.list(created.id)).data).toMatchObject([
      { type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] },
    ]);
    await openai.responses.delete(created.id);
    await expect(openai.responses.retrieve(created.id)).rejects.toThrow(
      `404 Response with id '${created.id}' not found`,
    );
  });

  it("is not stored if the request says so, nor seen from another folder", async () => {
    await using cloud = await startCloud();
    const { openai, model } = open(cloud);
    const other = openAi(cloud, agent, cloud.addFolder({ name: "other" }));

    const [forgotten, kept] = [
      await openai.responses.create({ model, input: "Hello", store: false }),
      await openai.responses.create({ model, input: "Hello" }),
    ];

    await expect(openai.responses.retrieve(forgotten.id)).rejects.toThrow(/^404/);
    await expect(other.openai.responses.retrieve(kept.id)).rejects.toThrow(/^404/);
  });

  it("goes on where another one ended", async () => {
    await using cloud = await startCloud();
    const { openai, model } = open(cloud);
    const first = await openai.responses.create({ model, input: "add 5 and 4", tools: [add] });
    const [call] = first.output;

    const second = await openai.responses.create({
      model,
      previous_response_id: first.id,
      input: [{ type: "function_call_output", call_id: (call as Json).call_id as string, output: "9" }],
    });

    expect(call).toMatchObject({ type: "function_call", name: "add", arguments: '{"numbers":[5,4]}' });
    expect(second.output_text).toMatch(/You asked: "add 5 and 4" A tool answered: "9"$/);
    await expect(openai.responses.create({ model, input: "?", previous_response_id: "resp_none" })).rejects.toThrow(
      "404 Response with id 'resp_none' not found",
    );
  });

  it("streams the call of a function", async () => {
    await using cloud = await startCloud();
    const { openai, model } = open(cloud);

    const stream = openai.responses.stream({ model, input: "add 5", tools: [add], tool_choice: "required" });
    let streamed = "";
    for await (const event of stream)
      if (event.type === "response.function_call_arguments.delta") streamed += event.delta;

    expect(streamed).toBe('{"numbers":[5]}');
    expect((await stream.finalResponse()).output[0]).toMatchObject({ type: "function_call", arguments: streamed });
  });

  it("has the form of a given schema", async () => {
    await using cloud = await startCloud();
    const { openai, model } = open(cloud);
    const format = zodTextFormat(z.object({ price: z.number(), tags: z.array(z.enum(["a", "b"])) }), "goods");

    const { output_parsed } = await openai.responses.parse({ model, input: "it costs 7", text: { format } });

    expect(output_parsed).toMatchObject({ price: 7 });
  });

  it("is incomplete if it may not be long enough", async () => {
    await using cloud = await startCloud();
    const { openai, model } = open(cloud);

    expect(await openai.responses.create({ model, input: "Hello", max_output_tokens: 3 })).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
  });

  it.each([
    [{}, "input must not be empty"],
    [{ input: [] }, "input must not be empty"],
    [{ input: [null] }, "input[0] must be an object"],
    [{ input: [{ type: "song" }] }, "input[0].type must be one of"],
    [{ input: "?", temperature: 9 }, "temperature"],
    [{ input: "?", max_output_tokens: 0 }, "max_output_tokens"],
    [{ input: "?", tools: [{}] }, "tools[0].type is required"],
    [{ input: "?", prompt: { id: 5 } }, "prompt.id must be the ID of a prompt"],
    [{ input: "?", background: true, store: false }, "store must not be false where background is true"],
    [{ input: "?", previous_response_id: "a", conversation: "b" }, "cannot be set together"],
  ])("refuses %j", async (request, words) => {
    await using cloud = await startCloud();
    const { model, ask } = open(cloud);

    const { status, json } = await ask("POST", "/v1/responses", { model, ...request });

    expect([status, json.error.message]).toEqual([400, expect.stringContaining(words)]);
  });

  it.each([
    ["an image", { role: "user", content: [{ type: "input_image", image_url: "data:image/png;base64,AA" }] }],
    ["words of the assistant", { role: "assistant", content: "Hello" }],
  ])("takes %s alone", async (_, item) => {
    await using cloud = await startCloud();
    const { model, ask } = open(cloud);

    expect((await ask("POST", "/v1/responses", { model, input: [item] })).status).toBe(200);
  });
});

describe("a response in the background", () => {
  it("is queued, runs, and is completed", async () => {
    await using cloud = await startCloud({ switches: { operations: { polls: 2 } } });
    const { openai, model } = open(cloud);
    const created = await openai.responses.create({ model, input: "Hello", background: true });

    const statuses = [created.status];
    for (const _ of [1, 2]) statuses.push((await openai.responses.retrieve(created.id)).status);

    expect(statuses).toEqual(["queued", "in_progress", "completed"]);
    expect((await openai.responses.retrieve(created.id)).output_text).toContain("Hello");
    await expect(openai.responses.cancel(created.id)).rejects.toThrow(/^400 Only a response that runs/);
  });

  it("can be cancelled while it runs", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 60_000 } } });
    const { openai, model } = open(cloud);
    const { id } = await openai.responses.create({ model, input: "Hello", background: true });

    expect((await openai.responses.cancel(id)).status).toBe("cancelled");
    cloud.clock.advance(61_000);
    expect((await openai.responses.retrieve(id)).status).toBe("cancelled");
  });
});

describe("a conversation", () => {
  it("holds what was said in it", async () => {
    await using cloud = await startCloud();
    const { openai, model } = open(cloud);
    const { id: conversation } = await openai.conversations.create({ items: [{ role: "user", content: "add 5" }] });

    await openai.responses.create({ model, conversation, tools: [add] });
    const output = [{ type: "function_call_output" as const, call_id: "call_1", output: "5" }];
    const last = await openai.responses.create({ model, conversation, input: output });

    expect(last.output_text).toMatch(/You asked: "add 5" A tool answered: "5"$/);
    const items = (await openai.conversations.items.list(conversation, { order: "asc" })).data;
    expect(items.map(({ type }) => type)).toEqual(["message", "function_call", "function_call_output", "message"]);
    const [first] = items;
    await openai.conversations.items.delete(first!.id!, { conversation_id: conversation });
    await expect(openai.conversations.items.retrieve(first!.id!, { conversation_id: conversation })).rejects.toThrow(
      /^404/,
    );
    await expect(openai.responses.create({ model, conversation: "conv_none", input: "?" })).rejects.toThrow(/^404/);
  });
});
