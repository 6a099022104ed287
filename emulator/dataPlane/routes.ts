import type { Call } from "../calls/calls";
import type { Envelope } from "../transport/errorBodies";

/** One call of the AI plane over HTTP. */
export interface AiRequest {
  call: Call;
  /** The JSON body, or an empty object. */
  body: Record<string, unknown>;
  /** Headers by lower-case name. */
  headers: Record<string, string | undefined>;
  /** What stands in the place of `{…}` in the route. */
  params: Record<string, string>;
  query: URLSearchParams;
  bytes: Buffer;
}

/**
 * One of: a JSON document, JSON documents one a line, server-sent events, or bytes of a type.
 * Its HTTP status is 200 unless it says otherwise. An event that has a `type` is sent under that name; without one, the stream ends with `[DONE]`: the two habits of OpenAI's APIs.
 */
export type AiAnswer =
  | { json: unknown }
  | { lines: Iterable<unknown> }
  | { events: Iterable<{ type?: string }> }
  | { bytes: Buffer; type: string; status?: number };

export interface AiRoute {
  /** `POST /v1/chat/completions`; `{name}` stands for one part of the path. */
  route: string;
  /** How refusals are wrapped. Default "openai". */
  errors?: Envelope;
  answer(request: AiRequest): AiAnswer | Promise<AiAnswer>;
}
