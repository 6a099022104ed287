import { createHash } from "node:crypto";
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

/** Models of the Realtime API. No other call takes them. */
const realtimeModels = ["speech-realtime-250923"];

const versions = ["latest", "rc", "deprecated"];

/** What answers that tell a version of the model say. */
export const modelVersion = "local stand-in";

export interface ModelUri {
  uri: string;
  scheme: string;
  folderId: string;
  name: string;
  version: string;
}

/** The folder a model URI names, for authorization; undefined when it is no model URI, which is refused later. */
export const folderOfModel = (uri: unknown): string | undefined => parse(uri)?.folderId;

/**
 * A model that exists, of one of the schemes: `gpt://<folder>/yandexgpt/latest`. Comes after authorization, so that a stranger
 * does not learn what exists.
 */
export function requireModel(uri: unknown, schemes: readonly string[]): ModelUri {
  const model = parse(uri) ?? refuse("INVALID_ARGUMENT", "Failed to parse model URI");
  const tuned = model.scheme === "ds";
  const known = schemes.includes(model.scheme) && (tuned || (catalogue[model.scheme] ?? []).includes(model.name));
  if (!known || (!tuned && !versions.includes(model.version))) refuse("INVALID_ARGUMENT", "Failed to get model");
  return model;
}

/** `gpt://<folder>/speech-realtime-250923`. Comes after authorization too. */
export function requireRealtimeModel(uri: unknown): ModelUri {
  const model = parse(uri) ?? refuse("INVALID_ARGUMENT", "Failed to parse model URI");
  const known = model.scheme === "gpt" && realtimeModels.includes(model.name) && versions.includes(model.version);
  return known ? model : refuse("INVALID_ARGUMENT", "Failed to get model");
}

function parse(uri: unknown): ModelUri | undefined {
  if (typeof uri !== "string") return undefined;
  const [, scheme = "", folderId = "", name = "", version = "latest"] =
    /^([a-z]+):\/\/([^/]+)\/([^/@]+)(?:[/@](.+))?$/.exec(uri) ?? [];
  return name !== "" && scheme in catalogue ? { uri, scheme, folderId, name, version } : undefined;
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

/** A vector that depends on the text alone, of length 1. */
export function vectorOf(text: string, dimensions: number): number[] {
  const values: number[] = [];
  for (let block = 0; values.length < dimensions; block += 1) {
    values.push(...[...createHash("sha256").update(`${block} ${text}`).digest()].map((byte) => byte / 127.5 - 1));
  }
  const cut = values.slice(0, dimensions);
  const length = Math.hypot(...cut);
  return cut.map((value) => value / length);
}

/** The words of a text with the blanks behind them: what a streamed answer is sent by. */
export const piecesOf = (text: string): string[] => text.match(/\S+\s*/g) ?? [];
