import type { Call } from "../calls";

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

/** One of: a JSON document, server-sent events, or bytes of a type. */
export type AiAnswer = { json: unknown } | { events: Iterable<unknown> } | { bytes: Buffer; type: string };

export interface AiRoute {
  /** `POST /v1/chat/completions`; `{name}` stands for one part of the path. */
  route: string;
  /** How refusals are wrapped: as OpenAI's, as the native REST API's, or as those of other services. Default "openai". */
  errors?: "openai" | "native" | "plain";
  answer(request: AiRequest): AiAnswer;
}
