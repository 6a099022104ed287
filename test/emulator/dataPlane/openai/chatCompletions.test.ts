import { z } from "zod";
import { zodResponseFormat } from "openai/helpers/zod";
import type { Json } from "../../../support/api";
import { openAi } from "../../../support/aiClient";
import { startCloud } from "../../../support/cloud";

const path = "/v1/chat/completions";
const user = (content: string) => ({ role: "user" as const, content });
const numbers = { type: "object", properties: { numbers: { type: "array", items: { type: "integer" } } } };
const tool = (name: string, parameters: Json = { ...numbers, required: ["numbers"] }) => ({
  type: "function" as const,
  function: { name, description: "Adds", parameters },
});

describe("a streamed chat completion", () => {
  it("says the same as the whole answer", async () => {
    await using cloud = await startCloud();
    const { openai, model, hosted } = openAi(cloud);

    for (const asked of [model, hosted]) {
      const request = { model: asked, messages: [user("Hello there")] };
      const whole = await openai.chat.completions.create(request);
      const pieces: string[] = [];
      for await (const chunk of await openai.chat.completions.create({ ...request, stream: true }))
        pieces.push(chunk.choices[0]?.delta.content ?? "");

      expect(pieces.length).toBeGreaterThan(5);
      expect(pieces.join("")).toBe(whole.choices[0]?.message.content);
      expect(whole.usage?.total_tokens).toBe((whole.usage?.prompt_tokens ?? 0) + (whole.usage?.completion_tokens ?? 0));
    }
  });

  // Recorded by the vendor's SDK: no `finish_reason: null`, which its own stream cannot read.
  it("leaves finish_reason out until the end", async () => {
    await using cloud = await startCloud();
    const { model, hosted, events } = openAi(cloud);

    for (const asked of [model, hosted]) {
      const chunks = await events(path, { model: asked, messages: [user("Hello")] });
      const choices = chunks.flatMap((chunk) => chunk.choices as Json[]);
      const finished = choices.filter((choice) => "finish_reason" in choice);

      expect(finished).toEqual([choices.at(-1)]);
      expect(finished[0]?.finish_reason).toBe("stop");
    }
  });

  it("begins and ends as models of Yandex do, or as those do that the cloud hosts", async () => {
    await using cloud = await startCloud();
    const { model, hosted, events } = openAi(cloud);

    const own = await events(path, { model, messages: [user("Hello")] });
    const open = await events(path, { model: hosted, messages: [user("Hello")] });

    expect(own[0]).toMatchObject({ model, choices: [{ index: 0, delta: { role: "assistant", content: "Hello " } }] });
    expect(own.at(-1)?.choices[0]).toMatchObject({ delta: { content: expect.any(String) as string } });
    expect(open[0]).toMatchObject({ model: "gpt://qwen3-235b-a22b-fp8/latest", choices: [{ index: 0 }] });
    expect(open[0]?.choices[0].delta).toEqual({ role: "assistant" });
    expect(open.at(-2)?.choices[0]).toEqual({ index: 0, delta: {}, finish_reason: "stop" });
    expect(open.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 2 } });
  });

  it.each([
    ["always", [true, true]],
    ["never", [false, false]],
    ["recorded", [false, true]],
  ] as const)("sends a chunk of usage by the switch: %s", async (usageChunk, expected) => {
    await using cloud = await startCloud({ switches: { usageChunk } });
    const { model, hosted, events } = openAi(cloud);
    const options = { stream_options: { include_usage: true } };

    const streams = await Promise.all(
      [model, hosted].map((asked) => events(path, { model: asked, messages: [user("Hello")], ...options })),
    );

    expect(streams.map((chunks) => chunks.at(-1)?.usage !== undefined)).toEqual(expected);
  });
});

