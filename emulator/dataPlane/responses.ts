import type { Call } from "../calls/calls";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";
import { answerTo, folderOfModel, piecesOf, requireModel, tokensIn } from "./models";
import { lastUserText } from "./openai";
import type { AiAnswer } from "../transport/httpCall";
import type { AiRequest, AiRoute } from "./routes";

/** The Responses API. Responses are answered, not stored. */
export function responsesRoutes(state: State): AiRoute[] {
  return [{ route: "POST /v1/responses", answer: (request) => respond(state, request) }];
}

function respond(state: State, { call, body }: AiRequest): AiAnswer {
  // An agent calls a model, so it takes the right to agents and the right to models.
  authorize(state, call, "responses", [folderOfModel(body.model)]).requireRole("text");
  const model = requireModel(body.model, ["gpt", "ds"]);
  const prompt = typeof body.input === "string" ? body.input : lastUserText(body.input);
  if (prompt === "") refuse("INVALID_ARGUMENT", "input must not be empty");

  const text = answerTo(model.uri, prompt);
  const message = {
    id: `msg_${call.requestId}`,
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text, annotations: [] }],
  };
  const usage = {
    input_tokens: tokensIn(prompt),
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: tokensIn(text),
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: tokensIn(prompt) + tokensIn(text),
  };
  const done = { ...responseFrame(call, model.uri, body), status: "completed", output: [message], usage };
  return body.stream === true ? { events: events(done, message, text) } : { json: done };
}

const responseFrame = (call: Call, model: string, body: Record<string, unknown>) => ({
  id: `resp_${call.requestId}`,
  object: "response",
  created_at: Math.floor(call.now / 1000),
  model,
  instructions: body.instructions ?? null,
  previous_response_id: body.previous_response_id ?? null,
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
  error: null,
  incomplete_details: null,
  metadata: body.metadata ?? {},
});

function* events(done: object, message: { id: string }, text: string): Generator<{ type: string }> {
  let sequence_number = 0;
  const event = (type: string, fields: object) => ({ type, sequence_number: sequence_number++, ...fields });
  const place = { item_id: message.id, output_index: 0, content_index: 0 };
  const started = { ...done, status: "in_progress", output: [], usage: null };
  yield event("response.created", { response: started });
  yield event("response.in_progress", { response: started });
  yield event("response.output_item.added", {
    output_index: 0,
    item: { ...message, status: "in_progress", content: [] },
  });
  yield event("response.content_part.added", { ...place, part: { type: "output_text", text: "", annotations: [] } });
  for (const delta of piecesOf(text)) yield event("response.output_text.delta", { ...place, delta });
  yield event("response.output_text.done", { ...place, text });
  yield event("response.content_part.done", { ...place, part: { type: "output_text", text, annotations: [] } });
  yield event("response.output_item.done", { output_index: 0, item: message });
  yield event("response.completed", { response: done });
}
