import { randomUUID } from "node:crypto";
import {
  constants,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { ControlPlane, Rpc } from "../calls/controlPlane";
import { Abort } from "../calls/faults";
import { StatusError, codes } from "../status";

/**
 * gRPC over an HTTP/2 stream, uncompressed. Where both sides stream, it answers when the client has said all. Its own few lines instead of a library's server,
 * because a library owns its port, and here gRPC, JSON and pages share one (curl over TLS speaks HTTP/2 as well).
 */
export const isGrpc = (headers: IncomingHttpHeaders): boolean =>
  headers["content-type"]?.startsWith("application/grpc") ?? false;

export async function serveGrpc(
  controlPlane: ControlPlane,
  incoming: Http2ServerRequest,
  response: Http2ServerResponse,
): Promise<void> {
  const { stream, headers } = incoming;
  const requestId = randomUUID();
  const gone = new AbortController();
  stream.on("close", () => gone.abort());
  const deadline = setDeadline(headers["grpc-timeout"], () => finish(stream, requestId, deadlineExceeded));
  try {
    const rpc = controlPlane.find(headers[":path"] ?? "");
    if (!rpc) throw new StatusError("UNIMPLEMENTED", `${headers[":path"]} is not emulated (see emulator/COVERAGE.md)`);
    const requests = readFrames(await readAll(stream)).map(rpc.definition.requestDeserialize);
    const request = rpc.definition.requestStream ? requests : requests[0];
    if (request === undefined) throw malformed;
    const answer = await controlPlane.call(rpc, {
      authorization: headers.authorization,
      idempotencyKey: one(headers["idempotency-key"]),
      folderHeader: one(headers["x-folder-id"]),
      authority: headers[":authority"] ?? headers.host ?? "",
      requestId,
      request,
      signal: gone.signal,
    });
    respond(response, requestId, rpc, answer);
  } catch (thrown) {
    if (thrown instanceof Abort) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    else finish(stream, requestId, thrown instanceof StatusError ? thrown : malformed);
  } finally {
    clearTimeout(deadline);
  }
}

const malformed = new StatusError("INTERNAL", "Malformed request");
const deadlineExceeded = new StatusError("DEADLINE_EXCEEDED", "Deadline exceeded");

function respond(response: Http2ServerResponse, requestId: string, rpc: Rpc, answer: unknown): void {
  if (response.stream.closed || response.headersSent) return;
  const messages = rpc.definition.responseStream ? [...(answer as Iterable<unknown>)] : [answer];
  response.writeHead(200, headersOf(requestId));
  response.addTrailers({ "grpc-status": "0" });
  for (const message of messages) response.write(frame(rpc.definition.responseSerialize(message)));
  response.end();
}

/** A refusal as headers only ("trailers-only"), the form from which every client reads code and words. */
function finish(stream: ServerHttp2Stream, requestId: string, error: StatusError): void {
  if (stream.closed || stream.headersSent) return;
  stream.respond(
    {
      ...headersOf(requestId),
      [constants.HTTP2_HEADER_STATUS]: 200,
      "grpc-status": String(codes[error.code]),
      "grpc-message": percentEncoded(error.message),
    },
    { endStream: true },
  );
}

const headersOf = (requestId: string) => ({
  "content-type": "application/grpc+proto",
  "x-request-id": requestId,
  "x-server-trace-id": requestId,
});

/** Bytes outside printable ASCII, and `%`, as `%XX`, as the gRPC protocol demands for its message header. */
function percentEncoded(message: string): string {
  return [...Buffer.from(message)]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
}

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The messages that a client sent, one after the other. */
function readFrames(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + 5;
    const end = bytes.length < start ? Infinity : start + bytes.readUInt32BE(at + 1);
    if (bytes.length < end) throw malformed;
    if (bytes[at] !== 0) throw new StatusError("UNIMPLEMENTED", "Compressed requests are not emulated");
    messages.push(bytes.subarray(start, end));
    at = end;
  }
  return messages;
}

async function readAll(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const units: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000_001 };
const longestTimer = 2 ** 31 - 1;

/** Runs `act` when the client's deadline has passed; `grpc-timeout` is a number and a unit, `5S`. */
function setDeadline(header: string | string[] | undefined, act: () => void): NodeJS.Timeout | undefined {
  const [, amount, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(one(header) ?? "") ?? [];
  return amount === undefined
    ? undefined
    : setTimeout(act, Math.min(Number(amount) * (units[unit] ?? 1), longestTimer));
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);
