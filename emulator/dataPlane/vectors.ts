import {
  type EmbeddingsServiceServer,
  EmbeddingsServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/embedding/embedding_service";
import {
  type FewShotTextClassificationRequest,
  type TextClassificationServiceServer,
  TextClassificationServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_classification/text_classification_service";
import { type Service, service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";
import {
  dimensionsOf,
  folderOfModel,
  modelVersion,
  mostDimensions,
  requireModel,
  requireShort,
  tokensIn,
  vectorOf,
} from "./models";
import { embeddingTokens } from "./openai/embeddings";

/** The native embeddings and classifiers. */
export const vectors = (state: State): Service[] => [
  service<EmbeddingsServiceServer>(
    EmbeddingsServiceService,
    {
      textEmbedding(request, call) {
        authorize(state, call, "embeddings", [folderOfModel(request.modelUri)]);
        const model = requireModel(state, request.modelUri, ["emb"]);
        requireShort("embedding", request.text);
        const dimensions = request.dim ?? dimensionsOf(state, model);
        if (!(dimensions >= 1 && dimensions <= mostDimensions))
          refuse("INVALID_ARGUMENT", `dim must be from 1 to ${mostDimensions}`);
        return {
          embedding: vectorOf(request.text, dimensions),
          numTokens: embeddingTokens(request.text),
          modelVersion,
        };
      },
    },
    "all",
  ),
  service<TextClassificationServiceServer>(
    TextClassificationServiceService,
    {
      classify(request, call) {
        authorize(state, call, "embeddings", [folderOfModel(request.modelUri)]);
        requireModel(state, request.modelUri, ["cls", "ds"]);
        requireShort("text", request.text);
        return { predictions: predictions(["other"]), modelVersion, inputTokens: tokensIn(request.text) };
      },
      fewShotClassify(request, call) {
        authorize(state, call, "embeddings", [folderOfModel(request.modelUri)]);
        requireModel(state, request.modelUri, ["cls"]);
        requireShort("text", request.text);
        if (request.labels.length < 2) refuse("INVALID_ARGUMENT", "At least two labels must be specified");
        const likeliest = likeliestOf(request);
        return {
          predictions: predictions(request.labels, likeliest),
          modelVersion,
          inputTokens: tokensIn(request.text),
        };
      },
    },
    "all",
  ),
];

/** The label of a sample with the same text, or else one that the text names, or else the first one. */
function likeliestOf({ text, labels, samples }: FewShotTextClassificationRequest): string | undefined {
  const sample = samples.find((known) => known.text === text && labels.includes(known.label));
  return sample?.label ?? labels.find((label) => text.toLowerCase().includes(label.toLowerCase()));
}

/** In the order of the labels, as recorded. */
function predictions(labels: string[], likeliest = labels[0]) {
  const rest = 0.1 / Math.max(1, labels.length - 1);
  return labels.map((label) => ({ label, confidence: label === likeliest ? 0.9 : rest }));
}
