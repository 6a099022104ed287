import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineClient, EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { openEngineLog } from "../../../provider/protocol/engineLog";
import { until } from "../../support/until";

/** The part of an engine that shows lines. */
async function startEngine(address = "127.0.0.1:0") {
  const lines: string[] = [];
  const server = new Server();
  const log = (call: ServerUnaryCall<LogRequest, Empty>, done: sendUnaryData<Empty>) => {
    lines.push(call.request.getMessage());
    done(null, new Empty());
  };
  server.addService(EngineService, { log, getRootResource: log, setRootResource: log });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { lines, address: `127.0.0.1:${port}`, [Symbol.dispose]: () => server.forceShutdown() };
}

/** The failed client tries again after a second or more; by then a line has arrived or never will. */
const atOnce = (client: EngineClient) => new Promise((resolve) => client.waitForReady(Date.now() + 30_000, resolve));

describe("the log of the engine", () => {
  it("shows a line although an engine that has ended had the same address", async () => {
    const first = await startEngine();
    // By default gRPC shares a connection, also a failed one, among all clients of an address.
    const client = new EngineClient(first.address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
    first[Symbol.dispose]();
    const failure = await new Promise((resolve) => client.log(new LogRequest(), resolve));
    using second = await startEngine(first.address);

    const log = openEngineLog(second.address);
    log.log("info", "", "shown");
    await until(() => second.lines.length > 0, atOnce(client));
    log.close();
    client.close();

    expect([failure, second.lines]).toEqual([expect.any(Error), ["shown"]]);
  });
});
