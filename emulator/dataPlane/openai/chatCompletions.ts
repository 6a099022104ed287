import type { State } from "../../store/state";
import { authorize } from "../authorization";
import { generate, type Generated } from "../generation";
import { folderOfModel, formOf, modelsOf, type ModelUri, requireModel } from "../models";
import type { AiRoute } from "../routes";
import { type ChatFrame, chunksOf, shownCall, usageOf } from "./chatChunks";
import { readChat } from "./chatRequest";

/** The OpenAI-compatible API: models and chat completions. */
export const chatRoutes = (state: State): AiRoute[] => [
  {
    route: "GET /v1/models",
    answer({ call }) {
      const { folderId } = authorize(state, call, "models", []);
      const data = modelsOf(state, folderId).map(({ id, owned_by }) => ({ id, object: "model", owned_by, created: 0 }));
      return { json: { object: "list", data } };
    },
  },
  {
    route: "POST /v1/chat/completions",
    answer({ call, body }) {
      authorize(state, call, "text", [folderOfModel(body["model"])]);
      const model = requireModel(state, body["model"], ["gpt", "ds"]);
      const ask = readChat(body, model.uri);
      const choices = Array.from({ length: ask.choices }, () => generate(ask, state.switches));
      const frame = frameOf(model, call.requestId, call.now);
      if (body["stream"] === true)
        return { events: chunksOf(frame, choices, formOf(model), state.switches.usageChunk) };
      return { json: completion(frame, choices, formOf(model)) };
    },
  },
];

/** Recorded: a model that the cloud hosts has another id, and its name without the folder. */
function frameOf(model: ModelUri, requestId: string, now: number): ChatFrame {
  const created = Math.floor(now / 1000);
  if (formOf(model) === "own") return { id: requestId, created, model: model.uri };
  return { id: `chatcmpl-${requestId}`, created, model: `${model.scheme}://${model.name}/${model.version}` };
}

function completion(frame: ChatFrame, choices: Generated[], form: "own" | "open") {
  const shown = choices.map((generated, index) => {
    const tool_calls = generated.calls.map((call, position) => shownCall(call, position, form === "own", frame));
    const message = { role: "assistant", content: generated.text, ...(tool_calls.length > 0 && { tool_calls }) };
    return { index, message, finish_reason: generated.finish };
  });
  return { ...frame, object: "chat.completion", choices: shown, usage: choices[0] && usageOf(choices[0]) };
}
