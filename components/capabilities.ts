import { nearest } from "./suggestions";

/**
 * What an application can ask of AI Studio, and the least it needs for it. This table is the only place where roles and
 * scopes stand; the reference page is generated from it.
 */
export interface CapabilityEntry {
  /** What the application can do with it, as one sentence. */
  readonly sentence: string;
  /** Roles of the service account on the folder. */
  readonly roles: readonly string[];
  /** Scopes of the API key. */
  readonly scopes: readonly string[];
  /** "inferred" where the vendor's pages name the role but not the scope. */
  readonly scope: "documented" | "inferred";
  /**
   * Other capabilities that the same roles and scopes open, because the vendor has no narrower ones. An application that
   * has several capabilities opens what any of them opens, and no more.
   */
  readonly alsoOpens?: readonly string[];
  /** The vendor's page that names the role. */
  readonly documentation: string;
  /** Scheme and name of a model to start with, where the capability is called with a model URI. */
  readonly model?: readonly [scheme: string, name: string];
  /** Other words for it, so that a reader of the vendor's pages is shown the right one. */
  readonly alsoCalled?: readonly string[];
}

const AUTHENTICATION = "https://yandex.cloud/en/docs/ai-studio/api-ref/authentication";
const ACCESS = "https://yandex.cloud/en/docs/ai-studio/security/";
const SPEECHKIT = "https://aistudio.yandex.ru/docs/en/speechkit/security/";

/** Stands for every AI Studio API that has no scope of its own; the narrow scopes are preferred wherever they exist. */
const UMBRELLA = "yc.ai.foundationModels.execute";

/** Opened by the roles for every model, `ai.models.user` and `ai.models.editor`, together with the umbrella scope. */
const ALL_INFERENCE = [
  "textGeneration",
  "embeddings",
  "imageGeneration",
  "speechToText",
  "textToSpeech",
  "translation",
  "vision",
] as const;

const table = {
  textGeneration: {
    sentence: "Generate text and chat with language models, over the OpenAI-compatible or the native API.",
    roles: ["ai.languageModels.user"],
    scopes: ["yc.ai.languageModels.execute"],
    scope: "documented",
    alsoOpens: ["embeddings"],
    documentation: AUTHENTICATION,
    model: ["gpt", "yandexgpt/latest"],
    alsoCalled: ["chat", "completion", "languageModels", "yandexgpt"],
  },
  embeddings: {
    sentence: "Turn text into vectors and classify it.",
    roles: ["ai.languageModels.user"],
    scopes: ["yc.ai.languageModels.execute"],
    scope: "inferred",
    alsoOpens: ["textGeneration"],
    documentation: ACCESS,
    model: ["emb", "text-search-doc/latest"],
    alsoCalled: ["classification", "classifiers", "vectors"],
  },
  imageGeneration: {
    sentence: "Generate images with YandexART.",
    roles: ["ai.imageGeneration.user"],
    scopes: ["yc.ai.imageGeneration.execute"],
    scope: "documented",
    documentation: AUTHENTICATION,
    model: ["art", "yandex-art/latest"],
    alsoCalled: ["images", "yandexart"],
  },
  tuning: {
    sentence: "Create datasets and tune models on them.",
    roles: ["ai.datasets.editor", "ai.models.editor"],
    scopes: [UMBRELLA],
    scope: "inferred",
    // The role that edits models also uses them.
    alsoOpens: ["datasets", ...ALL_INFERENCE, "realtime"],
    documentation: ACCESS,
    alsoCalled: ["fineTuning", "models"],
  },
  datasets: {
    sentence: "Create and edit datasets, without tuning models.",
    roles: ["ai.datasets.editor"],
    scopes: [UMBRELLA],
    scope: "inferred",
    documentation: ACCESS,
  },
  responses: {
    sentence:
      "Run agents with the Responses API, with conversations, files and vector stores: what assistants were before the Assistants API was switched off in January 2026.",
    roles: ["ai.assistants.editor", "ai.languageModels.user"],
    scopes: [UMBRELLA],
    scope: "documented",
    alsoOpens: ["textGeneration", "embeddings"],
    documentation: AUTHENTICATION,
    model: ["gpt", "yandexgpt/latest"],
    alsoCalled: ["agents", "assistants", "conversations", "files", "vectorStores"],
  },
  realtime: {
    sentence: "Hold a spoken conversation over the Realtime API.",
    roles: ["ai.models.user"],
    scopes: [UMBRELLA],
    scope: "inferred",
    // The role for every model: each can also be called over its own API.
    alsoOpens: ALL_INFERENCE,
    documentation: ACCESS,
    alsoCalled: ["voice"],
  },
  speechToText: {
    sentence: "Recognise speech with SpeechKit.",
    roles: ["ai.speechkit-stt.user"],
    scopes: ["yc.ai.speechkitStt.execute"],
    scope: "documented",
    documentation: SPEECHKIT,
    alsoCalled: ["speechRecognition", "stt"],
  },
  textToSpeech: {
    sentence: "Synthesise speech with SpeechKit.",
    roles: ["ai.speechkit-tts.user"],
    scopes: ["yc.ai.speechkitTts.execute"],
    scope: "documented",
    documentation: SPEECHKIT,
    alsoCalled: ["speechSynthesis", "tts"],
  },
  translation: {
    sentence: "Translate text and detect its language.",
    roles: ["ai.translate.user"],
    scopes: ["yc.ai.translate.execute"],
    scope: "documented",
    documentation: "https://yandex.cloud/en/docs/translate/security/",
    alsoCalled: ["translate"],
  },
  vision: {
    sentence: "Recognise text in images with Vision OCR.",
    roles: ["ai.vision.user"],
    scopes: ["yc.ai.vision.execute"],
    scope: "documented",
    documentation: "https://yandex.cloud/en/docs/vision/security/",
    alsoCalled: ["ocr", "textRecognition"],
  },
  search: {
    sentence: "Search the web with the Search API.",
    roles: ["search-api.webSearch.user"],
    scopes: ["yc.search-api.execute"],
    scope: "documented",
    documentation: "https://aistudio.yandex.ru/docs/en/search-api/security/",
    alsoCalled: ["searchApi", "webSearch"],
  },
  mcp: {
    sentence:
      "Call MCP servers of the MCP Hub. External servers and those made from a template need the role serverless.mcpGateways.anonymousInvoker as well: add it as an extra role.",
    roles: ["serverless.mcpGateways.invoker"],
    scopes: ["yc.serverless.mcpGateways.invoke"],
    scope: "documented",
    documentation: "https://yandex.cloud/en/docs/ai-studio/concepts/mcp-hub",
    alsoCalled: ["mcpHub", "tools"],
  },
} as const satisfies Record<string, CapabilityEntry>;

