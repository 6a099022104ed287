import type { State } from "../../store/state";
import { authorize } from "../authorization";
import { dimensionsOf, folderOfModel, mostDimensions, requireModel, requireShort, tokensIn, vectorOf } from "../models";
import type { AiRoute } from "../routes";
import { integerIn, invalid } from "./bodies";

/** Beyond the documented one text a request, and only where the switch allows more. */
const mostInputs = 2048;

export const embeddingRoutes = (state: State): AiRoute[] => [
  {
    route: "POST /v1/embeddings",
    answer({ call, body }) {
      authorize(state, call, "embeddings", [folderOfModel(body["model"])]);
      const model = requireModel(state, body["model"], ["emb"]);
      const isStrict = state.switches.embeddings === "documented";
      const texts = readInput(body["input"], isStrict ? 1 : mostInputs);
      const format = body["encoding_format"] ?? "float";
      if (format !== "float" && (isStrict || format !== "base64")) invalid("encoding_format", "must be float");
      const dimensions = integerIn(body, "dimensions", 1, mostDimensions) ?? dimensionsOf(state, model);

      const data = texts.map((text, index) => {
        const vector = vectorOf(text, dimensions);
        return { object: "embedding", index, embedding: format === "base64" ? packed(vector) : vector };
      });
      const tokens = texts.reduce((sum, text) => sum + embeddingTokens(text), 0);
      return {
        json: { object: "list", model: model.uri, data, usage: { prompt_tokens: tokens, total_tokens: tokens } },
      };
    },
  },
];

/** A word has one token for each four characters, and a text one more (recorded: 3 for `hello`). */
export const embeddingTokens = (text: string): number => tokensIn(text) + 1;

function readInput(input: unknown, most: number): string[] {
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0) invalid("input", "must not be empty");
  if (texts.length > most) invalid("input", `must be a string or a list of ${most === 1 ? "one" : `at most ${most}`}`);
  return texts.map((text) => {
    if (typeof text !== "string" || text === "") return invalid("input", "must be a string that is not empty");
    requireShort("embedding", text);
    return text;
  });
}

/** 32-bit floats in base64: what OpenAI's own clients ask for. */
const packed = (vector: number[]) => Buffer.from(Float32Array.from(vector).buffer).toString("base64");
