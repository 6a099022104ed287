import { refuse } from "../status";

/** Models the stand-in knows, by the scheme of their URIs. */
const catalogue: Record<string, readonly string[]> = {
  gpt: [
    "aliceai-llm",
    "gemma-3-27b-it",
    "gpt-oss-120b",
    "gpt-oss-20b",
    "qwen3-235b-a22b-fp8",
    "yandexgpt",
    "yandexgpt-lite",
  ],
  emb: ["text-embeddings", "text-search-doc", "text-search-query"],
  art: ["aliceai-art", "yandex-art"],
  cls: ["yandexgpt", "yandexgpt-lite"],
  ds: [],
};

const versions = ["latest", "rc", "deprecated"];

export interface ModelUri {
  uri: string;
  scheme: string;
  folderId: string;
  name: string;
}

/** `gpt://<folder>/yandexgpt/latest` in its parts; the version may be missing. */
export function readModelUri(uri: unknown): ModelUri {
  const text = typeof uri === "string" ? uri : "";
  const [, scheme = "", folderId = "", name = ""] = /^([a-z]+):\/\/([^/]+)\/([^/@]+)(?:[/@].*)?$/.exec(text) ?? [];
  if (name === "" || !(scheme in catalogue)) refuse("INVALID_ARGUMENT", "Failed to parse model URI");
  return { uri: text, scheme, folderId, name };
}

/** Refuses a model that does not exist. Comes after admission: a stranger does not learn what exists. */
export function requireModel(model: ModelUri, schemes: readonly string[]): void {
  const known =
    schemes.includes(model.scheme) && (model.scheme === "ds" || (catalogue[model.scheme] ?? []).includes(model.name));
  const version = model.uri.split("/")[4];
  if (!known || (version !== undefined && model.scheme !== "ds" && !versions.includes(version))) {
    refuse("INVALID_ARGUMENT", "Failed to get model");
  }
}

export function modelsOf(folderId: string): string[] {
  return ["gpt", "emb", "art"].flatMap((scheme) =>
    (catalogue[scheme] ?? []).map((name) => `${scheme}://${folderId}/${name}/latest`),
  );
}

/** The stand-in's answer: the same for the same question, and honest about what it is. */
export function answerTo(model: string, question: string): string {
  const asked = question.length > 80 ? `${question.slice(0, 77)}...` : question;
  return `Hello from ${model}, a local stand-in for the model: your key works. You asked: "${asked}"`;
}

/** Tokens as models count them, roughly: one for four characters. */
export const tokensIn = (text: string): number => Math.max(1, Math.ceil(text.length / 4));
