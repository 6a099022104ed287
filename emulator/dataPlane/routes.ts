import type { Call } from "../calls/calls";
import type { Envelope } from "../transport/errorBodies";
import type { AiAnswer } from "../transport/httpCall";

/** One call of the AI plane over HTTP. */
export interface AiRequest {
  call: Call;
  /** The JSON body, or an empty object. */
  body: Record<string, unknown>;
  /** Headers by lower-case name. */
  headers: Record<string, string | undefined>;
  /** The values of `{…}` in the route. */
  params: Record<string, string>;
  query: URLSearchParams;
  bytes: Buffer;
}

export interface AiRoute {
  /** `POST /v1/chat/completions`; `{name}` stands for one part of the path. */
  route: string;
  /** How refusals are wrapped. Default "openai". */
  errors?: Envelope;
  answer(request: AiRequest): AiAnswer | Promise<AiAnswer>;
}
