import type { Dice } from "./dice";
import type { Words } from "./messages";

const schema = {
  type: "object",
  properties: {
    city: { type: "string", enum: ["a", "b"] },
    n: { type: "integer", minimum: 1, maximum: 5 },
    list: { type: "array", items: { $ref: "#/$defs/item" }, minItems: 1 },
    either: { anyOf: [{ type: "null" }, { type: "string", pattern: "^[a-z]{3}$" }] },
  },
  required: ["city"],
  additionalProperties: false,
  $defs: { item: { type: "object", properties: { again: { $ref: "#/$defs/item" } } } },
};
const parameters = { name: "weather", description: "d", parameters: schema, strict: true };
const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };

/** Right bodies of the calls that have no definition, by route; the fuzzer spoils them. */
export const bodies: Record<string, (dice: Dice, words: Words) => unknown> = {
  "POST /v1/chat/completions": (dice, words) => ({
    model: modelOf(dice, words),
    messages: [
      { role: "system", content: "Be brief" },
      { role: "user", content: dice.chance(50) ? "hi 3" : [{ type: "text", text: "hi" }, image] },
      ...(dice.chance(30)
        ? [
            {
              role: "assistant",
              content: null,
              tool_calls: [{ id: "c", type: "function", function: { name: "weather", arguments: "{}" } }],
            },
            { role: "tool", tool_call_id: "c", content: "sunny" },
          ]
        : []),
    ],
    stream: dice.chance(40),
    stream_options: { include_usage: dice.chance(50) },
    n: dice.pick([1, 2, 3]),
    max_tokens: dice.pick([1, 100]),
    temperature: 0.3,
    tools: dice.chance(40) ? [{ type: "function", function: parameters }] : undefined,
    tool_choice: dice.pick(["auto", "none", "required", { type: "function", function: { name: "weather" } }]),
    response_format: dice.pick([
      undefined,
      { type: "json_object" },
      { type: "json_schema", json_schema: { name: "s", schema } },
    ]),
  }),
  "POST /v1/embeddings": (dice, words) => ({
    model: dice.pick(words.filter((word) => word.startsWith("emb:"))),
    input: dice.pick(["text", ["text"]]),
    dimensions: dice.pick([undefined, 1, 256]),
    encoding_format: "float",
  }),
  "POST /v1/responses": (dice, words) => ({
    model: dice.chance(70) ? modelOf(dice, words) : undefined,
    prompt: dice.chance(40) ? { id: "fvt0000000000000000a", variables: { a: "b" } } : undefined,
    input: dice.pick([
      "hi",
      [{ role: "user", content: [{ type: "input_text", text: "hi" }] }],
      [{ type: "function_call_output", call_id: "weather", output: "sunny" }],
    ]),
    instructions: "Be brief",
    previous_response_id: dice.chance(20) ? dice.pick(words) : undefined,
    conversation: dice.chance(20) ? dice.pick(words) : undefined,
    background: dice.chance(20),
    stream: dice.chance(30),
    text: { format: dice.pick([{ type: "text" }, { type: "json_schema", name: "s", schema }]) },
    tools: dice.chance(40) ? [{ type: "function", ...parameters }, { type: "web_search" }] : undefined,
    tool_choice: dice.pick(["auto", "required", { type: "function", name: "weather" }]),
    max_output_tokens: 100,
    metadata: { a: "b" },
  }),
  "POST /v1/conversations": () => ({ items: [{ type: "message", role: "user", content: "hi" }], metadata: { a: "b" } }),
  "POST /v1/conversations/{id}": () => ({ metadata: { a: "c" } }),
  "POST /v1/conversations/{id}/items": () => ({
    items: [{ type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] }],
  }),
  "POST /v1/vector_stores": (dice, words) => ({
    name: "docs",
    file_ids: dice.some(2, () => dice.pick(words)),
    expires_after: { anchor: "last_active_at", days: 3 },
    chunking_strategy: { type: "static", static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
    metadata: { a: "b" },
  }),
  "POST /v1/vector_stores/{id}": () => ({ name: "docs2", metadata: { b: "c" } }),
  "POST /v1/vector_stores/{id}/files": (dice, words) => ({ file_id: dice.pick(words), attributes: { a: 1 } }),
  "POST /v1/vector_stores/{id}/files/{fileId}": () => ({ attributes: { a: 2 } }),
  "POST /v1/vector_stores/{id}/file_batches": (dice, words) => ({ file_ids: dice.some(3, () => dice.pick(words)) }),
  "POST /v1/vector_stores/{id}/search": (dice) => ({
    query: dice.pick(["text", ["a", "b"]]),
    max_num_results: 5,
    filters: { type: "eq", key: "a", value: 1 },
    ranking_options: { score_threshold: 0.1 },
  }),
  "POST /mcpgw/{gatewayId}": (dice) => ({
    jsonrpc: "2.0",
    id: dice.pick([1, "a"]),
    method: dice.pick(["initialize", "tools/list", "tools/call", "ping", "notifications/initialized", "constructor"]),
    params: {
      name: "weather",
      arguments: { city: "a" },
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "f", version: "1" },
    },
  }),
};

const modelOf = (dice: Dice, words: Words) => dice.pick(words.filter((word) => word.startsWith("gpt:")));

/** A file as a form carries it. */
export function formOf(dice: Dice): { type: string; body: Buffer } {
  const parts = [
    '--x\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n',
    `--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n`,
    `${"text of the file ".repeat(dice.int(20))}\r\n--x--\r\n`,
  ];
  return { type: "multipart/form-data; boundary=x", body: Buffer.from(parts.join("")) };
}
