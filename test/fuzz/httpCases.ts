import { connect } from "node:net";
import { aiRoutes } from "../../emulator/dataPlane/serve";
import { startClock } from "../../emulator/clock";
import { openState } from "../../emulator/store/state";
import { defaultSwitches } from "../../emulator/switches";
import { nativeRoutes } from "../../emulator/transport/nativeRoutes";
import { restRoutes } from "../../emulator/transport/restRoutes";
import { bodies, formOf } from "./bodies";
import type { Case, Maker } from "./case";
import type { Dice } from "./dice";
import { requestJson } from "./messages";
import { LIMIT_MS, type Target } from "./target";
import { nastyText, nastyValue, spoiled, spoiledBytes } from "./values";

const rest = [...restRoutes, ...nativeRoutes].map(([route, { path }]) => ({ route, path }));
const ai = aiRoutes(openState({ clock: startClock(), switches: defaultSwitches })).map(({ route }) => route);
const pages = ["GET /", "POST /oauth/token", "GET /computeMetadata/v1/instance/service-accounts/default/token"];
/** Of the admin prefix only what does not make it slow, old or broken on purpose. */
const admin = ["calls", "writes", "addFolder", "addUser", "addGrant", "addFederation", "linkAccount", "addOauthToken"];

interface Request {
  route: string;
  body?: unknown;
  type?: string;
}

/** A call of REST or of AI whose parts are right, wrong, or missing. */
export const restCase: Maker = (dice, target) => {
  const { route, path } = dice.pick(rest);
  const json = requestJson(dice, path, target.words);
  return httpCase("REST", dice, target, { route, body: dice.chance(30) ? spoiled(dice, json) : json });
};

export const aiCase: Maker = (dice, target) => {
  const route = dice.pick(ai);
  if (route === "POST /v1/files" && dice.chance(70)) {
    const { type, body } = formOf(dice);
    return httpCase("AI", dice, target, { route, type, body: dice.chance(50) ? spoiledBytes(dice, body) : body });
  }
  const make = bodies[route];
  const body = make && JSON.parse(JSON.stringify(make(dice, target.words)));
  return httpCase("AI", dice, target, { route, body: dice.chance(75) ? spoiled(dice, body) : body });
};

export const pageCase: Maker = (dice, target) => {
  if (dice.chance(60)) {
    const type = "application/x-www-form-urlencoded";
    const fields = dice.some(4, () => `${dice.pick(["grant_type", "subject_token", "a"])}=${encoded(dice, target)}`);
    return httpCase("page", dice, target, { route: dice.pick(pages), type, body: Buffer.from(fields.join("&")) });
  }
  const list = dice.chance(80) ? dice.some(3, () => nastyValue(dice)) : nastyValue(dice);
  return httpCase("admin", dice, target, { route: `POST /_emulator/${dice.pick(admin)}`, body: list });
};

