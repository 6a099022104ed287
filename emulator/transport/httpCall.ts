/**
 * transport: sockets, HTTP, gRPC, JSON and certificates; it translates, and decides nothing that a rule should.
 * It may import calls, catalogue and store; the folders above hand their parts in. Start here: the shape of a call over
 * HTTP and of its answer. rest.ts turns paths of the API into messages, errorBodies.ts wraps errors.
 */
import type { Addresses } from "../calls/calls";
import type { Envelope } from "./errorBodies";

/** A call as it came over HTTP. */
export interface HttpCall {
  method: string;
  /** Decoded, but for what separates its parts. */
  path: string;
  query: URLSearchParams;
  /** By lower-case name. */
  headers: Record<string, string | undefined>;
  bytes: Buffer;
  /** Where the client has reached the cloud, so that answers can point back there. */
  addresses: Addresses;
  requestId: string;
  /** Aborted when the client has gone or the emulator closes. */
  signal: AbortSignal;
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

export type HttpAnswer = { status: number } & AiAnswer;

/** One way to answer. What it throws, a StatusError or anything else, the transport shows in the envelope. */
export interface HttpRoute {
  errors: Envelope;
  answer(): HttpAnswer | Promise<HttpAnswer>;
}

/** Finds the answer of one part of the cloud. Undefined: the path is not its own. Throws nothing. */
export type HttpPart = (http: HttpCall) => HttpRoute | undefined;

/** A WebSocket once it is open: handed the way to send, it answers what to do with each message that comes. */
export type Conversation = (send: (text: string) => void) => (message: string) => void;

/** Finds who takes a WebSocket at this path. `open` refuses by what it throws, before the WebSocket opens. */
export type Upgrade = (http: HttpCall) => { errors: Envelope; open(): Promise<Conversation> } | undefined;

export const folderHeaderOf = (http: Pick<HttpCall, "headers">): string | undefined =>
  http.headers["openai-project"] || http.headers["x-folder-id"];

/** Parameters when a method and path fit the route. `{name}` takes one part. */
export function matcher(route: string): (method: string, path: string) => Record<string, string> | undefined {
  const [wanted = "", template = ""] = route.split(" ");
  const source = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>[^/:]+)");
  const expression = new RegExp(`^${source}$`);
  return (method, path) => {
    const found = method === wanted ? expression.exec(path) : null;
    return found ? { ...found.groups } : undefined;
  };
}
