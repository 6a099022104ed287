import { piecesOf } from "../models";
import type { Item } from "./responseRequest";

/** A response, as far as its stream needs to know it. */
export interface ShownResponse extends Record<string, unknown> {
  id: string;
  status: string;
  output: Item[];
}

/** The server-sent events of a response. */
export function* eventsOf(done: ShownResponse): Generator<{ type: string }> {
  let sequence_number = 0;
  const event = (type: string, fields: object) => ({ type, sequence_number: sequence_number++, ...fields });
  const started = { ...done, status: "in_progress", output: [], usage: null, incomplete_details: null };
  yield event("response.created", { response: started });
  yield event("response.in_progress", { response: started });
  for (const [output_index, item] of done.output.entries()) {
    const begun = item.type === "message" ? { content: [] } : { arguments: "" };
    yield event("response.output_item.added", { output_index, item: { ...item, status: "in_progress", ...begun } });
    for (const { type, ...fields } of item.type === "message" ? textEvents(item) : argumentEvents(item))
      yield event(type, { item_id: item.id, output_index, ...fields });
    yield event("response.output_item.done", { output_index, item });
  }
  yield event(done.status === "incomplete" ? "response.incomplete" : "response.completed", { response: done });
}

function* textEvents({ content }: Item): Generator<{ type: string }> {
  const [part] = content as { text: string }[];
  const text = part?.text ?? "";
  const place = { content_index: 0 };
  yield Object.assign({ type: "response.content_part.added" }, place, {
    part: { type: "output_text", text: "", annotations: [] },
  });
  for (const delta of piecesOf(text))
    yield Object.assign({ type: "response.output_text.delta" }, place, { delta, logprobs: [] });
  yield Object.assign({ type: "response.output_text.done" }, place, { text, logprobs: [] });
  yield Object.assign({ type: "response.content_part.done" }, place, { part });
}

function* argumentEvents({ name, arguments: text }: Item): Generator<{ type: string }> {
  for (const delta of piecesOf(String(text)))
    yield Object.assign({ type: "response.function_call_arguments.delta" }, { delta });
  yield Object.assign({ type: "response.function_call_arguments.done" }, { name, arguments: text });
}
