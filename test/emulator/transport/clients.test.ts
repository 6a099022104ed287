import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:http2";
import type { Socket } from "node:net";
import { Client, compressionAlgorithms, credentials, Metadata } from "@grpc/grpc-js";
import { fromBinary } from "@bufbuild/protobuf";
import { FolderServiceService } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { service as health } from "grpc-health-check";
import { registry } from "../../../emulator/transport/descriptors";
import { startCloud } from "../../support/cloud";
import { overSocket, statusOf } from "../../support/socket";

/** One unary call of raw bytes over gRPC; answers the bytes, or throws the ServiceError. */
function call(endpoint: string, path: string, bytes: Buffer, metadata = new Metadata(), options = {}): Promise<Buffer> {
  const client = new Client(endpoint, credentials.createInsecure(), options);
  return new Promise<Buffer>((resolve, reject) =>
    client.makeUnaryRequest(
      path,
      (message: Buffer) => message,
      (answer: Buffer) => answer,
      bytes,
      metadata,
      (error, answer) => (error ? reject(error) : resolve(answer ?? Buffer.alloc(0))),
    ),
  ).finally(() => client.close());
}

describe("an HTTP client", () => {
  it.each(["/", "/health"])("reads the head alone of %s, as readiness checks do", async (path) => {
    await using cloud = await startCloud();

    const answer = await fetch(`${cloud.url}${path}`, { method: "HEAD" });

    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  });

  it("is answered over HTTP/1.1 where it offers to go on in h2c", async () => {
    await using cloud = await startCloud();
    const headers = [
      "Host: localhost",
      "Connection: Upgrade, HTTP2-Settings, close",
      "Upgrade: h2c",
      "HTTP2-Settings: AAMAAABk",
    ];
    const answer = await overSocket(cloud.url, `GET /endpoints/iam HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);

    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain(cloud.endpoint.split(":")[1]);
  });

  it("is answered where it closes its half of the connection after the request", async () => {
    await using cloud = await startCloud({ switches: { latencyMs: 50 } });
    const text = `GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;

    expect(statusOf(await overSocket(cloud.url, text, { halfClose: true }))).toBe(401);
  });

  it("leaves nothing behind on the connection that it keeps for all its requests", async () => {
    await using cloud = await startCloud();
    const listeners: number[] = [];
    const count = (message: unknown) =>
      void listeners.push((message as { socket: Socket }).socket.listenerCount("close"));
    subscribe("http.server.request.start", count);
    try {
      for (let asked = 0; asked < 6; asked++) await (await fetch(`${cloud.url}/endpoints`)).text();
    } finally {
      unsubscribe("http.server.request.start", count);
    }

    expect(listeners).toHaveLength(6);
    expect(new Set(listeners.slice(-3)).size).toBe(1);
  });

  it("finds its own request ID beside the cloud's", async () => {
    await using cloud = await startCloud();
    const answer = await fetch(`${cloud.url}/endpoints/iam`, { headers: { "x-client-request-id": "mine" } });

    expect(answer.headers.get("x-client-request-id")).toBe("mine");
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get("x-server-trace-id")).toMatch(/^([0-9a-f]{16}):[0-9a-f]{16}:\1:1$/);
  });
});

