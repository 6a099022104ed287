import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";
import { answerTo, folderOfModel, modelsOf, piecesOf, requireModel, tokensIn, vectorOf } from "./models";
import type { AiRoute } from "./routes";

/** The OpenAI-compatible API: models, chat completions, embeddings. */
export function openaiRoutes(state: State): AiRoute[] {
  return [
    {
      route: "GET /v1/models",
      answer({ call }) {
        const { folderId } = authorize(state, call, "models", []);
        const data = modelsOf(folderId).map((id) => ({ id, object: "model", owned_by: "Yandex", created: 0 }));
        return { json: { object: "list", data } };
      },
    },
    {
      route: "POST /v1/chat/completions",
      answer({ call, body }) {
        authorize(state, call, "text", [folderOfModel(body.model)]);
        const model = requireModel(body.model, ["gpt", "ds"]);
        const prompt = lastUserText(body.messages);
        const content = answerTo(model.uri, prompt);
        const frame = { id: `chatcmpl-${call.requestId}`, created: Math.floor(call.now / 1000), model: model.uri };
        const usage = usageOf(prompt, content);
        if (body.stream === true) return { events: chunks(frame, content, includesUsage(body) ? usage : undefined) };
        const message = { role: "assistant", content };
        return {
          json: { ...frame, object: "chat.completion", choices: [{ index: 0, message, finish_reason: "stop" }], usage },
        };
      },
    },
    {
      route: "POST /v1/embeddings",
      answer({ call, body }) {
        authorize(state, call, "embeddings", [folderOfModel(body.model)]);
        const model = requireModel(body.model, ["emb"]);
        const texts = Array.isArray(body.input)
          ? body.input.map(String)
          : typeof body.input === "string"
            ? [body.input]
            : [];
        if (texts.length === 0) refuse("INVALID_ARGUMENT", "input must not be empty");
        const dimensions = typeof body.dimensions === "number" ? body.dimensions : 256;
        const data = texts.map((text, index) => {
          const vector = vectorOf(text, dimensions);
          return { object: "embedding", index, embedding: body.encoding_format === "base64" ? packed(vector) : vector };
        });
        const tokens = texts.reduce((sum, text) => sum + tokensIn(text), 0);
        return {
          json: { object: "list", model: model.uri, data, usage: { prompt_tokens: tokens, total_tokens: tokens } },
        };
      },
    },
  ];
}

/** 32-bit floats in base64: what OpenAI's own clients ask for. */
const packed = (vector: number[]) => Buffer.from(Float32Array.from(vector).buffer).toString("base64");

const usageOf = (prompt: string, content: string) => ({
  prompt_tokens: tokensIn(prompt),
  completion_tokens: tokensIn(content),
  total_tokens: tokensIn(prompt) + tokensIn(content),
});

function* chunks(frame: object, content: string, usage: object | undefined): Generator<object> {
  const chunk = (delta: object, finish_reason: string | null) => ({
    ...frame,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason }],
  });
  yield chunk({ role: "assistant", content: "" }, null);
  for (const piece of piecesOf(content)) yield chunk({ content: piece }, null);
  yield chunk({}, "stop");
  if (usage) yield { ...frame, object: "chat.completion.chunk", choices: [], usage };
}

const includesUsage = (body: Record<string, unknown>) =>
  (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;

/** The text of the last message of the user; its content may be text or a list of parts. */
export function lastUserText(messages: unknown): string {
  if (!Array.isArray(messages) || messages.length === 0) refuse("INVALID_ARGUMENT", "Empty message list");
  const last = (messages as { role?: unknown; content?: unknown; text?: unknown }[]).findLast(
    (message) => message?.role === "user",
  );
  return textOf(last?.content ?? last?.text);
}

export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return (content as { text?: unknown }[]).map((part) => (typeof part?.text === "string" ? part.text : "")).join(" ");
}
