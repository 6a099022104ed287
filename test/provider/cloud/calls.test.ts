import { connect as connectTcp, createServer as createTcpServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { ServerError, Status } from "nice-grpc";
import { connect } from "../../../provider/cloud";
import { backoff } from "../../../provider/backoff";
import { idempotencyOf, isRetryable, RETRY_SCHEDULE } from "../../../provider/cloud/retries";
import { CloudError, isAmbiguous } from "../../../provider/cloud/errors";
import { startSmallCloud, settingsFor, testWorld } from "../../support/smallCloud";
import type { Handler } from "../../support/smallCloud";
import { fc } from "../../support/properties";

const done = { id: "op1", description: "", createdBy: "", done: true };
const key = { serviceAccountId: "aje00000000000000001" };
const refuse =
  (code: Status, details = "not now"): Handler =>
  () => {
    throw new ServerError(code, details);
  };

describe("repeats", () => {
  type Row = [method: string, code: Status, details: string, calls: number];
  it.each<Row>([
    ["FolderService/Get", Status.UNAVAILABLE, "not now", 4],
    ["FolderService/Get", Status.INTERNAL, "not now", 4],
    ["FolderService/Get", Status.ABORTED, "not now", 4],
    ["FolderService/Get", Status.RESOURCE_EXHAUSTED, "too many requests", 4],
    ["FolderService/Get", Status.NOT_FOUND, "no such folder", 1],
    ["FolderService/Get", Status.PERMISSION_DENIED, "no", 1],
    ["FolderService/Get", Status.INVALID_ARGUMENT, "no", 1],
    ["ServiceAccountService/Create", Status.UNAVAILABLE, "not now", 4],
    ["ServiceAccountService/Create", Status.ABORTED, "not now", 4],
    ["ServiceAccountService/Create", Status.RESOURCE_EXHAUSTED, "too many requests", 4],
    ["ServiceAccountService/Create", Status.RESOURCE_EXHAUSTED, "Quota limit iam.serviceAccounts.count exceeded", 1],
    ["ServiceAccountService/Create", Status.ALREADY_EXISTS, "taken", 1],
    ["FolderService/UpdateAccessBindings", Status.UNAVAILABLE, "not now", 4],
    ["FolderService/UpdateAccessBindings", Status.ABORTED, "conflicting operation", 1],
    ["ApiKeyService/Create", Status.UNAVAILABLE, "not now", 1],
    ["ApiKeyService/Create", Status.INTERNAL, "not now", 1],
    // Words of the client library, but from a server: so it was reached.
    ["ApiKeyService/Create", Status.UNAVAILABLE, "Name resolution failed for target dns:backend", 1],
    ["ApiKeyService/Create", Status.RESOURCE_EXHAUSTED, "too many requests", 1],
  ])("follow the call: %s that fails with %s %s is made %i time(s)", async (method, code, details, calls) => {
    await using server = await startSmallCloud({ [method]: refuse(code, details) });
    using cloud = connect(settingsFor(server.address, { maxRetries: 3 }), testWorld());

    await expect(raise(cloud, method)).rejects.toMatchObject({ rawMessage: details });

    const made = server.made(method).map(({ metadata }) => metadata);
    expect(made).toHaveLength(calls);
    const isRead = method.endsWith("/Get");
    expect(new Set(made.map((metadata) => metadata["idempotency-key"])).size).toBe(1);
    expect(made[0]!["idempotency-key"] === undefined).toBe(isRead);
    expect(new Set(made.map((metadata) => metadata["x-client-request-id"])).size).toBe(calls);
  });

  it("end well when the cloud comes round", async () => {
    await using server = await startSmallCloud({
      "ServiceAccountService/Create": (_request, _context, count) => {
        if (count < 3) throw new ServerError(Status.UNAVAILABLE, "not now");
        return done;
      },
    });
    const world = testWorld();
    using cloud = connect(settingsFor(server.address), world);

    await expect(cloud.iam.serviceAccounts.create({ name: "app" })).resolves.toMatchObject({ id: "op1" });

    expect(world.pauses).toEqual([100, 200]);
  });

  it("do not happen where the settings say so", async () => {
    await using server = await startSmallCloud({ "FolderService/Get": refuse(Status.UNAVAILABLE) });
    using cloud = connect(settingsFor(server.address, { maxRetries: "0" }), testWorld());

    await expect(raise(cloud, "FolderService/Get")).rejects.toThrow("not now");

    expect(server.made("FolderService/Get")).toHaveLength(1);
  });

  it("stop when they have gone on for a minute", async () => {
    let now = 0;
    await using server = await startSmallCloud({
      "FolderService/Get": () => {
        now += 25_000;
        throw new ServerError(Status.UNAVAILABLE, "not now");
      },
    });
    using cloud = connect(settingsFor(server.address, { maxRetries: 100 }), testWorld({ now: () => now }));

    await expect(raise(cloud, "FolderService/Get")).rejects.toThrow("not now");

    expect(server.made("FolderService/Get")).toHaveLength(3);
  });

  it("wait longer each time, never longer than seven and a half seconds, never together", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const pause = backoff(RETRY_SCHEDULE, attempt, random);
        expect(pause).toBeGreaterThanOrEqual(50);
        expect(pause).toBeLessThanOrEqual(7500);
        expect(backoff(RETRY_SCHEDULE, attempt + 1, random)).toBeGreaterThanOrEqual(pause);
        expect(backoff(RETRY_SCHEDULE, attempt, 1)).toBeGreaterThan(backoff(RETRY_SCHEDULE, attempt, 0));
      }),
    );
  });

  it("never make a key a second time once a request has left", () => {
    const codes = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "UNKNOWN", "ABORTED", "RESOURCE_EXHAUSTED"] as const;
    fc.assert(
      fc.property(fc.constantFrom(...codes), fc.string(), (code, rawMessage) => {
        expect(isRetryable(new CloudError({ code, method: "ApiKeyService/Create", rawMessage }))).toBe(false);
      }),
    );
    expect(idempotencyOf("ApiKeyService/Create")).toBe("once");
    expect(idempotencyOf("ApiKeyService/ListScopes")).toBe("read");
    expect(idempotencyOf("IamTokenService/Create")).toBe("read");
    expect(idempotencyOf("FolderService/ListAccessBindings")).toBe("read");
    expect(idempotencyOf("FolderService/UpdateAccessBindings")).toBe("write");
  });
});

