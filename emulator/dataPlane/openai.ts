import type { State } from "../state";
import { refuse } from "../status";
import { admit } from "./admission";
import { answerTo, modelsOf, readModelUri, requireModel, tokensIn } from "./models";
import type { AiRoute } from "./routes";

/** The OpenAI-compatible API: `/v1/models`, `/v1/chat/completions`. */
export function openaiRoutes(state: State): AiRoute[] {
  return [
    {
      route: "GET /v1/models",
      answer({ call, headers }) {
        const { folderId } = admit(state, call, "models", [headers["openai-project"]]);
        const data = modelsOf(folderId).map((id) => ({ id, object: "model", owned_by: "Yandex", created: 0 }));
        return { json: { object: "list", data } };
      },
    },
    {
      route: "POST /v1/chat/completions",
      answer({ call, body, headers }) {
        const model = readModelUri(body.model);
        admit(state, call, "text", [model.folderId, headers["openai-project"], headers["x-folder-id"]]);
        requireModel(model, ["gpt", "ds"]);
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
  ];
}

export const usageOf = (prompt: string, content: string) => ({
  prompt_tokens: tokensIn(prompt),
  completion_tokens: tokensIn(content),
  total_tokens: tokensIn(prompt) + tokensIn(content),
});

function* chunks(frame: object, content: string, usage: object | undefined): Generator<unknown> {
  const chunk = (delta: object, finish_reason: string | null) => ({
    ...frame,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason }],
  });
  yield chunk({ role: "assistant", content: "" }, null);
  for (const word of content.match(/\S+\s*/g) ?? []) yield chunk({ content: word }, null);
  yield chunk({}, "stop");
  if (usage) yield { ...frame, object: "chat.completion.chunk", choices: [], usage };
}

const includesUsage = (body: Record<string, unknown>) =>
  (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;

/** The text of the last message of the user; content may be text or a list of parts. */
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