describe("a tool", () => {
  const question = [user("add all numbers of: 5, 4, a, 1")];

  it("is called with arguments that fit its schema, under the name of its function", async () => {
    await using cloud = await startCloud();
    const { openai, model } = openAi(cloud);

    const request = { model, messages: question, tools: [tool("add")], tool_choice: "required" as const };
    const { choices } = await openai.chat.completions.create(request);

    const call = { index: 0, id: "add", type: "function", function: { name: "add", arguments: '{"numbers":[5,4,1]}' } };
    expect(choices).toEqual([
      { index: 0, message: { role: "assistant", content: "", tool_calls: [call] }, finish_reason: "tool_calls" },
    ]);
  });

  it("is called in one chunk by a model of Yandex, and piece by piece by one that the cloud hosts", async () => {
    await using cloud = await startCloud();
    const { model, hosted, events, openai } = openAi(cloud);
    const request = { messages: question, tools: [tool("add")] };

    const own = await events(path, { model, ...request });
    const open = await events(path, { model: hosted, ...request });

    expect(own).toHaveLength(1);
    expect(own[0]?.choices[0]).toMatchObject({ delta: { tool_calls: [{ id: "add" }] }, finish_reason: "tool_calls" });
    const calls = open.flatMap((chunk) => (chunk.choices[0]?.delta.tool_calls as Json[] | undefined) ?? []);
    expect(calls[0]).toMatchObject({ id: expect.stringMatching(/^chatcmpl-tool-/) as string, type: "function" });
    expect(calls.map((call) => call.function.arguments as string).join("")).toBe('{"numbers":[5,4,1]}');
    const final = await openai.chat.completions.stream({ model: hosted, ...request }).finalChatCompletion();
    expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: "add" } });
  });

  it("is answered by text once it has answered", async () => {
    await using cloud = await startCloud();
    const { openai, model } = openAi(cloud);
    const first = await openai.chat.completions.create({ model, messages: question, tools: [tool("add")] });

    const { choices } = await openai.chat.completions.create({
      model,
      tools: [tool("add")],
      messages: [...question, first.choices[0]!.message, { role: "tool", tool_call_id: "add", content: "+20.0" }],
    });

    expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { content: expect.stringContaining("+20.0") } });
  });

  it.each([
    ["all that the question names", "auto", ["add", "subtract"], "please ADD and subtract 1"],
    ["the first, if it names none", "auto", ["add"], "1 and 2"],
    ["the one that the choice names", { type: "function", function: { name: "subtract" } }, ["subtract"], "add 1"],
    ["none, if the choice is `none`", "none", undefined, "add 1"],
  ])("is chosen: %s", async (_, tool_choice, names, text) => {
    await using cloud = await startCloud();
    const { model, ask } = openAi(cloud);
    const tools = [tool("add"), tool("subtract")];

    const { json } = await ask("POST", path, { model, messages: [user(text)], tools, tool_choice });

    const calls = json.choices[0].message.tool_calls as Json[] | undefined;
    expect(calls?.map((call) => call.function.name as string)).toEqual(names);
  });

  it("is left alone where the switch says so and the choice is free", async () => {
    await using cloud = await startCloud({ switches: { autoToolCalls: false } });
    const { openai, model } = openAi(cloud);

    const { choices } = await openai.chat.completions.create({ model, messages: question, tools: [tool("add")] });

    expect(choices[0]?.finish_reason).toBe("stop");
  });
});