describe("a connection", () => {
  it("is tried again if it never came about, even for a key, as nothing has been sent", async () => {
    await using server = await startSmallCloud({}, { addresses: { iam: `127.0.0.1:${await closedPort()}` } });
    const world = testWorld();
    using cloud = connect(settingsFor(server.address, { maxRetries: 2 }), world);

    const error = await cloud.iam.apiKeys.create(key).catch((thrown: unknown) => thrown);

    expect(world.pauses).toHaveLength(2);
    expect(error).toMatchObject({ code: "UNAVAILABLE", sent: false });
    expect(isAmbiguous(error)).toBe(false);
    expect((error as Error).message).toMatch(
      /^127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED .*; check the network and yandex:endpoint/,
    );
  });

  it("is not tried again if it breaks after a key was asked for, and leaves open whether there is a key", async () => {
    let cut = () => {};
    await using iam = await startSmallCloud({
      "ApiKeyService/Create": () => (cut(), new Promise(() => {})),
    });
    await using wire = await startWire(iam.port);
    cut = wire.cut;
    await using server = await startSmallCloud({}, { addresses: { iam: wire.address } });
    using cloud = connect(settingsFor(server.address), testWorld());

    const error = await cloud.iam.apiKeys.create(key).catch((thrown: unknown) => thrown);

    expect(iam.made("ApiKeyService/Create")).toHaveLength(1);
    expect(isAmbiguous(error)).toBe(true);
  });

  it("is given up after 20 seconds if nothing comes back", async () => {
    const limit = new AbortController();
    const limits: number[] = [];
    const timeLimit = (ms: number) => {
      limits.push(ms);
      return { signal: limit.signal, [Symbol.dispose]: () => {} };
    };
    await using server = await startSmallCloud({
      "ApiKeyService/Create": () => (limit.abort(), new Promise(() => {})),
    });
    using cloud = connect(settingsFor(server.address), testWorld({ timeLimit }));

    const error = await cloud.iam.apiKeys.create(key).catch((thrown: unknown) => thrown);

    expect(new Set(limits)).toEqual(new Set([20_000]));
    expect((error as Error).message).toMatch(`${server.address} gave no answer within 20 seconds (DEADLINE_EXCEEDED`);
    expect(isAmbiguous(error)).toBe(true);
    expect(server.made("ApiKeyService/Create")).toHaveLength(1);
  });
});

describe("an interrupt", () => {
  it("cuts off a call under way and says why", async () => {
    const controller = new AbortController();
    await using server = await startSmallCloud({
      "FolderService/Get": () => (controller.abort(new Error("interrupted")), new Promise(() => {})),
    });
    using cloud = connect(settingsFor(server.address), testWorld());

    const { signal } = controller;
    const error = await cloud.resourceManager.folders.get({ folderId: "f" }, { signal }).catch((thrown) => thrown);
    await turn();

    expect(error).toMatchObject({ code: "CANCELLED", rawMessage: "the call was cut off: interrupted" });
    expect(server.made("FolderService/Get")).toHaveLength(1);
  });

  it("keeps a call that comes later from being sent", async () => {
    await using server = await startSmallCloud({ "ServiceAccountService/Create": () => done });
    using cloud = connect(settingsFor(server.address), testWorld());

    const signal = AbortSignal.abort(new Error("interrupted"));
    const error = await cloud.iam.serviceAccounts.create({ name: "app" }, { signal }).catch((thrown) => thrown);

    expect(isAmbiguous(error)).toBe(false);
    expect(server.made("ServiceAccountService/Create")).toHaveLength(0);
  });

  it("ends the wait for a repeat", async () => {
    const controller = new AbortController();
    const world = testWorld();
    const sleep = (ms: number, signal?: AbortSignal) => {
      controller.abort(new Error("interrupted"));
      return world.sleep(ms, signal);
    };
    await using server = await startSmallCloud({ "FolderService/Get": refuse(Status.UNAVAILABLE) });
    using cloud = connect(settingsFor(server.address), { ...world, sleep });

    const { signal } = controller;
    await expect(cloud.resourceManager.folders.get({ folderId: "f" }, { signal })).rejects.toThrow("not now");

    expect(server.made("FolderService/Get")).toHaveLength(1);
  });
});

function raise(cloud: ReturnType<typeof connect>, method: string): Promise<unknown> {
  switch (method) {
    case "FolderService/Get":
      return cloud.resourceManager.folders.get({ folderId: "f" });
    case "FolderService/UpdateAccessBindings":
      return cloud.resourceManager.folders.updateAccessBindings({ resourceId: "f" });
    case "ServiceAccountService/Create":
      return cloud.iam.serviceAccounts.create({ name: "app" });
    default:
      return cloud.iam.apiKeys.create(key);
  }
}

/** A port of this machine at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A wire to a server, which can be cut. */
async function startWire(port: number) {
  const sockets = new Set<Socket>();
  const server = createTcpServer((near) => {
    const far = connectTcp(port, "127.0.0.1");
    for (const socket of [near, far]) sockets.add(socket.on("error", () => {}));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
