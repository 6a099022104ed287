import { gzipSync } from "node:zlib";
import { connect } from "node:net";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { WebSocket } from "ws";
import { mappingOf } from "../../../emulator/transport/json";
import { type CloudProcess, startCloudProcess } from "../../support/cloudProcess";
import { overSocket, statusOf } from "../../support/socket";

/** Clients that send nothing, or stop in the middle, and how they do it. */
const SILENT = {
  "over HTTP": (of: CloudProcess) => [of.url, ""],
  "after half of the first line": (of: CloudProcess) => [of.url, "GET / HT"],
  "over gRPC": (of: CloudProcess) => [`http://${of.endpoint}`, ""],
  "after half of the preface": (of: CloudProcess) => [`http://${of.endpoint}`, "PRI * HT"],
} as const;

let cloud: CloudProcess;
/** What each of them is answered at its end, which takes a while: they wait beside all other tests. */
let ends: Record<string, Promise<string>>;
beforeAll(async () => {
  cloud = await startCloudProcess();
  const wait = ([url = "", bytes = ""]: string[]) => overSocket(url, bytes).catch(String);
  ends = Object.fromEntries(Object.entries(SILENT).map(([how, client]) => [how, wait([...client(cloud)])]));
});
afterAll(() => cloud[Symbol.asyncDispose]());

/** A process that has ended, or stands still, does not answer. */
afterEach(async () => {
  expect(await (await fetch(`${cloud.url}/endpoints/iam`)).json()).toMatchObject({ id: "iam" });
});

const request = (line: string, ...headers: string[]) =>
  [line, "Connection: close", ...headers].join("\r\n") + "\r\n\r\n";

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${cloud.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("a malformed request", () => {
  it.each(["/%", "/%ff", "/v1/models%E0%A4", "//", "http://[/", "//v1/models", "*"])(
    "is answered for the path %s",
    async (path) => {
      const answer = await overSocket(cloud.url, request(`GET ${path} HTTP/1.1`, "Host: localhost"));

      // The start page is at //, too.
      expect([200, 400, 401, 404]).toContain(statusOf(answer));
    },
  );

  it.each(["", "[", "a b", "a:99999", "%zz", "<x>", "[::1", "localhost:x"])(
    "is refused with the Host header %j",
    async (host) => {
      const answer = await overSocket(cloud.url, request("GET / HTTP/1.1", `Host: ${host}`));

      expect([400, 403]).toContain(statusOf(answer));
    },
  );

  it.each(["//", "http://[", "/%ff", "/v1/realtime/openai?model=%ff"])(
    "is refused where it asks for a WebSocket at %s",
    async (path) => {
      const upgrade = [
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ];
      const lines = [`GET ${path} HTTP/1.1`, "Host: localhost", "Connection: Upgrade", ...upgrade];
      const answer = await overSocket(cloud.url, `${lines.join("\r\n")}\r\n\r\n`);

      expect([400, 401, 404]).toContain(statusOf(answer));
    },
  );

  it.each(["{", "nonsense", '{"model":', "[]", "null", "7", "\u0000"])(
    "is refused for what it is, and not for what it lacks, with the body %j",
    async (body) => {
      for (const path of ["/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/vector_stores"]) {
        const answer = await post(path, body);

        expect(answer.status).toBe(400);
        expect(JSON.stringify(await answer.json())).toContain("Request body is not a JSON object");
      }
      const native = await post("/foundationModels/v1/completion", body);
      expect(JSON.stringify(await native.json())).toContain("Request body is not a JSON object");
    },
  );

  it("is refused with a compressed body in words that say so", async () => {
    const body = gzipSync('{"model":"gpt://x/yandexgpt"}').toString("latin1");
    const answer = await post("/v1/chat/completions", body, { "content-encoding": "gzip" });

    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain("Content-Encoding gzip is not supported");
  });

  it.each(["GET / HTTP/9.9\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])(
    "ends its own connection only: of the bytes %j",
    async (bytes) => {
      expect(await overSocket(cloud.url, bytes)).toMatch(/^HTTP\/1\.1 400 |^$/);
    },
  );
});

describe("a message of the Realtime API", () => {
  it.each([
    '{"type":"__proto__"}',
    '{"type":"hasOwnProperty"}',
    '{"type":"constructor"}',
    '{"type":"toString"}',
    '{"type":"conversation.item.create","item":{"content":[null]}}',
    '{"type":"conversation.item.create","item":null}',
    "[]",
    "null",
    "{",
  ])("is answered: %s", async (message) => {
    const name = `voice-${Math.random().toString(36).slice(2)}`;
    const account = await cloud.admin("addAccount", { name, roles: ["ai.models.user"] });
    const { secret } = await cloud.admin("addApiKey", account);
    const model = encodeURIComponent(`gpt://${cloud.folderId}/speech-realtime-250923`);
    const socket = new WebSocket(`${cloud.url.replace("http", "ws")}/v1/realtime/openai?model=${model}`, {
      headers: { authorization: `Api-Key ${secret}` },
    });

    const answer = await new Promise<string>((resolve, reject) => {
      socket.on("error", reject).on("close", (code) => resolve(`closed ${code}`));
      socket.on("message", (data) => {
        const event = JSON.parse(String(data)) as { type: string };
        if (event.type === "session.created") socket.send(message);
        else resolve(event.type);
      });
    });
    socket.terminate();

    expect(answer).toMatch(/^error$|^conversation\.item\.added$|^closed 1011$/);
  });
});

describe("the name of a property that every JavaScript object has", () => {
  it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])("is not a role: %s", async (role) => {
    const headers = { authorization: `Bearer ${cloud.token}` };
    expect((await fetch(`${cloud.url}/iam/v1/roles/${role}`, { headers })).status).toBe(404);

    const accessBinding = { roleId: role, subject: { id: "ajes0000000000000009", type: "serviceAccount" } };
    const granted = await post(
      `/resource-manager/v1/folders/${cloud.folderId}:updateAccessBindings`,
      { accessBindingDeltas: [{ action: "ADD", accessBinding }] },
      headers,
    );
    expect([400, 404]).toContain(granted.status);
  });
});

