import { inSomeServer, listing, opening, posting } from "./probeCalls";
import type { Probe } from "./probeCalls";

const NO_MODEL = "access-probe/latest";

/**
 * How to find out whether a key may use a capability without using it: a request that the service refuses only after
 * it has let the key in, for a model that does not exist or for want of content, or one that only looks. No tokens are
 * spent and nothing is made.
 *
 * The order in which the services check (key, scope, folder, role, and the content last) is what their errors suggest;
 * the vendor does not document it. So an answer that says neither yes nor no counts as a yes.
 */
export const probes: Record<string, Probe> = {
  textGeneration: posting("openai", "/v1/chat/completions", (folderId) => ({
    model: `gpt://${folderId}/${NO_MODEL}`,
    messages: [{ role: "user", content: "?" }],
  })),
  embeddings: posting("openai", "/v1/embeddings", (folderId) => ({
    model: `emb://${folderId}/${NO_MODEL}`,
    input: "?",
  })),
  responses: posting("openai", "/v1/responses", (folderId) => ({ model: `gpt://${folderId}/${NO_MODEL}`, input: "?" })),
  imageGeneration: posting("ai-foundation-models", "/foundationModels/v1/imageGenerationAsync", (folderId) => ({
    modelUri: `art://${folderId}/${NO_MODEL}`,
    messages: [{ text: "?" }],
  })),
  tuning: listing("tunings"),
  datasets: listing("datasets"),
  realtime: opening((folderId) => `/v1/realtime/openai?model=${encodeURIComponent(`gpt://${folderId}/${NO_MODEL}`)}`),
  // Whatever is sent here is sound, so nothing is.
  speechToText: posting("ai-stt", "/speech/v1/stt:recognize", () => undefined),
  textToSpeech: posting("ai-tts-v3", "/speech/v1/tts:synthesize", () => undefined),
  translation: posting("ai-translate", "/translate/v2/translate", (folderId) => ({
    folderId,
    texts: [],
    targetLanguageCode: "en",
  })),
  vision: posting("ai-vision-ocr", "/ocr/v1/recognizeText", () => ({ content: "" })),
  search: posting("searchapi", "/v2/web/search", (folderId) => ({ folderId, query: {} })),
  mcp: inSomeServer,
};
