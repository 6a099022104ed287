import {
  Alternative_AlternativeStatus as Status,
  type Message,
  type Tool as NativeTool,
  ToolChoice_ToolChoiceMode as Mode,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_common";
import {
  type CompletionRequest,
  type CompletionResponse,
  type TextGenerationAsyncServiceServer,
  TextGenerationAsyncServiceService,
  type TextGenerationServiceServer,
  TextGenerationServiceService,
  type TokenizerServiceServer,
  TokenizerServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_generation/text_generation_service";
import type { Call } from "../calls/calls";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import { type Service, service } from "../calls/service";
import { refuse } from "../status";
import type { TypedJson } from "../store/records";
import type { State } from "../store/state";
import { authorize } from "./authorization";
import { type Ask, generate, type Generated, type Tool, type ToolChoice } from "./generation";
import { requireSchema } from "../calls/jsonSchemas";
import { folderOfModel, modelVersion, piecesOf, requireModel, requireShort, tokensIn } from "./models";

/** The native text API: completion at once, as a stream or as an operation, and its tokenizer. */
export function textGeneration(state: State, operations: Operations): Service[] {
  const later = operations.effect<TypedJson>("completion", (response) => response);

  return [
    service<TextGenerationServiceServer>(
      TextGenerationServiceService,
      {
        completion(request, call) {
          const generated = complete(state, call, request);
          return request.completionOptions?.stream ? stream(generated) : [response(generated)];
        },
      },
      "all",
    ),
    service<TextGenerationAsyncServiceServer>(
      TextGenerationAsyncServiceService,
      {
        completion(request, call) {
          const answer = response(complete(state, call, request));
          return later(call, {
            idPrefix: "d7q",
            description: "Async GPT Completion",
            resourceId: "",
            payload: typed("yandex.cloud.ai.foundation_models.v1.CompletionResponse", answer),
          });
        },
      },
      "all",
    ),
    service<TokenizerServiceServer>(
      TokenizerServiceService,
      {
        tokenize(request, call) {
          authorizeText(state, call, request.modelUri);
          return tokens(request.text);
        },
        tokenizeCompletion(request, call) {
          authorizeText(state, call, request.modelUri);
          return tokens(textOf(request.messages));
        },
      },
      "all",
    ),
  ];
}

function authorizeText(state: State, call: Call, modelUri: string): string {
  authorize(state, call, "text", [folderOfModel(modelUri)]);
  return requireModel(state, modelUri, ["gpt", "ds"]).uri;
}

function complete(state: State, call: Call, request: CompletionRequest): Generated {
  const model = authorizeText(state, call, request.modelUri);
  return generate(readAsk(request, model), state.switches);
}

/** The definition gives the ranges. A temperature of `nan` comes as a number too. */
function readAsk(request: CompletionRequest, model: string): Ask {
  const { messages, completionOptions, jsonSchema, toolChoice } = request;
  if (messages.length === 0) refuse("INVALID_ARGUMENT", "Empty message list");
  const { temperature, maxTokens } = completionOptions ?? {};
  if (temperature !== undefined && !(temperature >= 0 && temperature <= 1))
    refuse("INVALID_ARGUMENT", `Temperature must be in the range [0, 1], got ${temperature}`);
  if (maxTokens !== undefined && maxTokens < 1)
    refuse("INVALID_ARGUMENT", `Max tokens must be greater than zero, got ${maxTokens}`);
  requireShort("text", textOf(messages));
  const last = messages.findLast((message) => message.role === "user" && message.text !== undefined);
  return {
    model,
    question: last?.text ?? "",
    toolResults: resultsAfter(messages, last),
    promptText: textOf(messages),
    tools: request.tools.map(readTool),
    toolChoice: toolChoiceOf(toolChoice?.functionName, toolChoice?.mode),
    parallel: request.parallelToolCalls ?? true,
    format: jsonSchema
      ? { type: "json_schema", schema: requireSchema("jsonSchema.schema", jsonSchema.schema) }
      : { type: request.jsonObject ? "json_object" : "text" },
    maxTokens,
  };
}

const textOf = (messages: Message[]): string => messages.map(({ text }) => text ?? "").join(" ");

const resultsAfter = (messages: Message[], question: Message | undefined): string[] =>
  messages
    .slice(question ? messages.indexOf(question) + 1 : 0)
    .flatMap(({ toolResultList }) => toolResultList?.toolResults ?? [])
    .map(({ functionResult }) => functionResult?.content ?? "");

function readTool({ function: definition }: NativeTool): Tool {
  if (!definition?.name) return refuse("INVALID_ARGUMENT", "A tool must be a function with a name");
  const { name, parameters } = definition;
  return { name, parameters: parameters && requireSchema(`The schema of the arguments of ${name}`, parameters) };
}

function toolChoiceOf(name: string | undefined, mode: Mode | undefined): ToolChoice {
  if (name) return { name };
  if (mode === Mode.NONE) return "none";
  return mode === Mode.REQUIRED ? "required" : "auto";
}

/** Each message of a stream holds all the text so far, and counts more tokens than the one before. */
function* stream(generated: Generated): Generator<CompletionResponse> {
  let [soFar, counted] = ["", 0];
  for (const piece of piecesOf(generated.text).slice(0, -1)) {
    soFar += piece;
    if (tokensIn(soFar) <= counted || tokensIn(soFar) >= generated.usage.completion) continue;
    counted = tokensIn(soFar);
    yield response({ ...generated, text: soFar, usage: { ...generated.usage, completion: counted } }, true);
  }
  yield response(generated);
}

const statuses = {
  stop: Status.ALTERNATIVE_STATUS_FINAL,
  length: Status.ALTERNATIVE_STATUS_TRUNCATED_FINAL,
  tool_calls: Status.ALTERNATIVE_STATUS_TOOL_CALLS,
};

function response({ text, calls, finish, usage }: Generated, isPartial = false): CompletionResponse {
  const toolCalls = calls.map((call) => ({ functionCall: { name: call.name, arguments: call.arguments } }));
  const message: Message =
    calls.length > 0
      ? { role: "assistant", text: undefined, toolCallList: { toolCalls } }
      : { role: "assistant", text };
  return {
    alternatives: [{ message, status: isPartial ? Status.ALTERNATIVE_STATUS_PARTIAL : statuses[finish] }],
    usage: {
      inputTextTokens: usage.prompt,
      completionTokens: usage.completion,
      totalTokens: usage.prompt + usage.completion,
      completionTokensDetails: { reasoningTokens: 0 },
    },
    modelVersion,
  };
}

function tokens(text: string) {
  requireShort("text", text);
  return {
    tokens: piecesOf(text).map((piece, position) => ({ id: position + 1, text: piece, special: false })),
    modelVersion,
  };
}