describe("a request that is too large", () => {
  it("is answered with 413 over HTTP", async () => {
    const answer = await post("/v1/chat/completions", JSON.stringify({ model: "x".repeat(40 * 1024 * 1024) }));

    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining("32 MiB") } });
  });

  it("leaves no more than a piece of each text in the records", async () => {
    const method = "POST /v1/chat/completions";
    await post("/v1/chat/completions", { model: "m".repeat(100_000) });

    const records = (await (await post("/_emulator/calls", [])).json()) as { result: { method: string }[] };
    const record = records.result.findLast((call) => call.method === method);
    expect(JSON.stringify(record).length).toBeLessThan(1_000);
  });
});

describe("a client that sends nothing", () => {
  it.each(Object.keys(SILENT))("is let go %s", async (how) => {
    expect(await ends[how]).toMatch(/^HTTP\/1\.1 408 |^$|^[^HE]/);
  });
});

describe("wrong arguments of the admin prefix", () => {
  it.each([
    ["clockAdvance", []],
    ["clockAdvance", ["x"]],
    ["setSwitches", ["x"]],
    ["setSwitches", [{ nothing: 1 }]],
    ["addAccount", ["x"]],
    ["addApiKey", [5]],
    ["fault", []],
    ["addUser", ["x"]],
  ])("are refused: %s %j", async (verb, args) => {
    expect((await post(`/_emulator/${verb}`, args)).status).toBe(400);
  });
});

describe("many connections that say nothing", () => {
  it("keep nobody else from being answered", async () => {
    const { hostname, port } = new URL(cloud.url);
    const silent = Array.from({ length: 300 }, () => connect(Number(port), hostname).on("error", () => {}));

    expect((await fetch(`${cloud.url}/endpoints/iam`)).status).toBe(200);
    for (const socket of silent) socket.destroy();
  });
});

describe("half of a surrogate pair", () => {
  it("is answered over gRPC, in a refusal that repeats it", async () => {
    const client = new Client(cloud.endpoint, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${cloud.token}`);
    const halfAsId = Buffer.from([10, 3, 0xed, 0xa0, 0x80]);

    const { code, details } = await new Promise<ServiceError>((resolve, reject) =>
      client.makeUnaryRequest(
        "/yandex.cloud.iam.v1.ServiceAccountService/Get",
        () => halfAsId,
        (bytes) => bytes,
        {},
        metadata,
        { deadline: Date.now() + 10_000 },
        (error) => (error ? resolve(error) : reject(new Error("It was not refused"))),
      ),
    );
    client.close();

    expect([status[code], details]).toEqual(["NOT_FOUND", expect.stringContaining("\ufffd")]);
  });
});

describe("JSON that is nested 3,000 levels deep", () => {
  const list = `${"[".repeat(3_000)}1${"]".repeat(3_000)}`;

  it.each([
    ["a call of AI", "/v1/responses/resp_1/cancel", `{"type":${list}}`],
    ["a call of the control plane", "/iam/v1/serviceAccounts", `{"labels":${list}}`],
    ["the admin prefix", "/_emulator/addFolder", list],
  ])("is refused by %s", async (_, path, body) => {
    const answer = await post(path, body, { authorization: `Bearer ${cloud.token}` });

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("nested more than 100 levels deep");
  });
});

describe("a number beyond 2^53", () => {
  it("is refused over both transports, since the vendor's definitions for JavaScript cannot hold it", async () => {
    const request = { query: { searchType: "SEARCH_TYPE_RU", queryText: "a" }, maxPassages: "9223372036854775807" };
    const headers = { authorization: `Bearer ${cloud.token}` };
    const answer = await post("/v2/web/search", { ...request, folderId: cloud.folderId }, headers);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("2^53")]);

    const path = "/yandex.cloud.searchapi.v2.WebSearchService/Search";
    const bytes = Buffer.from(mappingOf(path).requestBytes(request));
    const client = new Client(cloud.endpoint, credentials.createInsecure());
    const refused = await new Promise<ServiceError | null>((resolve) =>
      client.makeUnaryRequest(
        path,
        (message: Buffer) => message,
        (message) => message,
        bytes,
        (error) => resolve(error),
      ),
    );
    client.close();
    expect(refused?.message).toMatch(/^3 INVALID_ARGUMENT: .*2\^53/);
  });
});
