import { refuse } from "../../status";
import type { Ask, Format, Tool } from "../generation";
import { requireSchema } from "../../calls/jsonSchemas";
import { requireShort } from "../models";
import { integerIn, invalid, isObject, numberIn, objectIn, objectsIn, textIn, textOf } from "./bodies";
import { readFunction, readToolChoice } from "./chatRequest";

type Body = Record<string, unknown>;

/** A message, a call of a function, or what a function answered: input and output of responses, and what conversations hold. */
export interface Item extends Body {
  id: string;
  type: string;
}

const inputTypes = ["message", "function_call", "function_call_output", "reasoning", "item_reference"];
const roles = ["system", "developer", "user", "assistant"];

/** The model that a saved prompt names is not known here: any id of a prompt stands for this one. */
const promptModel = (folderId: string) => `gpt://${folderId}/yandexgpt/latest`;

/** The id of a prompt that was saved in the console, where the request names one. */
function promptIn(body: Body): string | undefined {
  const prompt = objectIn(body, "prompt");
  if (!prompt) return undefined;
  const { id } = prompt;
  return typeof id === "string" && /^[\w-]{1,64}$/.test(id) ? id : invalid("prompt.id", "must be the ID of a prompt");
}

/** What a request names as its model. By a saved prompt it needs none. */
export function modelIn(body: Body, folderId: string): unknown {
  const prompt = promptIn(body);
  return body["model"] ?? (prompt === undefined ? undefined : promptModel(folderId));
}

/** The input as items with ids. A text is one message of the user. */
export function readItems(field: string, input: unknown, newId: (type: string) => string): Item[] {
  const items = typeof input === "string" && input !== "" ? [{ role: "user", content: input }] : input;
  return objectsIn({ [field]: items === "" ? [] : items }, field).map((item, position) => {
    const type = textIn(item, "type") ?? "message";
    if (!inputTypes.includes(type)) invalid(`${field}[${position}].type`, `must be one of ${inputTypes.join(", ")}`);
    if (type === "message" && !roles.includes(String(item["role"])))
      invalid(`${field}[${position}].role`, `must be one of ${roles.join(", ")}`);
    const content = type === "message" && typeof item["content"] === "string" ? [partOf(item)] : item["content"];
    const id = textIn(item, "id") ?? newId(type);
    return { ...item, ...(content !== undefined && { content }), id, type, status: "completed" };
  });
}

const partOf = ({ role, content }: Body) =>
  role === "assistant"
    ? { type: "output_text", text: content, annotations: [] }
    : { type: "input_text", text: content };

/** What is asked by an input and what was said before it. */
export function readAsk(body: Body, model: string, before: Item[], input: Item[]): Ask {
  if (input.length === 0 && before.length === 0 && promptIn(body) === undefined)
    refuse("INVALID_ARGUMENT", "input must not be empty");
  numberIn(body, "temperature", 0, 2);
  numberIn(body, "top_p", 0, 1);
  const all = [...before, ...input];
  const last = all.findLastIndex((item) => item.type === "message" && item["role"] === "user");
  const outputs = all.slice(last + 1).filter((item) => item.type === "function_call_output");
  const promptText = [textIn(body, "instructions") ?? "", ...all.map(({ content }) => textOf(content))].join(" ");
  requireShort("text", promptText);
  return {
    model,
    question: textOf(all[last]?.["content"]),
    toolResults: outputs.map(({ output }) => textOf(output)),
    promptText,
    tools: objectsIn(body, "tools").flatMap((tool, position) => readTool(`tools[${position}]`, tool)),
    toolChoice: readToolChoice(body["tool_choice"]),
    parallel: body["parallel_tool_calls"] !== false,
    format: readFormat(objectIn(objectIn(body, "text") ?? {}, "format")),
    maxTokens: integerIn(body, "max_output_tokens", 1, 1_000_000),
  };
}

/** Functions are called. Tools that the cloud would run itself (search, files, code, MCP) are accepted and not run. */
function readTool(field: string, tool: Body): Tool[] {
  const type = textIn(tool, "type") ?? invalid(`${field}.type`, "is required");
  return type === "function" ? [readFunction(field, tool)] : [];
}

function readFormat(format: Body | undefined): Format {
  const type = format?.["type"] ?? "text";
  if (type === "text" || type === "json_object") return { type };
  if (type !== "json_schema") return invalid("text.format.type", "must be text, json_object or json_schema");
  return { type, schema: requireSchema("text.format.schema", format?.["schema"]) };
}

/** The id that a request names in a field, as text or as `{"id": …}`. */
export function idIn(body: Body, field: string): string | undefined {
  const value = body[field] ?? undefined;
  const id = isObject(value) ? value["id"] : value;
  return id === undefined || typeof id === "string" ? id : invalid(field, "must be an ID");
}
