import { refuse } from "../status";
import type { Switches } from "../switches";
import { type JsonSchema, numbersIn, sampleOf } from "../calls/jsonSchemas";
import { answerTo, piecesOf, tokensIn } from "./models";

/** What a model is asked, whichever API asks. */
export interface Ask {
  /** Its URI. */
  model: string;
  /** The last text of the user. */
  question: string;
  /** What tools have answered after it, in order. */
  toolResults: string[];
  /** All texts of the prompt, for the count of tokens. */
  promptText: string;
  tools: Tool[];
  toolChoice: ToolChoice;
  /** Whether more than one tool may be called at a time. */
  parallel: boolean;
  format: Format;
  /** Default: as many as it takes. */
  maxTokens?: number;
}

export interface Tool {
  name: string;
  /** The schema of its arguments, checked. Undefined: it takes none. */
  parameters: JsonSchema | undefined;
}

export type ToolChoice = "auto" | "none" | "required" | { name: string };
export type Format = { type: "text" } | { type: "json_object" } | { type: "json_schema"; schema: JsonSchema };

export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

export interface Usage {
  prompt: number;
  completion: number;
}

/** Either a text, or calls of tools. */
export interface Generated {
  text: string;
  calls: ToolCall[];
  finish: "stop" | "length" | "tool_calls";
  usage: Usage;
}

/**
 * The stand-in's answer: made up by a rule, the same for the same question, and honest about what it is. Tools are called
 * before they have answered, a demanded format is filled in, and everything else is answered by one sentence.
 */
export function generate(ask: Ask, switches: Pick<Switches, "autoToolCalls">): Generated {
  const prompt = tokensIn(ask.promptText);
  const chosen = toolsToCall(ask, switches);
  if (chosen.length > 0) {
    const calls = chosen.map((tool) => ({ name: tool.name, arguments: argumentsOf(tool, ask.question) }));
    return { text: "", calls, finish: "tool_calls", usage: { prompt, completion: tokensIn(JSON.stringify(calls)) } };
  }
  const whole = textOf(ask);
  const text = ask.maxTokens === undefined ? whole : cut(whole, ask.maxTokens);
  const finish = text.length < whole.length ? "length" : "stop";
  return { text, calls: [], finish, usage: { prompt, completion: tokensIn(text) } };
}

/** A tool that the question names is called, or else the first one; more than one at once only where that is allowed. */
function toolsToCall(
  { tools, toolChoice, toolResults, question, parallel }: Ask,
  switches: Pick<Switches, "autoToolCalls">,
) {
  if (typeof toolChoice === "object") {
    const { name } = toolChoice;
    const found = tools.find((tool) => tool.name === name);
    if (!found) return refuse("INVALID_ARGUMENT", `tool_choice names ${name}, which is not among the tools`);
    return toolResults.length > 0 ? [] : [found];
  }
  if (toolChoice === "required" && tools.length === 0)
    refuse("INVALID_ARGUMENT", "tool_choice is required, but there are no tools");
  const calls = toolChoice === "required" || (toolChoice === "auto" && switches.autoToolCalls);
  if (!calls) return [];
  const words = question.toLowerCase();
  const named = tools.filter((tool) => words.includes(tool.name.toLowerCase()));
  // One at a time, each is called after the one before has answered.
  if (!parallel && named.length > 0) return named.slice(toolResults.length, toolResults.length + 1);
  if (toolResults.length > 0) return [];
  return named.length > 0 ? named : tools.slice(0, 1);
}

function argumentsOf({ name, parameters }: Tool, question: string): Record<string, unknown> {
  if (parameters === undefined) return {};
  const sample = sampleOf(`The schema of the arguments of ${name}`, parameters, question);
  return sample !== null && typeof sample === "object" && !Array.isArray(sample)
    ? (sample as Record<string, unknown>)
    : refuse("INVALID_ARGUMENT", `The arguments of ${name} must be an object`);
}

function textOf({ model, question, toolResults, format }: Ask): string {
  if (format.type === "json_schema") return JSON.stringify(sampleOf("The JSON schema", format.schema, question));
  const sentence = answerTo(model, question) + toolResults.map((result) => ` A tool answered: "${result}"`).join("");
  if (format.type === "text") return sentence;
  const numbers = numbersIn(question);
  return JSON.stringify({ output: numbers.length > 0 ? numbers.join(", ") : sentence });
}

/** As many words as fit into that many tokens. */
function cut(text: string, maxTokens: number): string {
  let short = "";
  for (const piece of piecesOf(text)) {
    if (tokensIn(short + piece) > maxTokens) return short || text.slice(0, 4);
    short += piece;
  }
  return text;
}
