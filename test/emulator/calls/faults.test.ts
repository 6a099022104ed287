import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { FolderServiceService } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { openApi, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

describe.each<Transport>(["grpc", "rest"])("faults over %s", (transport) => {
  it("refuse as often as scripted, before anything happened", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });
    cloud.fault({ method: "ApiKeyService/Create", code: "UNAVAILABLE", times: 2 });

    const first = await api.refusal("ApiKeyService/Create", { serviceAccountId });
    await api.refusal("ApiKeyService/Create", { serviceAccountId });
    await api.call("ApiKeyService/Create", { serviceAccountId });

    expect(first).toBe("UNAVAILABLE ApiKeyService/Create failed as scripted");
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
  });

  it("lose the answer after the effect", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });
    cloud.fault({ method: "ApiKeyService/Create", code: "UNAVAILABLE", when: "after" });

    await api.refusal("ApiKeyService/Create", { serviceAccountId });

    const [key] = cloud.snapshot().apiKeys;
    expect(cloud.writes("ApiKeyService")).toEqual([`create ${key?.id}`]);
  });

  it("can put the secret into the words of a refusal, to see whether a client prints it", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });
    cloud.fault({ method: "ApiKeyService/Create", code: "INTERNAL", echoAnswer: true });

    expect(await api.refusal("ApiKeyService/Create", { serviceAccountId })).toMatch(/AQVN/);
  });

  it("cut the connection", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    cloud.fault({ method: "CloudService/List", cut: true });

    await expect(api.call("CloudService/List")).rejects.toThrow();

    expect(cloud.calls.at(-1)).toMatchObject({ method: "CloudService/List", status: "CUT" });
    expect((await api.call("CloudService/List")).clouds).toHaveLength(1);
  });

  it("begin after some calls, go on for ever, and end when cleared", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    cloud.fault({ method: "CloudService/List", code: "INTERNAL", skip: 1, times: "always" });

    await api.call("CloudService/List");
    expect(await api.refusal("CloudService/List")).toMatch(/^INTERNAL/);
    expect(await api.refusal("CloudService/List")).toMatch(/^INTERNAL/);
    cloud.clearFaults();
    await api.call("CloudService/List");
  });
});

describe("a call that is never answered", () => {
  it("ends at the client's deadline", async () => {
    await using cloud = await startCloud();
    cloud.fault({ method: "FolderService/Get", hang: true });
    const { path, requestSerialize, responseDeserialize } = FolderServiceService.get;
    const client = new Client(cloud.endpoint, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${cloud.token}`);

    const code = await new Promise((resolve) =>
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { folderId: cloud.folderId },
        metadata,
        { deadline: Date.now() + 50 },
        (error) => resolve(error?.code),
      ),
    );
    client.close();

    expect(code).toBe(4);
  });
});

describe("what is remembered of calls", () => {
  it("tells who called what with which harmless fields, and no secret", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "rest");
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    const { secret } = await api.call("ApiKeyService/Create", { serviceAccountId, scopes: ["yc.ai.vision.execute"] });
    await api.refusal("IamTokenService/Create", { jwt: "a.b.c" });

    expect(cloud.calls).toMatchObject([
      {
        method: "ApiKeyService/Create",
        caller: cloud.deployerId,
        status: "OK",
        request: { serviceAccountId, scopes: ["yc.ai.vision.execute"] },
      },
      { method: "IamTokenService/Create", status: "UNAUTHENTICATED", request: {} },
    ]);
    expect(JSON.stringify(cloud.calls)).not.toContain(secret);
    expect(JSON.stringify(cloud.calls)).not.toContain("a.b.c");
  });
});
