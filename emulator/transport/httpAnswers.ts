import { Readable } from "node:stream";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { Addresses } from "../calls/calls";
import { Abort } from "../calls/faults";
import { asStatusError, StatusError } from "../status";
import { type Envelope, errorAnswer } from "./errorBodies";
import type { HttpAnswer, HttpCall, HttpPart } from "./httpCall";

export interface AnswerOptions {
  parts: readonly HttpPart[];
  addressesFor(authority: string): Addresses;
  /** Called with the stack of what should not have been thrown. */
  report: (text: string) => void;
}

/** How errors of a request are wrapped, as soon as it is known who answers it. */
export const envelopeOf = new WeakMap<FastifyRequest, Envelope>();

/** Lets the part of the cloud answer whose path it is. What is thrown comes to `fail`. */
export async function answer(
  options: AnswerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  requireSize(request, (request.body as Buffer | undefined)?.length ?? 0);
  const http = callOf(options, request, reply);
  for (const part of options.parts) {
    const route = part(http);
    if (!route) continue;
    envelopeOf.set(request, route.errors);
    return send(reply, await route.answer());
  }
  throw new StatusError("NOT_FOUND", `${http.method} ${http.path} is not emulated (see emulator/COVERAGE.md)`);
}

/** The only place where what was thrown becomes an answer over HTTP. */
export function fail(
  { report }: AnswerOptions,
  thrown: FastifyError | StatusError | Abort,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (thrown instanceof Abort) {
    reply.hijack();
    return void cutOff(request);
  }
  const ownStatus =
    "statusCode" in thrown && thrown.statusCode && thrown.statusCode < 500 ? thrown.statusCode : undefined;
  const error =
    ownStatus === undefined || thrown instanceof StatusError
      ? asStatusError(thrown, report)
      : new StatusError("INVALID_ARGUMENT", thrown.message);
  const shown = errorAnswer(envelopeOf.get(request) ?? envelopeAt(request.url), error, request.id);
  // What asked to be upgraded and is not has left the server's own keeping of connections.
  if (request.headers.upgrade) reply.header("connection", "close").raw.once("finish", () => request.raw.socket.end());
  send(reply, { ...shown, status: ownStatus ?? shown.status });
}

/** The connection over HTTP/1.1, the one stream over HTTP/2. */
function cutOff({ raw }: FastifyRequest): void {
  if ("stream" in raw) (raw.stream as { close(): void }).close();
  else raw.socket.destroy();
}

const envelopeAt = (path: string): Envelope => (path.startsWith("/v1/") ? "openai" : "plain");

const MIB = 1024 * 1024;

/** Files and their drafts are large; all else is text, an image or a minute of sound. */
export function requireSize({ url }: FastifyRequest, bytes: number): void {
  const mib = /^\/(v1\/files|dataset-drafts)(\/|$)/.test(url) ? 128 : 32;
  if (bytes <= mib * MIB) return;
  throw Object.assign(new StatusError("INVALID_ARGUMENT", `The body is larger than ${mib} MiB`), { statusCode: 413 });
}

export function callOf({ addressesFor }: AnswerOptions, request: FastifyRequest, reply: FastifyReply): HttpCall {
  const [path = "/", query = ""] = splitOnce(request.url, "?");
  const gone = new AbortController();
  // Of the answer, not of the connection, which lives on and would collect a listener with each request.
  reply.raw.once("close", () => gone.abort());
  return {
    // Asking for the head alone is asking, as far as rules are concerned.
    method: request.method === "HEAD" ? "GET" : request.method,
    path: decoded(path),
    query: new URLSearchParams(query),
    headers: request.headers as Record<string, string | undefined>,
    bytes: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
    addresses: addressesFor(authorityOf(request) ?? "localhost"),
    requestId: request.id,
    signal: gone.signal,
  };
}

export function authorityOf({ headers }: FastifyRequest): string | undefined {
  const authority = headers[":authority"] ?? headers.host;
  return Array.isArray(authority) ? authority[0] : authority;
}

function decoded(path: string): string {
  try {
    return decodeURI(path.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/\/{2,}/g, "/"));
  } catch {
    throw new StatusError("INVALID_ARGUMENT", "The path is not valid percent-encoded UTF-8");
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Bytes, not text: to text the library adds a charset, which the cloud does not. */
function send(reply: FastifyReply, answer: HttpAnswer): FastifyReply {
  reply.code(answer.status);
  if ("events" in answer) {
    reply.header("content-type", "text/event-stream").header("cache-control", "no-cache");
    return reply.send(Readable.from(eventTexts(answer.events)));
  }
  if ("lines" in answer)
    return reply.header("content-type", "application/json").send(Readable.from(lineTexts(answer.lines)));
  if ("json" in answer)
    return reply.header("content-type", "application/json").send(Buffer.from(`${JSON.stringify(answer.json)}\n`));
  return reply.header("content-type", answer.type).send(answer.bytes);
}

function* eventTexts(events: Iterable<{ type?: string }>): Iterable<string> {
  let named = false;
  for (const event of events) {
    named = event.type !== undefined;
    yield `${named ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`;
  }
  if (!named) yield "data: [DONE]\n\n";
}

function* lineTexts(lines: Iterable<unknown>): Iterable<string> {
  for (const line of lines) yield `${JSON.stringify(line)}\n`;
}
