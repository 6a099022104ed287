import { createHash } from "node:crypto";
import { refuse } from "../status";
import type { State } from "../store/state";

interface Family {
  owner: string;
  /** `own` models of Yandex answer in another form than the `open` ones that it hosts. Recorded: yandexgpt, llama; qwen, gemma. */
  form: "own" | "open";
  names: readonly string[];
}

/**
 * Names of models by the scheme of their URIs: those recorded by the vendor's SDK in 2025, those of its documentation, and those that
 * public programs use. The cloud adds and removes names all the time; the switch `models` adds others.
 */
const catalogue: Record<string, readonly Family[]> = {
  gpt: [
    {
      owner: "Yandex",
      form: "own",
      names: [
        "aliceai-llm",
        "aliceai-llm-flash",
        "llama",
        "llama-lite",
        "summarization",
        "yandexgpt",
        "yandexgpt-5-lite",
        "yandexgpt-5-pro",
        "yandexgpt-5.1",
        "yandexgpt-lite",
      ],
    },
    { owner: "OpenAI", form: "open", names: ["gpt-oss-120b", "gpt-oss-20b"] },
    { owner: "Google", form: "open", names: ["gemma-3-12b-it", "gemma-3-27b-it"] },
    { owner: "Alibaba", form: "open", names: ["qwen3-14b", "qwen3-235b-a22b-fp8", "qwen3.6-35b-a3b"] },
    { owner: "DeepSeek", form: "open", names: ["deepseek-v32", "deepseek-v4-flash"] },
  ],
  emb: [
    {
      owner: "Yandex",
      form: "own",
      names: [
        "text-embeddings",
        "text-embeddings-v2-doc",
        "text-embeddings-v2-query",
        "text-search-doc",
        "text-search-query",
      ],
    },
  ],
  art: [{ owner: "Yandex", form: "own", names: ["aliceai-art", "yandex-art"] }],
  cls: [{ owner: "Yandex", form: "own", names: ["yandexgpt", "yandexgpt-lite"] }],
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
  /** What stands behind `@` in the URI of a tuned model. */
  tuning: string | undefined;
}

interface TunedModel {
  /** Its URI. */
  id: string;
  folderId: string;
  /** Of its vectors, where it was tuned for some. */
  dimensions?: number[];
}

/** Models that were tuned here, by their URI. */
export const tunedModels = (state: State) => state.tables.table<TunedModel>("tunedModels");

/** The folder a model URI names, for authorization; undefined when it is not a model URI, which is refused later. */
export const folderOfModel = (uri: unknown): string | undefined => parse(uri)?.folderId;

/**
 * A model that exists, of one of the schemes: `gpt://<folder>/yandexgpt/latest`, also without the version or with a slash behind
 * it. Comes after authorization, so that a stranger does not learn what exists.
 */
export function requireModel(state: State, uri: unknown, schemes: readonly string[]): ModelUri {
  const model = parse(uri) ?? refuse("INVALID_ARGUMENT", "Failed to parse model URI");
  if (!schemes.includes(model.scheme) || !exists(state, model)) refuse("INVALID_ARGUMENT", "Failed to get model");
  return model;
}

/** `gpt://<folder>/speech-realtime-250923`. Comes after authorization too. */
export function requireRealtimeModel(uri: unknown): ModelUri {
  const model = parse(uri) ?? refuse("INVALID_ARGUMENT", "Failed to parse model URI");
  const known = model.scheme === "gpt" && realtimeModels.includes(model.name) && versions.includes(model.version);
  return known ? model : refuse("INVALID_ARGUMENT", "Failed to get model");
}

function exists(state: State, { uri, scheme, name, version, tuning }: ModelUri): boolean {
  const added = state.switches.models.map((model) => (model.includes("://") ? model : `gpt://${model}`));
  if (tuning !== undefined) {
    const id = `${scheme}://${name}/${version}@${tuning}`;
    return tunedModels(state).get(uri) !== undefined || added.includes(id);
  }
  const isKnown = added.includes(`${scheme}://${name}`) || familyOf(scheme, name) !== undefined;
  return isKnown && versions.includes(version);
}

const familyOf = (scheme: string, name: string): Family | undefined =>
  (catalogue[scheme] ?? []).find((family) => family.names.includes(name));

/** How a model answers over the OpenAI-compatible API. One that only the switch names: as those that the cloud hosts. */
export const formOf = ({ scheme, name }: ModelUri): Family["form"] => familyOf(scheme, name)?.form ?? "open";

function parse(uri: unknown): ModelUri | undefined {
  if (typeof uri !== "string" || uri.length > 500) return undefined;
  const [, scheme = "", folderId = "", name = "", version = "latest", tuning] =
    /^([a-z]+):\/\/([^/]+)\/([^/@]+)(?:\/([^/@]+))?(?:@([^/@]+))?\/?$/.exec(uri) ?? [];
  return name !== "" && Object.hasOwn(catalogue, scheme) ? { uri, scheme, folderId, name, version, tuning } : undefined;
}

/** The models of a folder, as the OpenAI-compatible API lists them. */
export function modelsOf(state: State, folderId: string): { id: string; owned_by: string }[] {
  const listed = ["gpt", "emb", "art"].flatMap((scheme) =>
    (catalogue[scheme] ?? []).flatMap(({ owner, names }) =>
      names.map((name) => ({ id: `${scheme}://${folderId}/${name}/latest`, owned_by: owner })),
    ),
  );
  const added = state.switches.models.map((model) => {
    const [, scheme = "gpt", name = model] = /^([a-z]+):\/\/(.+)$/.exec(model) ?? [];
    return { id: `${scheme}://${folderId}/${name}${name.includes("/") ? "" : "/latest"}`, owned_by: "Yandex" };
  });
  const tuned = [...tunedModels(state).values()].filter((model) => model.folderId === folderId);
  return [...listed, ...added, ...tuned.map(({ id }) => ({ id, owned_by: "Yandex" }))];
}

/** The stand-in's answer: the same for the same question, and honest about what it is. */
export function answerTo(model: string, question: string): string {
  const asked = question.length > 80 ? `${question.slice(0, 77)}...` : question;
  return `Hello from ${model}, a local stand-in for the model: your key works. You asked: "${asked}"`;
}

/** Tokens as models count them, roughly: one for four characters. */
export const tokensIn = (text: string): number => Math.max(1, Math.ceil(text.length / 4));

/** The most that a prompt may hold: the context of the models named in the documentation is 32,768 tokens or more. */
const mostTokens = { text: 262_144, embedding: 2048 };

export function requireShort(kind: keyof typeof mostTokens, text: string): void {
  const count = tokensIn(text);
  if (count > mostTokens[kind])
    refuse("INVALID_ARGUMENT", `Number of input tokens must be no more than ${mostTokens[kind]}, got ${count}`);
}

/** The most numbers a vector may have here. The documentation has 256, more for models tuned so. */
export const mostDimensions = 4096;

/** How many numbers a vector has where nobody asks for a number: the most that the model was tuned for. */
export const dimensionsOf = (state: State, { uri }: ModelUri): number =>
  Math.max(0, ...(tunedModels(state).get(uri)?.dimensions ?? [])) || 256;

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
