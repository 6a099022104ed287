import { cpSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { request, type RequestOptions } from "node:https";
import { connect } from "node:http2";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { FolderServiceService } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { startEmulator } from "../../../emulator/emulator";
import { openApi } from "../../support/api";
import { grpcClient, startCloud } from "../../support/cloud";
import { temporaryFolder } from "../../support/folder";

describe("the state of the local cloud", () => {
  it("survives a restart, tokens and keys included", async () => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    const first = await startEmulator({ stateFile });
    const { secret } = first.addApiKey(first.addAccount({ name: "shop", roles: ["ai.languageModels.user"] }));
    const [snapshot, token] = [first.snapshot(), first.token];
    await first.close();

    await using second = await startEmulator({ stateFile });

    expect(second.snapshot()).toEqual(snapshot);
    expect(second.accepts(token)).toBe(true);
    expect((await fetch(`${second.url}/v1/models`, { headers: { authorization: `Api-Key ${secret}` } })).status).toBe(
      200,
    );
    expect(second.caPem).toBe(first.caPem);
  });

  it("survives being killed: every answered call is there, a torn last line is not", async () => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    await using killed = await startEmulator({ stateFile });
    using api = openApi(killed, "grpc");
    await api.call("ServiceAccountService/Create", { folderId: killed.folderId, name: "kept" });
    const copy = join(folder.path, "copy.json");
    for (const name of readdirSync(folder.path).filter((entry) => /^state\.json(?!.*lock)/.test(entry))) {
      writeFileSync(join(folder.path, name.replace("state.json", "copy.json")), readFileSync(join(folder.path, name)));
    }
    await api.call("ServiceAccountService/Create", { folderId: killed.folderId, name: "torn" });
    const journal = join(folder.path, "copy.json.1.journal");
    const whole = readFileSync(journal).length;
    writeFileSync(journal, readFileSync(join(folder.path, "state.json.1.journal")));
    truncateSync(journal, whole + 20);

    const again = await startEmulator({ stateFile: copy });
    expect(again.snapshot().accounts).toMatchObject([{ name: "kept" }]);
    const id = again.addAccount({ name: "later" });
    await again.close();
    await using last = await startEmulator({ stateFile: copy });
    expect(last.snapshot().accounts).toMatchObject([{ name: "kept" }, { id, name: "later" }]);
  });

  it("goes on with operations that were under way", async () => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    const first = await startEmulator({ stateFile, switches: { operations: { polls: 1 } } });
    let operationId: string;
    {
      using api = openApi(first, "grpc");
      operationId = (await api.call("ServiceAccountService/Create", { folderId: first.folderId, name: "shop" }))
        .id as string;
    }
    await first.close();

    await using second = await startEmulator({ stateFile });
    using api = openApi(second, "grpc");

    expect(await api.call("OperationService/Get", { operationId })).toMatchObject({
      done: true,
      response: { name: "shop" },
    });
  });

  it("is kept readable by its owner alone", async () => {
    using folder = temporaryFolder();
    await using _cloud = await startEmulator({ stateFile: join(folder.path, "state.json") });

    for (const name of readdirSync(folder.path))
      expect([name, statSync(join(folder.path, name)).mode & 0o077]).toEqual([name, 0]);
  });

  it.each([
    ["not JSON", "hello", /is not a state of the local cloud/],
    [
      "of another version",
      '{"version":99,"journal":1,"tables":{}}',
      /has state version 99, this local cloud reads version 1/,
    ],
    ["no object", "null", /has state version undefined/],
    [
      "without tables",
      '{"version":1,"journal":1,"tables":{"clouds":null}}',
      /state\.json is a damaged state .* Remove/,
    ],
  ])("is refused in one sentence when it is %s", async (_, text, words) => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    writeFileSync(stateFile, text);

    await expect(startEmulator({ stateFile })).rejects.toThrow(words);
  });
});

describe("a state that a local cloud has open", () => {
  it("is refused to a second one, which says who holds it, until the first has ended", async () => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    const first = await startEmulator({ stateFile });

    await expect(startEmulator({ stateFile })).rejects.toThrow(
      `${stateFile} is in use by the local cloud of process ${process.pid}.`,
    );
    await first.close();
    await using second = await startEmulator({ stateFile });
    expect(second.folderId).toBe(first.folderId);
  });

  it("is not held in a copy of its folder", async () => {
    using folder = temporaryFolder();
    await using first = await startEmulator({ stateFile: join(folder.path, "state.json") });
    using copy = temporaryFolder();
    cpSync(folder.path, copy.path, { recursive: true });

    await using second = await startEmulator({ stateFile: join(copy.path, "state.json") });
    expect(second.folderId).toBe(first.folderId);
  });

  it("is free again when the process that held it was killed", async () => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    // No process of Linux, macOS or Windows has such a number.
    writeFileSync(`${stateFile}.lock`, "2000000000");

    await using cloud = await startEmulator({ stateFile });
    expect(cloud.folderId).not.toBe("");
  });
});

