import * as embedding from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/embedding/embedding_service";
import * as image from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/image_generation/image_generation_service";
import * as classification from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_classification/text_classification_service";
import * as text from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_generation/text_generation_service";
import * as ocr from "@yandex-cloud/nodejs-sdk/ai-ocr-v1/ocr_service";
import * as translate from "@yandex-cloud/nodejs-sdk/ai-translate-v2/translation_service";
import { SynthesizerService } from "@yandex-cloud/nodejs-sdk/ai-tts-v3/tts_service";
import * as search from "@yandex-cloud/nodejs-sdk/searchapi-v2/search_service";
import type { RestRoute } from "./restRoutes";

const { TextGenerationServiceService, TextGenerationAsyncServiceService, TokenizerServiceService } = text;
const { TextClassificationServiceService: classifiers } = classification;
const { TranslationServiceService: translation } = translate;

const models = "/foundationModels/v1";

/** REST of the AI services that have a definition. */
export const nativeRoutes: RestRoute[] = [
  [`POST ${models}/completion`, TextGenerationServiceService.completion, "native"],
  [`POST ${models}/completionAsync`, TextGenerationAsyncServiceService.completion, "native"],
  [`POST ${models}/completionBatch`, text.TextGenerationBatchServiceService.completion, "native"],
  [`POST ${models}/tokenize`, TokenizerServiceService.tokenize, "native"],
  [`POST ${models}/tokenizeCompletion`, TokenizerServiceService.tokenizeCompletion, "native"],
  [`POST ${models}/textEmbedding`, embedding.EmbeddingsServiceService.textEmbedding, "native"],
  [`POST ${models}/textClassification`, classifiers.classify, "native"],
  [`POST ${models}/fewShotTextClassification`, classifiers.fewShotClassify, "native"],
  [`POST ${models}/imageGenerationAsync`, image.ImageGenerationAsyncServiceService.generate, "native"],

  ["POST /translate/v2/translate", translation.translate],
  ["POST /translate/v2/detect", translation.detectLanguage],
  ["POST /translate/v2/languages", translation.listLanguages],
  ["POST /ocr/v1/recognizeText", ocr.TextRecognitionServiceService.recognize, "native"],
  ["POST /tts/v3/utteranceSynthesis", SynthesizerService.utteranceSynthesis, "native"],
  ["POST /v2/web/search", search.WebSearchServiceService.search],
  ["POST /v2/web/searchAsync", search.WebSearchAsyncServiceService.search],
];
