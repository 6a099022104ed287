import type { AiService } from "./cloud/discovery";

/**
 * How to find out whether a key may use a capability without using it: a request that the service refuses only after
 * it has let the key in, for a model that does not exist or for want of content. No tokens are spent.
 *
 * The order in which the services check (key, scope, folder, role, and the content last) is what their errors suggest;
 * the vendor does not document it. So an answer that says neither yes nor no counts as a yes.
 */
export interface Probe {
  /** `openai`: the OpenAI-compatible endpoint; otherwise the ID of an endpoint that the cloud lists. */
  service: "openai" | AiService;
  path: string;
  body(folderId: string): object;
}

const NO_MODEL = "access-probe/latest";

export const probes: Record<string, Probe> = {
  textGeneration: {
    service: "openai",
    path: "/v1/chat/completions",
    body: (folderId) => ({ model: `gpt://${folderId}/${NO_MODEL}`, messages: [{ role: "user", content: "?" }] }),
  },
  embeddings: {
    service: "openai",
    path: "/v1/embeddings",
    body: (folderId) => ({ model: `emb://${folderId}/${NO_MODEL}`, input: "?" }),
  },
  responses: {
    service: "openai",
    path: "/v1/responses",
    body: (folderId) => ({ model: `gpt://${folderId}/${NO_MODEL}`, input: "?" }),
  },
  imageGeneration: {
    service: "ai-foundation-models",
    path: "/foundationModels/v1/imageGenerationAsync",
    body: (folderId) => ({ modelUri: `art://${folderId}/${NO_MODEL}`, messages: [{ text: "?" }] }),
  },
  speechToText: { service: "ai-stt", path: "/speech/v1/stt:recognize", body: (folderId) => ({ folderId }) },
  textToSpeech: { service: "ai-tts", path: "/speech/v1/tts:synthesize", body: (folderId) => ({ folderId }) },
  translation: {
    service: "ai-translate",
    path: "/translate/v2/translate",
    body: (folderId) => ({ folderId, texts: [], targetLanguageCode: "en" }),
  },
  vision: { service: "ai-vision-ocr", path: "/ocr/v1/recognizeText", body: () => ({ content: "" }) },
  search: { service: "searchapi", path: "/v2/web/search", body: (folderId) => ({ folderId, query: {} }) },
};
