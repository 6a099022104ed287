import {
  type EmbeddingsServiceServer,
  EmbeddingsServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/embedding/embedding_service";
import {
  type TextClassificationServiceServer,
  TextClassificationServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_classification/text_classification_service";
import { type Service, service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";
import { folderOfModel, modelVersion, requireModel, tokensIn, vectorOf } from "./models";

/** The native embeddings and classifiers. */
export const vectors = (state: State): Service[] => [
  service<EmbeddingsServiceServer>(
    EmbeddingsServiceService,
    {
      textEmbedding(request, call) {
        authorize(state, call, "embeddings", [folderOfModel(request.modelUri)]);
        requireModel(request.modelUri, ["emb"]);
        const embedding = vectorOf(request.text, request.dim || 256);
        return { embedding, numTokens: tokensIn(request.text), modelVersion };
      },
    },
    "all",
  ),
  service<TextClassificationServiceServer>(
    TextClassificationServiceService,
    {
      classify(request, call) {
        authorize(state, call, "embeddings", [folderOfModel(request.modelUri)]);
        requireModel(request.modelUri, ["cls", "ds"]);
        return { predictions: predictions(["other"]), modelVersion, inputTokens: tokensIn(request.text) };
      },
      fewShotClassify(request, call) {
        authorize(state, call, "embeddings", [folderOfModel(request.modelUri)]);
        requireModel(request.modelUri, ["cls"]);
        if (request.labels.length < 2) refuse("INVALID_ARGUMENT", "At least two labels must be specified");
        return { predictions: predictions(request.labels), modelVersion, inputTokens: tokensIn(request.text) };
      },
    },
    "all",
  ),
];

/** The first label is always the likeliest. */
const predictions = (labels: string[]) =>
  labels.map((label, position) => ({ label, confidence: position === 0 ? 0.9 : 0.1 / Math.max(1, labels.length - 1) }));