describe("a clock that goes back by a minute", () => {
  it("hides no key, no role and no grant", async () => {
    let now = Date.now();
    await using cloud = await startCloud({ clock: () => now });
    using api = openApi(cloud, "grpc");
    const { response } = await api.call("ServiceAccountService/Create", { folderId: cloud.folderId, name: "shop" });
    const accessBinding = { roleId: "ai.models.user", subject: { id: response.id, type: "serviceAccount" } };
    const deltas = { resourceId: cloud.folderId, accessBindingDeltas: [{ action: "ADD", accessBinding }] };
    await api.call("FolderService/UpdateAccessBindings", deltas);
    const { secret } = await api.call("ApiKeyService/Create", { serviceAccountId: response.id });
    now -= 60_000;

    const asked = await fetch(`${cloud.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Api-Key ${secret}` },
      body: JSON.stringify({ model: `gpt://${cloud.folderId}/yandexgpt`, messages: [{ role: "user", content: "hi" }] }),
    });
    expect(asked.status).toBe(200);
    const { accessBindings } = await api.call("FolderService/ListAccessBindings", { resourceId: cloud.folderId });
    expect(accessBindings).toContainEqual(expect.objectContaining({ roleId: "ai.models.user" }));
  });
});

describe("the ports of the local cloud", () => {
  it("say in one sentence that one is in use", async () => {
    await using cloud = await startCloud();
    const [port, grpcPort] = [cloud.url, cloud.endpoint].map((address) => Number(address.split(":").at(-1)));

    for (const [flag, taken] of [
      ["--port", { port }],
      ["--grpc-port", { grpcPort }],
    ] as const)
      await expect(startCloud(taken)).rejects.toThrow(
        `Port ${Object.values(taken)[0]} of 127.0.0.1 is in use. Stop what uses it, or choose another with ${flag}.`,
      );
  });

  it("serve gRPC over TLS, and answer with the address it was asked at", async () => {
    await using cloud = await startCloud();
    using folders = grpcClient(cloud, FolderServiceService, {
      endpoint: cloud.tlsEndpoint,
      credentials: credentials.createSsl(Buffer.from(cloud.caPem)),
    });

    expect(await folders.get({ folderId: cloud.folderId })).toMatchObject({ name: "default" });
  });

  it("serve JSON over TLS with HTTP/1.1 and HTTP/2, and tell where gRPC is", async () => {
    await using cloud = await startCloud();

    expect(await overHttp1(`${cloud.tlsUrl}/endpoints/iam`, cloud.caPem)).toEqual({
      id: "iam",
      address: cloud.tlsEndpoint,
    });
    expect(await overHttp2(cloud.tlsUrl, "/endpoints/iam", cloud.caPem)).toEqual({
      id: "iam",
      address: cloud.tlsEndpoint,
    });
    expect(await (await fetch(`${cloud.url}/endpoints/iam`)).json()).toEqual({ id: "iam", address: cloud.endpoint });
  });
});

describe("the control surface over HTTP", () => {
  it("is off unless asked for", async () => {
    await using cloud = await startCloud();

    expect((await admin(cloud.url, "snapshot")).status).toBe(404);
  });

  it("seeds, scripts faults and moves the clock", async () => {
    await using cloud = await startCloud({ admin: true });
    using api = openApi(cloud, "rest");

    const { result: accountId } = (await admin(cloud.url, "addAccount", { name: "shop" })).json;
    await admin(cloud.url, "fault", { method: "ApiKeyService/Create", code: "UNAVAILABLE" });
    expect(await api.refusal("ApiKeyService/Create", { serviceAccountId: accountId })).toMatch(/^UNAVAILABLE/);
    await api.call("ApiKeyService/Create", { serviceAccountId: accountId });
    const before = (await admin(cloud.url, "clockNow")).json.result as number;
    await admin(cloud.url, "clockAdvance", 60_000);

    expect((await admin(cloud.url, "clockNow")).json.result).toBeGreaterThanOrEqual(before + 60_000);
    expect((await admin(cloud.url, "writes", "ApiKeyService")).json.result).toHaveLength(1);
    expect((await admin(cloud.url, "snapshot")).json.result).toEqual(cloud.snapshot());
    expect((await admin(cloud.url, "nothing")).status).toBe(404);
    expect((await fetch(`${cloud.url}/_emulator/snapshot`)).status).toBe(400);
  });
});

async function admin(url: string, verb: string, ...args: unknown[]) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/_emulator/${verb}`, { method: "POST", headers, body: JSON.stringify(args) });
  return { status: answer.status, json: (await answer.json()) as Record<string, any> };
}

function overHttp1(url: string, ca: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // The types know the option of the TLS layer only there.
    request(url, { ca, ALPNProtocols: ["http/1.1"] } as RequestOptions, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve(JSON.parse(text)));
    })
      .on("error", reject)
      .end();
  });
}

function overHttp2(url: string, path: string, ca: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const session = connect(url, { ca });
    session.on("error", reject);
    const stream = session.request({ ":path": path });
    let text = "";
    stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    stream.on("end", () => {
      session.close();
      resolve(JSON.parse(text));
    });
    stream.end();
  });
}