describe("a chat in a given format", () => {
  it("is a value that fits the schema, streamed too", async () => {
    await using cloud = await startCloud();
    const { openai, model } = openAi(cloud);
    const Order = z.object({
      id: z.string().regex(/^[A-Z]{3}-\d{2}$/),
      amounts: z.array(z.number().int()),
      state: z.enum(["new", "paid"]),
      note: z.string().nullable(),
      parts: z.array(z.object({ name: z.string(), count: z.number().min(2) })),
    });
    const request = { model, messages: [user("5 and 7")], response_format: zodResponseFormat(Order, "order") };

    const parsed = (await openai.chat.completions.parse(request)).choices[0]?.message.parsed;
    const streamed = await openai.chat.completions.stream(request).finalContent();

    expect(parsed).toMatchObject({ amounts: [5, 7] });
    expect(streamed).toBe(JSON.stringify(parsed));
  });

  it("is a JSON object where that is all it asks", async () => {
    await using cloud = await startCloud();
    const { openai, model } = openAi(cloud);
    const response_format = { type: "json_object" as const };

    const ask = async (text: string) =>
      (await openai.chat.completions.create({ model, messages: [user(text)], response_format })).choices[0]?.message
        .content;

    expect(await ask("collect all numbers from: 5, 4, a, 1")).toBe('{"output":"5, 4, 1"}');
    expect(JSON.parse((await ask("a joke")) ?? "")).toEqual({
      output: expect.stringContaining("local stand-in") as string,
    });
  });

  it.each([
    ["is not an object", [], "must be a JSON object"],
    ["is not valid", { type: "no-type" }, "is not a valid JSON schema"],
    ["nothing fits", { type: "integer", minimum: 3, maximum: 2 }, "has no value that the local cloud finds"],
    ["would be large", { type: "array", items: {}, minItems: 1e9 }, "demands more than 1000"],
    ["would be long", { type: "string", pattern: "^a{99999}$" }, "demands more than 1000"],
  ])("is refused for a schema that %s", async (_, schema, words) => {
    await using cloud = await startCloud();
    const { model, ask } = openAi(cloud);
    const response_format = { type: "json_schema", json_schema: { name: "x", schema } };

    const { status, json } = await ask("POST", path, { model, messages: [user("?")], response_format });

    expect([status, json.error.message]).toEqual([400, expect.stringContaining(words)]);
  });
});

describe("a chat completion", () => {
  it("has as many choices and tokens as are asked for", async () => {
    await using cloud = await startCloud();
    const { openai, model } = openAi(cloud);

    const { choices, usage } = await openai.chat.completions.create({
      model,
      n: 3,
      max_tokens: 2,
      messages: [user("Hello")],
    });

    expect(choices.map(({ index, finish_reason }) => [index, finish_reason])).toEqual([
      [0, "length"],
      [1, "length"],
      [2, "length"],
    ]);
    expect(usage?.completion_tokens).toBeLessThanOrEqual(2);
  });

  it.each([
    [{ max_tokens: 0 }, "max_tokens must be a number from 1"],
    [{ max_tokens: -4 }, "max_tokens"],
    [{ max_completion_tokens: 1.5 }, "max_completion_tokens must be a whole number"],
    [{ temperature: 9 }, "temperature must be a number from 0 to 2"],
    [{ n: 1e9 }, "n must be a number from 1 to 128"],
    [{ messages: [] }, "messages must not be empty"],
    [{ messages: [null] }, "messages[0] must be an object"],
    [{ messages: [{ role: "boss", content: "?" }] }, "messages[0].role must be one of"],
    [{ messages: "hello" }, "messages must be a list"],
    [{ tools: [{ type: "function", function: { name: "two words" } }] }, "tools[0].function.name must have"],
    [{ tool_choice: "required" }, "tool_choice is required, but there are no tools"],
    [{ tool_choice: { type: "function", function: { name: "x" } } }, "names x, which is not among the tools"],
    [{ response_format: { type: "xml" } }, "response_format.type must be"],
    [{ messages: [{ role: "user", content: "a".repeat(2_000_000) }] }, "Number of input tokens must be no more than"],
  ])("refuses what no model takes: %j", async (changes, words) => {
    await using cloud = await startCloud();
    const { model, ask } = openAi(cloud);

    const { status, json } = await ask("POST", path, { model, messages: [user("Hello")], ...changes });

    expect([status, json.error.message]).toEqual([400, expect.stringContaining(words)]);
  });
});
