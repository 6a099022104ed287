import { connect as connectHttp2, type OutgoingHttpHeaders } from "node:http2";
import { registry } from "../../emulator/transport/descriptors";
import type { Maker } from "./case";
import { requestBytes } from "./messages";
import { LIMIT_MS, type Target } from "./target";
import { nastyText, spoiledBytes } from "./values";

const methods = [...registry].flatMap((type) =>
  type.kind === "service" && type.typeName.startsWith("yandex.cloud.") ? type.methods : [],
);
const others = [
  "/grpc.health.v1.Health/Check",
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
  "/",
  "/a",
  "/yandex.cloud.iam.v1.ApiKeyService/__proto__",
  "/constructor/toString",
];

/** Where gRPC itself, before any service, says INTERNAL: a message that cannot be read, as in all its libraries. */
const ofTheLibrary =
  /^(Invalid grpc-timeout value|Error deserializing request|Received compressed message|.*[Dd]ecompress)/;

/** A gRPC call by a client that knows the protocol: messages by the definitions, some of their bytes changed. */
export const grpcCase: Maker = (dice, target) => {
  const method = dice.pick(methods);
  const path = dice.chance(95) ? `/${method.parent.typeName}/${method.name}` : dice.pick(others);
  const messages = dice.some(method.methodKind === "client_streaming" || dice.chance(5) ? 3 : 1, () => {
    const bytes = Buffer.from(requestBytes(dice, method, target.words) ?? dice.bytes(dice.int(60)));
    const message = dice.chance(20) ? spoiledBytes(dice, bytes) : bytes;
    const head = Buffer.alloc(5);
    head[0] = dice.chance(96) ? 0 : dice.int(3);
    head.writeUInt32BE(dice.chance(96) ? message.length : dice.pick([0, message.length + 1, 2 ** 32 - 1]), 1);
    return Buffer.concat([head, message]);
  });
  const bytes = Buffer.concat(messages);
  const authorization = dice.chance(85) ? target.authorizations[1 + dice.int(2)]! : dice.pick(target.authorizations);
  const headers: OutgoingHttpHeaders = {
    ":method": dice.chance(97) ? "POST" : dice.pick(["GET", "PUT"]),
    ":path": path,
    "content-type": dice.chance(97) ? "application/grpc" : dice.pick(["application/grpc+json", "text/html"]),
    te: "trailers",
    ...(authorization !== "" && { authorization }),
    ...(dice.chance(10) && { "idempotency-key": dice.pick(["a", "constructor", "x".repeat(3_000)]) }),
    ...(dice.chance(5) && { "grpc-encoding": dice.pick(["gzip", "deflate", "identity", "snappy", "__proto__"]) }),
    ...(dice.chance(5) && { "grpc-timeout": dice.pick(["1m", "100n", "99999999H", "x", "-1S"]) }),
    ...(dice.chance(5) && {
      "x-client-request-id": nastyText(dice)
        .replace(/[^ -~]/g, "?")
        .slice(0, 2_000),
    }),
  };
  const reset = dice.chance(4);
  const { endpoint } = target.connection;
  return {
    kind: "gRPC",
    sent: `to ${endpoint}\n${JSON.stringify(headers, undefined, 1)}\n${bytes.toString("hex")}`,
    run: () => callOf(target, headers, bytes, reset),
  };
};

function callOf(
  { connection, patience }: Target,
  headers: OutgoingHttpHeaders,
  bytes: Buffer,
  reset: boolean,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://${connection.endpoint}`).on("error", () => end());
    const stream = session.request(headers);
    let [status, message] = ["", ""];
    const end = (problem?: string) => {
      endWait();
      session.destroy();
      const isFault = ["2", "13"].includes(status) && !ofTheLibrary.test(message);
      resolve(isFault ? `the status is ${status} ${message}` : problem);
    };
    // A key is made with RSA, which takes as long as chance will have it.
    const limitMs = String(headers[":path"]).endsWith("KeyService/Create") ? 20_000 : LIMIT_MS;
    const endWait = patience.wait(limitMs, () => end(`no end of the call within ${limitMs} ms`));
    const read = (found: object) => {
      const fields = found as Record<string, unknown>;
      if (fields["grpc-status"] === undefined) return;
      status = String(fields["grpc-status"]);
      message = decodeURIComponent(String(fields["grpc-message"] ?? ""));
    };
    stream.on("response", read).on("trailers", read);
    stream.on("error", () => undefined).on("close", () => end());
    stream.resume();
    if (reset) stream.write(bytes.subarray(0, 3), () => stream.close());
    else stream.end(bytes);
  });
}
