import * as embedding from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/embedding/embedding_service";
import * as image from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/image_generation/image_generation_service";
import * as classification from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_classification/text_classification_service";
import * as text from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_generation/text_generation_service";
import * as ocr from "@yandex-cloud/nodejs-sdk/ai-ocr-v1/ocr_service";
import * as translate from "@yandex-cloud/nodejs-sdk/ai-translate-v2/translation_service";
import { UtteranceSynthesisRequest, UtteranceSynthesisResponse } from "@yandex-cloud/nodejs-sdk/ai-tts-v3/tts";
import { SynthesizerService } from "@yandex-cloud/nodejs-sdk/ai-tts-v3/tts_service";
import { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import * as search from "@yandex-cloud/nodejs-sdk/searchapi-v2/search_service";
import type { RestRoute } from "./restRoutes";

const { TextGenerationServiceService, TextGenerationAsyncServiceService, TokenizerServiceService } = text;
const { TextClassificationServiceService: classifiers } = classification;
const { TranslationServiceService: translation } = translate;

const models = "/foundationModels/v1";

/** REST of the AI services that have a definition. */
export const nativeRoutes: RestRoute[] = [
  [
    `POST ${models}/completion`,
    TextGenerationServiceService.completion,
    text.CompletionRequest,
    text.CompletionResponse,
    "native",
  ],
  [
    `POST ${models}/completionAsync`,
    TextGenerationAsyncServiceService.completion,
    text.CompletionRequest,
    Operation,
    "native",
  ],
  [`POST ${models}/tokenize`, TokenizerServiceService.tokenize, text.TokenizeRequest, text.TokenizeResponse, "native"],
  [
    `POST ${models}/tokenizeCompletion`,
    TokenizerServiceService.tokenizeCompletion,
    text.CompletionRequest,
    text.TokenizeResponse,
    "native",
  ],
  [
    `POST ${models}/textEmbedding`,
    embedding.EmbeddingsServiceService.textEmbedding,
    embedding.TextEmbeddingRequest,
    embedding.TextEmbeddingResponse,
    "native",
  ],
  [
    `POST ${models}/textClassification`,
    classifiers.classify,
    classification.TextClassificationRequest,
    classification.TextClassificationResponse,
    "native",
  ],
  [
    `POST ${models}/fewShotTextClassification`,
    classifiers.fewShotClassify,
    classification.FewShotTextClassificationRequest,
    classification.FewShotTextClassificationResponse,
    "native",
  ],
  [
    `POST ${models}/imageGenerationAsync`,
    image.ImageGenerationAsyncServiceService.generate,
    image.ImageGenerationRequest,
    Operation,
    "native",
  ],

  ["POST /translate/v2/translate", translation.translate, translate.TranslateRequest, translate.TranslateResponse],
  [
    "POST /translate/v2/detect",
    translation.detectLanguage,
    translate.DetectLanguageRequest,
    translate.DetectLanguageResponse,
  ],
  [
    "POST /translate/v2/languages",
    translation.listLanguages,
    translate.ListLanguagesRequest,
    translate.ListLanguagesResponse,
  ],
  [
    "POST /ocr/v1/recognizeText",
    ocr.TextRecognitionServiceService.recognize,
    ocr.RecognizeTextRequest,
    ocr.RecognizeTextResponse,
    "native",
  ],
  [
    "POST /tts/v3/utteranceSynthesis",
    SynthesizerService.utteranceSynthesis,
    UtteranceSynthesisRequest,
    UtteranceSynthesisResponse,
    "native",
  ],
  ["POST /v2/web/search", search.WebSearchServiceService.search, search.WebSearchRequest, search.WebSearchResponse],
  ["POST /v2/web/searchAsync", search.WebSearchAsyncServiceService.search, search.WebSearchRequest, Operation],
];