export type Capability = keyof typeof table;

/** One entry, whose `alsoOpens` names capabilities of this table. */
type CheckedEntry = CapabilityEntry & { readonly alsoOpens?: readonly Capability[] };

export const capabilityTable: Readonly<Record<Capability, CheckedEntry>> = table;

export const capabilityNames = Object.keys(table) as [Capability, ...Capability[]];

export const isCapability = (word: string): word is Capability => Object.hasOwn(table, word);

/** The capability that a word stands for or is a misspelling of, if any is near enough. */
export function nearestCapability(word: string): Capability | undefined {
  const spelling = nearest(word, capabilityNames.flatMap(spellings));
  return capabilityNames.find((name) => spellings(name).includes(spelling ?? ""));
}

const spellings = (name: Capability): string[] => [name, ...(capabilityTable[name].alsoCalled ?? [])];

/** What an account and its key are given: sorted, each once, and no more than the capabilities and the extras name. */
export interface Access {
  roles: string[];
  scopes: string[];
}

export function accessFor(
  capabilities: readonly Capability[],
  extra: { roles?: readonly string[]; scopes?: readonly string[] } = {},
): Access {
  const entries = capabilities.map((each) => capabilityTable[each]);
  return {
    roles: sorted(entries.flatMap(({ roles }) => roles).concat(extra.roles ?? [])),
    scopes: sorted(entries.flatMap(({ scopes }) => scopes).concat(extra.scopes ?? [])),
  };
}

/** The model to start with: one for text, if there is a capability for it, else that of the first that takes one. */
export function startingModel(capabilities: readonly Capability[]): CapabilityEntry["model"] {
  const models = capabilities.flatMap((each) => {
    const { model } = capabilityTable[each];
    return model ? [model] : [];
  });
  return models.find(([scheme]) => scheme === "gpt") ?? models[0];
}

const sorted = (words: readonly string[]) => [...new Set(words)].sort();
