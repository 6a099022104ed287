import { connect } from "node:net";
import type { Maker } from "./case";
import type { Dice } from "./dice";
import { spoiledBytes } from "./values";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Frames of HTTP/2 by their numbers: DATA 0, HEADERS 1, PRIORITY 2, RST 3, SETTINGS 4, PUSH 5, PING 6, GOAWAY 7, WINDOW 8, CONTINUATION 9. */
export const frameCase: Maker = (dice, { connection, authorizations }) => {
  const path = dice.pick(["/yandex.cloud.endpoint.ApiEndpointService/List", "/grpc.health.v1.Health/Check", "/x"]);
  const headers: [string, string][] = [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", dice.pick(["localhost", "", "[", "evil.example", "a b"])],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
    ["authorization", dice.pick(authorizations)],
    ...dice.some<[string, string]>(3, () => [dice.pick(["grpc-encoding", "x-bin", "Upper", ":path"]), "a"]),
  ];
  const flags = () => (dice.chance(80) ? 0x4 : dice.int(256));
  const right = [
    frame(4, 0, 0, Buffer.alloc(0)),
    frame(1, flags(), 1, hpack(headers)),
    frame(0, 1, 1, Buffer.from([0, 0, 0, 0, 0])),
  ];
  const odd = dice.some(6, () =>
    frame(dice.int(12), dice.int(256), dice.pick([0, 1, 2, 3, 2 ** 31 - 1]), oddPayload(dice)),
  );
  const whole = Buffer.concat([PREFACE, ...right.toSpliced(1 + dice.int(3), 0, ...odd)]);
  const bytes = dice.chance(50) ? spoiledBytes(dice, whole) : whole;
  const [host = "", port] = connection.endpoint.split(":");
  return {
    kind: "frames",
    sent: `to ${connection.endpoint}\n${bytes.toString("hex")}`,
    run: () =>
      new Promise((resolve) => {
        const socket = connect(Number(port), host);
        const timer = setTimeout(() => socket.destroy(), 40);
        socket.on("data", () => undefined).on("error", () => undefined);
        socket.on("close", () => {
          clearTimeout(timer);
          resolve(undefined);
        });
        socket.write(bytes);
      }),
  };
};

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const oddPayload = (dice: Dice): Buffer => dice.bytes(dice.pick([0, 1, 4, 5, 6, 8, 100, 16_384, 16_385]));

/** Header fields, each literal, never indexed, without Huffman coding (RFC 7541, 6.2.3). */
function hpack(fields: [string, string][]): Buffer {
  const text = (value: string) => Buffer.concat([lengthOf(Buffer.byteLength(value)), Buffer.from(value)]);
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0x10]), text(name), text(value)]));
}

function lengthOf(length: number): Buffer {
  if (length < 127) return Buffer.from([length]);
  const bytes = [127];
  let rest = length - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