/** A path, a host and headers that no client would send on purpose. */
export const pathCase: Maker = (dice, target) => {
  const path = dice.pick(["/%", "/%ff", "//", "http://[/", "/v1/", "*", "/../", "/.", "/v1/models/", "?", ""]);
  const host = dice.pick(["localhost", "", "[", "a b", "a:99999", "%zz", "[::1", "evil.example", "127.0.0.1"]);
  const lines = [
    `${dice.pick(["GET", "HEAD", "OPTIONS", "POST", "TRACE", "CONNECT", "PRI", "get"])} ${path}${encoded(dice, target)} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: close",
    ...dice.some(4, () => `${dice.pick(headerNames)}: ${headerText(dice, target)}`),
  ];
  return bytesCase(
    "path",
    target,
    target.connection.url,
    Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"),
    2_000,
  );
};

/** A right request with some of its bytes changed. */
export const bytesOfHttp: Maker = (dice, target) => {
  const { url, tlsUrl, endpoint, tlsEndpoint } = target.connection;
  const place = dice.chance(70) ? url : dice.pick([tlsUrl, `http://${endpoint}`, `http://${tlsEndpoint}`]);
  if (dice.chance(20)) return bytesCase("raw bytes", target, place, dice.bytes(dice.int(300)), 60);
  const whole = requestText(dice, target, { route: dice.pick(ai), body: { model: dice.pick(target.words) } });
  return bytesCase("raw bytes", target, place, spoiledBytes(dice, whole), 60);
};

function httpCase(kind: string, dice: Dice, target: Target, request: Request): Case {
  // A key is made with RSA, which takes as long as chance will have it.
  const limitMs = request.route === "POST /iam/v1/keys" ? 20_000 : LIMIT_MS;
  return bytesCase(kind, target, target.connection.url, requestText(dice, target, request), limitMs, true);
}

const headerNames = [
  ...["x-folder-id", "openai-project", "idempotency-key", "x-client-request-id", "content-type", "accept", "origin"],
  ...["content-encoding", "transfer-encoding", "content-length", "expect", "upgrade", "range", "te", "cookie"],
];

function requestText(dice: Dice, target: Target, { route, body, type = "application/json" }: Request): Buffer {
  const [method = "", template = ""] = route.split(" ");
  const path = template.replace(/\{\w+\}/g, () => encoded(dice, target));
  const query = dice.some(
    2,
    () => `${dice.pick(["pageSize", "limit", "after", "filter", "id"])}=${encoded(dice, target)}`,
  );
  const bytes =
    body === undefined ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body) ?? "");
  const lines = [
    `${method} ${path}${query.length > 0 ? `?${query.join("&")}` : ""} HTTP/1.1`,
    "Host: localhost",
    "Connection: close",
    `Content-Length: ${bytes.length}`,
    `Content-Type: ${dice.chance(95) ? type : headerText(dice, target)}`,
  ];
  const authorization = dice.chance(85) ? target.authorizations[dice.int(3)]! : dice.pick(target.authorizations);
  if (authorization !== "") lines.push(`Authorization: ${authorization}`);
  if (dice.chance(20)) lines.push(`${dice.pick(headerNames.slice(0, 4))}: ${headerText(dice, target)}`);
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytes]);
}

/** A part of a path, mostly right. */
function encoded(dice: Dice, { words }: Target): string {
  if (dice.chance(75)) return encodeURIComponent(dice.pick(words));
  const text = nastyText(dice);
  return dice.chance(60) ? encodeURIComponent(encodable(text)) : text.replace(/[\0- \x7f]/g, "+");
}

const headerText = (dice: Dice, { words }: Target): string =>
  (dice.chance(50) ? dice.pick(words) : nastyText(dice)).replace(/[\0\r\n]/g, " ").slice(0, 5_000);

/**
 * Sends bytes and closes its half. A request that is `whole` has to be answered, over a connection that ends, within the
 * limit; for others it is enough that the process lives, so they are left after it.
 */
function bytesCase(kind: string, target: Target, url: string, bytes: Buffer, limitMs: number, whole = false): Case {
  const { hostname, port } = new URL(url);
  return {
    kind,
    sent: `to ${url}\n${bytes.toString("latin1")}`,
    run: () =>
      new Promise((resolve) => {
        let answer = "";
        const socket = connect(Number(port), hostname === "localhost" ? "127.0.0.1" : hostname);
        const end = (problem?: string) => {
          endWait();
          socket.destroy();
          const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
          resolve(status === "500" ? `the answer is ${answer.slice(0, 600)}` : problem);
        };
        const endWait = whole
          ? target.patience.wait(limitMs, () =>
              end(`no whole answer within ${limitMs} ms, but ${answer.slice(0, 200) || "nothing"}`),
            )
          : leaveAfter(limitMs, end);
        socket.on("data", (chunk) => (answer += answer.length < 100_000 ? chunk.toString("latin1") : ""));
        socket.on("error", () =>
          end(whole && answer === "" ? "the connection was reset without an answer" : undefined),
        );
        socket.on("close", () => end(whole && answer === "" ? "the connection ended without an answer" : undefined));
        socket.end(bytes);
      }),
  };
}

function leaveAfter(ms: number, leave: () => void): () => void {
  const timer = setTimeout(leave, ms);
  return () => clearTimeout(timer);
}

/** A half of a surrogate pair has no UTF-8. */
const encodable = (text: string) => Buffer.from(text).toString();
