import type { Ask, Format, Tool, ToolChoice } from "../generation";
import { requireSchema } from "../../calls/jsonSchemas";
import { requireShort } from "../models";
import { integerIn, invalid, isObject, numberIn, objectIn, objectsIn, textIn, textOf } from "./bodies";

type Body = Record<string, unknown>;

const roles = ["system", "developer", "user", "assistant", "tool", "function"];
const functionName = /^[a-zA-Z0-9_-]{1,64}$/;
/** No upper limit is documented. */
const mostTokens = 1_000_000;

/**
 * What a body of POST /v1/chat/completions asks. `stop`, `seed`, `store` and `stream_options` are read and not followed, as the
 * documentation says of the cloud. Neither is `parallel_tool_calls: false`: recorded, the cloud then calls two tools at once too.
 */
export function readChat(body: Body, model: string): Ask & { choices: number } {
  const messages = objectsIn(body, "messages");
  if (messages.length === 0) invalid("messages", "must not be empty");
  for (const [position, { role }] of messages.entries())
    if (!roles.includes(String(role))) invalid(`messages[${position}].role`, `must be one of ${roles.join(", ")}`);
  numberIn(body, "temperature", 0, 2);
  numberIn(body, "top_p", 0, 1);
  numberIn(body, "frequency_penalty", -2, 2);
  numberIn(body, "presence_penalty", -2, 2);
  integerIn(body, "top_logprobs", 0, 20);
  const longest = integerIn(body, "max_tokens", 1, mostTokens);
  const promptText = messages.map(({ content }) => textOf(content)).join(" ");
  requireShort("text", promptText);
  const tools = objectsIn(body, "tools").map((tool, position) => readTool(`tools[${position}]`, tool));
  return {
    model,
    ...questionIn(messages),
    promptText,
    tools,
    toolChoice: readToolChoice(body["tool_choice"]),
    parallel: true,
    format: readFormat(objectIn(body, "response_format")),
    maxTokens: integerIn(body, "max_completion_tokens", 1, mostTokens) ?? longest,
    choices: integerIn(body, "n", 1, 128) ?? 1,
  };
}

/** The last text of the user, and what tools have answered since. */
function questionIn(messages: Body[]): { question: string; toolResults: string[] } {
  const last = messages.findLastIndex(({ role }) => role === "user");
  const answers = messages.slice(last + 1).filter(({ role }) => role === "tool" || role === "function");
  return {
    question: textOf(messages[last]?.["content"]),
    toolResults: answers.map(({ content }) => textOf(content)),
  };
}

function readTool(field: string, tool: Body): Tool {
  if (tool["type"] !== "function") invalid(`${field}.type`, "must be function");
  return readFunction(`${field}.function`, objectIn(tool, "function") ?? invalid(`${field}.function`, "is required"));
}

export function readFunction(field: string, definition: Body): Tool {
  const name = textIn(definition, "name") ?? "";
  if (!functionName.test(name)) invalid(`${field}.name`, "must have 1 to 64 letters, digits, underscores and dashes");
  const schema = definition["parameters"] ?? undefined;
  return { name, parameters: schema === undefined ? undefined : requireSchema(`${field}.parameters`, schema) };
}

/** `auto`, `none`, `required`, or a function by name, in the form of chat completions or of responses. */
export function readToolChoice(choice: unknown): ToolChoice {
  if (choice === undefined || choice === null) return "auto";
  if (choice === "auto" || choice === "none" || choice === "required") return choice;
  const named = isObject(choice) && (isObject(choice["function"]) ? choice["function"] : choice);
  if (named && typeof named["name"] === "string") return { name: named["name"] };
  return invalid("tool_choice", "must be auto, none, required or a function");
}

function readFormat(format: Body | undefined): Format {
  const type = format?.["type"] ?? "text";
  if (type === "text" || type === "json_object") return { type };
  if (type !== "json_schema") return invalid("response_format.type", "must be text, json_object or json_schema");
  const { schema } = objectIn(format ?? {}, "json_schema") ?? {};
  return { type, schema: requireSchema("response_format.json_schema.schema", schema) };
}
