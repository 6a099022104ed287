import { randomUUID } from "node:crypto";
import type { Conversation } from "../transport/httpCall";
import { answerTo, piecesOf, tokensIn } from "./models";
import { textOf } from "./openai/bodies";
import { parseJson } from "../calls/jsonText";

interface ClientEvent {
  type?: unknown;
  event_id?: unknown;
  session?: object;
  item?: { id?: string; content?: unknown };
}

/**
 * A conversation over a WebSocket, in text: the session, the items of the user, and an answer when one is asked for. Sound
 * is not emulated; whatever the session is not, is answered with an `error` event, after which it goes on.
 */
export const openSession =
  (model: string): Conversation =>
  (say) => {
    let session: object = { id: newId("sess"), object: "realtime.session", type: "realtime", model };
    let lastWords = "";
    const send = (type: string, fields: object) => say(JSON.stringify({ type, event_id: newId("event"), ...fields }));

    const handlers: Record<string, (event: ClientEvent) => void> = {
      "session.update"(event) {
        session = { ...session, ...event.session };
        send("session.updated", { session });
      },
      "conversation.item.create"(event) {
        const id = event.item?.id ?? newId("item");
        const item = { object: "realtime.item", ...event.item, id, status: "completed" };
        lastWords = textOf(event.item?.content);
        send("conversation.item.added", { item, previous_item_id: null });
        send("conversation.item.done", { item, previous_item_id: null });
      },
      "response.create"() {
        respond(send, answerTo(model, lastWords), tokensIn(lastWords));
      },
    };

    send("session.created", { session });
    return (text) => {
      const event = eventOf(text);
      const handler = typeof event?.type === "string" && Object.hasOwn(handlers, event.type) && handlers[event.type];
      if (event && handler) return handler(event);
      const message = event ? `${String(event.type)} is not emulated` : "The event is not a JSON object";
      const error = { type: "invalid_request_error", code: "invalid_event", message, param: null };
      send("error", { error: { ...error, event_id: event?.event_id ?? null } });
    };
  };

function respond(send: (type: string, fields: object) => void, text: string, inputTokens: number): void {
  const item = { id: newId("item"), object: "realtime.item", type: "message", role: "assistant" };
  const part = { type: "output_text", text };
  const response = { id: newId("resp"), object: "realtime.response", status_details: null, metadata: null };
  const place = { response_id: response.id, item_id: item.id, output_index: 0, content_index: 0 };
  const done = { ...item, status: "completed", content: [part] };
  const usage = {
    input_tokens: inputTokens,
    output_tokens: tokensIn(text),
    total_tokens: inputTokens + tokensIn(text),
  };

  send("response.created", { response: { ...response, status: "in_progress", output: [], usage: null } });
  send("response.output_item.added", {
    response_id: response.id,
    output_index: 0,
    item: { ...item, status: "in_progress", content: [] },
  });
  send("response.content_part.added", { ...place, part: { type: "output_text", text: "" } });
  for (const delta of piecesOf(text)) send("response.output_text.delta", { ...place, delta });
  send("response.output_text.done", { ...place, text });
  send("response.content_part.done", { ...place, part });
  send("response.output_item.done", { response_id: response.id, output_index: 0, item: done });
  send("response.done", { response: { ...response, status: "completed", output: [done], usage } });
}

const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll("-", "")}`;

function eventOf(text: string): ClientEvent | undefined {
  try {
    const value = parseJson(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
