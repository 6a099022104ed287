import type { Call } from "../../calls/calls";
import { refuse } from "../../status";
import type { State } from "../../store/state";
import type { AiAnswer } from "../../transport/httpCall";
import { type Authorization, authorize } from "../authorization";
import { generate, type Generated } from "../generation";
import { folderOfModel, requireModel } from "../models";
import type { AiRequest, AiRoute } from "../routes";
import { invalid, textIn } from "./bodies";
import { conversationItems, findConversation } from "./conversations";
import { listAnswer } from "./lists";
import { eventsOf, type ShownResponse } from "./responseEvents";
import { idIn, type Item, modelIn, readAsk, readItems } from "./responseRequest";
import { openResponses, type ResponseRecord } from "./storedResponses";

/** The Responses API: at once, streamed or in the background; stored unless `store` is false, and continued by id or conversation. */
export function responsesRoutes(state: State): AiRoute[] {
  const stored = openResponses(state);
  const find = ({ call, params }: AiRequest): ResponseRecord =>
    stored.require(authorizeAgent(state, call, []).folderId, params["id"] ?? "");

  return [
    { route: "POST /v1/responses", answer: (request) => respond(state, stored, request) },
    { route: "GET /v1/responses/{id}", answer: (request) => ({ json: stored.poll(find(request)).shown }) },
    {
      route: "GET /v1/responses/{id}/input_items",
      answer: (request) => listAnswer(request.query, find(request).input),
    },
    {
      route: "POST /v1/responses/{id}/cancel",
      answer(request) {
        const record = find(request);
        request.call.wrote(record.id);
        return { json: stored.cancel(record).shown };
      },
    },
    {
      route: "DELETE /v1/responses/{id}",
      answer(request) {
        const { id } = find(request);
        stored.remove(id);
        request.call.wrote(id);
        return { json: { id, object: "response", deleted: true } };
      },
    },
  ];
}

/** An agent calls a model, so it takes the right to agents and the right to models, or by the switch that to models alone. */
function authorizeAgent(state: State, call: Call, folderIds: (string | undefined)[]): Authorization {
  if (!state.switches.responsesNeedAgentRole) return authorize(state, call, "text", folderIds);
  const authorization = authorize(state, call, "responses", folderIds);
  authorization.requireRole("text");
  return authorization;
}

function respond(state: State, stored: ReturnType<typeof openResponses>, { call, body }: AiRequest): AiAnswer {
  const { folderId } = authorizeAgent(state, call, [folderOfModel(body["model"])]);
  const model = requireModel(state, modelIn(body, folderId), ["gpt", "ds"]);
  const previousId = textIn(body, "previous_response_id");
  const conversationId = idIn(body, "conversation");
  if (previousId !== undefined && conversationId !== undefined)
    invalid("conversation", "cannot be set together with previous_response_id");
  if (conversationId !== undefined) findConversation(state, folderId, conversationId);

  const newId = idsOf(call);
  const input = readItems("input", body["input"], newId);
  const before =
    conversationId === undefined
      ? stored.contextOf(folderId, previousId)
      : conversationItems(state, conversationId).map(({ item }) => item);
  const generated = generate(readAsk(body, model.uri, before, input), state.switches);
  const done = shownResponse(call, model.uri, body, generated, outputOf(generated, newId));

  if (conversationId !== undefined) conversationItems(state, conversationId, [...input, ...done.output]);
  const isBackground = body["background"] === true;
  if (body["store"] === false) {
    if (isBackground) invalid("store", "must not be false where background is true");
  } else {
    stored.put({ id: done.id, folderId, previousId, input, shown: done, createdAt: call.now });
    call.wrote(done.id);
  }
  if (body["stream"] === true) return { events: eventsOf(done) };
  return { json: isBackground ? stored.queue(done.id).shown : done };
}

/** Ids of one response and its items: `resp_<request>`, `msg_<request>`, `fc_<request>_1`. */
function idsOf(call: Call): (type: string) => string {
  const counts = new Map<string, number>();
  return (type) => {
    const prefix =
      { message: "msg", function_call: "fc", function_call_output: "fco", reasoning: "rs" }[type] ?? "item";
    const count = counts.get(prefix) ?? 0;
    counts.set(prefix, count + 1);
    return `${prefix}_${call.requestId.replaceAll("-", "")}${count === 0 ? "" : `_${count}`}`;
  };
}

function outputOf({ text, calls, finish }: Generated, newId: (type: string) => string): Item[] {
  if (calls.length > 0)
    return calls.map(({ name, arguments: values }) => {
      const id = newId("function_call");
      const call_id = id.replace("fc_", "call_");
      return { id, type: "function_call", status: "completed", call_id, name, arguments: JSON.stringify(values) };
    });
  const status = finish === "length" ? "incomplete" : "completed";
  const content = [{ type: "output_text", text, annotations: [], logprobs: [] }];
  return [{ id: newId("message"), type: "message", role: "assistant", status, content }];
}

/** What a request says and the response repeats, with what stands there when it does not say it. */
const repeated = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt: null,
  store: true,
  temperature: null,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: null,
  truncation: "disabled",
};

function shownResponse(
  call: Call,
  model: string,
  body: Record<string, unknown>,
  { finish, usage }: Generated,
  output: Item[],
): ShownResponse {
  const fields = Object.entries(repeated).map(([name, absent]) => [name, body[name] ?? absent]);
  const conversation = idIn(body, "conversation");
  const isCut = finish === "length";
  if (JSON.stringify(fields).length > 256 * 1024) refuse("INVALID_ARGUMENT", "The request is too long to be stored");
  return {
    ...(Object.fromEntries(fields) as object),
    id: `resp_${call.requestId.replaceAll("-", "")}`,
    object: "response",
    created_at: Math.floor(call.now / 1000),
    model,
    conversation: conversation === undefined ? null : { id: conversation },
    error: null,
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    output,
    usage: {
      input_tokens: usage.prompt,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: usage.completion,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.prompt + usage.completion,
    },
  };
}