describe("a web page", () => {
  const evil = { origin: "https://attacker.example", "content-type": "text/plain" };
  const preflight = { origin: "http://localhost:5173", "access-control-request-method": "POST" };

  it("can neither change anything nor read answers if it is of another site", async () => {
    await using cloud = await startCloud();
    const answer = await fetch(`${cloud.url}/iam/v1/tokens`, { method: "POST", headers: evil, body: "{}" });

    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("--cors https://attacker.example");
    const asked = await fetch(`${cloud.url}/v1/models`, { method: "OPTIONS", headers: preflight });
    expect(asked.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("can call if its origin was allowed", async () => {
    await using cloud = await startCloud({ cors: ["http://localhost:5173"] });
    const headers = { ...preflight, "access-control-request-headers": "authorization,openai-project,x-stainless-os" };
    const asked = await fetch(`${cloud.url}/v1/chat/completions`, { method: "OPTIONS", headers });

    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
    expect(asked.headers.get("access-control-allow-headers")).toContain("x-stainless-os");
    const answer = await fetch(`${cloud.url}/v1/models`, { headers: { origin: "http://localhost:5173" } });
    expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
  });

  it.each([
    ["127.0.0.1", "attacker.example", 403],
    ["127.0.0.1", "shop.localhost", 200],
    ["127.0.0.1", "[::1]:8080", 200],
    ["127.0.0.1", "10.1.2.3", 403],
    ["0.0.0.0", "10.1.2.3", 200],
    ["0.0.0.0", "cloud", 200],
    ["0.0.0.0", "host.docker.internal", 200],
    ["0.0.0.0", "attacker.example", 403],
  ])("is answered by its Host: on %s that has pointed its own name here, %s, with %i", async (host, name, status) => {
    await using cloud = await startCloud({ host });
    const answered = new Promise<number | undefined>((resolve, reject) =>
      request(cloud.url, { headers: { host: name } }, (answer) => resolve(answer.resume().statusCode))
        .on("error", reject)
        .end(),
    );

    expect(await answered).toBe(status);
    expect(cloud.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe("a gRPC client", () => {
  const path = FolderServiceService.get.path;

  it("is answered where it compresses", async () => {
    await using cloud = await startCloud();
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${cloud.token}`);
    const asked = Buffer.from(FolderServiceService.get.requestSerialize({ folderId: cloud.folderId }));
    const gzip = { "grpc.default_compression_algorithm": compressionAlgorithms.gzip };

    const answer = FolderServiceService.get.responseDeserialize(
      await call(cloud.endpoint, path, asked, metadata, gzip),
    );

    expect(answer).toMatchObject({ id: cloud.folderId });
  });

  it("learns that the cloud serves", async () => {
    await using cloud = await startCloud();
    const check = health["Check"]!;

    const answer = check.responseDeserialize(
      await call(cloud.endpoint, check.path, check.requestSerialize({ service: "" })),
    );

    expect(answer).toMatchObject({ status: "SERVING" });
  });

  it("finds the request behind an error in its details", async () => {
    await using cloud = await startCloud();
    const error = await call(cloud.endpoint, path, Buffer.alloc(0)).catch((thrown: unknown) => thrown);
    const { metadata } = error as { metadata: Metadata };
    const status = fromBinary(
      registry.getMessage("google.rpc.Status")!,
      metadata.get("grpc-status-details-bin")[0] as Buffer,
    );

    expect(status).toMatchObject({
      code: 16,
      details: [{ typeUrl: "type.googleapis.com/google.rpc.RequestInfo" }],
    });
    expect(metadata.get("x-request-id")[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("is refused a message above 4 MiB before it is looked at", async () => {
    await using cloud = await startCloud();

    await expect(call(cloud.endpoint, path, Buffer.alloc(5 * 1024 * 1024))).rejects.toMatchObject({ code: 8 });
  });

  it("lists the services by reflection, and reads their definitions", async () => {
    await using cloud = await startCloud();
    const client = new Client(cloud.endpoint, credentials.createInsecure());
    const ask = (request: Buffer) =>
      new Promise<Buffer>((resolve, reject) => {
        const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
        const stream = client.makeBidiStreamRequest(
          path,
          (bytes: Buffer) => bytes,
          (bytes: Buffer) => bytes,
        );
        stream.on("data", resolve).on("error", reject).write(request);
        stream.end();
      });
    // Fields 7 (list_services) and 4 (file_containing_symbol) of ServerReflectionRequest.
    const text = (field: number, value: string) => Buffer.from([field * 8 + 2, value.length, ...Buffer.from(value)]);

    const listed = (await ask(text(7, ""))).toString();
    const found = (await ask(text(4, "yandex.cloud.iam.v1.ApiKeyService"))).toString();
    client.close();

    expect(listed).toContain("yandex.cloud.iam.v1.ApiKeyService");
    expect(found).toContain("CreateApiKeyRequest");
  });

  it("is let go by reflection where a message cannot be read while those before it are answered", async () => {
    await using cloud = await startCloud();
    const session = connect(`http://${cloud.endpoint}`);
    using _ = { [Symbol.dispose]: () => session.destroy() };
    const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    const call = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const listServices = [0, 0, 0, 0, 2, 0x3a, 0];
    const unreadable = [0, 0, 0, 0, 2, 0xff, 0xff];

    call.resume().end(Buffer.from([...listServices, ...listServices, ...unreadable]));
    const [error] = (await once(call, "error", { signal: AbortSignal.timeout(10_000) })) as [Error];

    expect(error.message).toContain("NGHTTP2_INTERNAL_ERROR");
  });
});
