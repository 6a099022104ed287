import { Alternative_AlternativeStatus } from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_common";
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
import type { TypedJson } from "../store/records";
import type { Service } from "../calls/service";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { authorize } from "./authorization";
import { answerTo, folderOfModel, modelVersion, piecesOf, requireModel, tokensIn } from "./models";
import { lastUserText } from "./openai";

/** The native text API: completion at once, as a stream or as an operation, and its tokenizer. */
export function textGeneration(state: State, operations: Operations): Service[] {
  const later = operations.effect<TypedJson>("completion", (response) => response);

  return [
    service<TextGenerationServiceServer>(
      TextGenerationServiceService,
      {
        completion(request, call) {
          const { prompt, text } = complete(state, call, request);
          return request.completionOptions?.stream ? stream(prompt, text) : [response(prompt, text, final)];
        },
      },
      "all",
    ),
    service<TextGenerationAsyncServiceServer>(
      TextGenerationAsyncServiceService,
      {
        completion(request, call) {
          const { prompt, text } = complete(state, call, request);
          const answer = typed(
            "yandex.cloud.ai.foundation_models.v1.CompletionResponse",
            response(prompt, text, final),
          );
          return later(call, {
            idPrefix: "d7q",
            description: "Async GPT Completion",
            resourceId: folderOfModel(request.modelUri) ?? "",
            metadata: typed("google.protobuf.Empty", {}),
            payload: answer,
          });
        },
      },
      "all",
    ),
    service<TokenizerServiceServer>(
      TokenizerServiceService,
      {
        tokenize(request, call) {
          admitText(state, call, request.modelUri);
          return tokens(request.text);
        },
        tokenizeCompletion(request, call) {
          admitText(state, call, request.modelUri);
          return tokens(request.messages.map((message) => message.text ?? "").join(" "));
        },
      },
      "all",
    ),
  ];
}

const final = Alternative_AlternativeStatus.ALTERNATIVE_STATUS_FINAL;
const partial = Alternative_AlternativeStatus.ALTERNATIVE_STATUS_PARTIAL;

function admitText(state: State, call: Call, modelUri: string): string {
  authorize(state, call, "text", [folderOfModel(modelUri)]);
  return requireModel(modelUri, ["gpt", "ds"]).uri;
}

function complete(state: State, call: Call, request: CompletionRequest): { prompt: string; text: string } {
  const model = admitText(state, call, request.modelUri);
  const prompt = lastUserText(request.messages);
  return { prompt, text: answerTo(model, prompt) };
}

/** Each message of a stream holds all the text so far. */
function* stream(prompt: string, text: string): Generator<CompletionResponse> {
  let soFar = "";
  for (const piece of piecesOf(text).slice(0, -1)) {
    soFar += piece;
    yield response(prompt, soFar, partial);
  }
  yield response(prompt, text, final);
}

function response(prompt: string, text: string, status: Alternative_AlternativeStatus): CompletionResponse {
  const [inputTextTokens, completionTokens] = [tokensIn(prompt), tokensIn(text)];
  return {
    alternatives: [{ message: { role: "assistant", text }, status }],
    usage: {
      inputTextTokens,
      completionTokens,
      totalTokens: inputTextTokens + completionTokens,
      completionTokensDetails: { reasoningTokens: 0 },
    },
    modelVersion,
  };
}

function tokens(text: string) {
  return {
    tokens: piecesOf(text).map((piece, position) => ({ id: position + 1, text: piece, special: false })),
    modelVersion,
  };
}
