import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import { ServerError, Status } from "nice-grpc";
import { connect } from "../../../provider/cloud";
import { isNotFound } from "../../../provider/cloud/errors";
import { startSmallCloud, settingsFor, testWorld, TOKEN } from "../../support/smallCloud";

const ACCOUNT = ServiceAccount.fromPartial({ id: "aje00000000000000001", name: "app" });
const get = { serviceAccountId: ACCOUNT.id };

describe("where calls go", () => {
  it("asks the cloud once for the addresses, however many calls begin at the same time", async () => {
    await using server = await startSmallCloud({ "ServiceAccountService/Get": () => ACCOUNT });
    using cloud = connect(settingsFor(server.address), testWorld());

    await Promise.all(Array.from({ length: 20 }, () => cloud.iam.serviceAccounts.get(get)));

    expect(server.made("ApiEndpointService/List")).toHaveLength(1);
    expect(server.made("ServiceAccountService/Get")).toHaveLength(20);
  });

  // Case 70: another region, or the local cloud; nothing may go to the default hosts.
  it("takes the addresses that the cloud tells as they are, for operations and tokens too", async () => {
    await using iam = await startSmallCloud({
      "ServiceAccountService/Get": () => ACCOUNT,
      "IamTokenService/Create": () => ({ iamToken: TOKEN, expiresAt: undefined }),
    });
    await using operations = await startSmallCloud({ "OperationService/Get": () => operation({ done: true }) });
    await using server = await startSmallCloud(
      {},
      { addresses: { iam: iam.address, operation: operations.address, "resource-manager": "127.0.0.1:9" } },
    );
    const settings = settingsFor(server.address, { token: `y0_${"o".repeat(40)}` });
    using cloud = connect(settings, testWorld());

    await cloud.iam.serviceAccounts.get(get);
    await cloud.done(operation({ done: false }));

    expect(methods(server)).toEqual(["ApiEndpointService/List"]);
    expect(methods(iam)).toEqual(["IamTokenService/Create", "ServiceAccountService/Get"]);
    expect(methods(operations)).toEqual(["OperationService/Get"]);
  });

  it("asks for the addresses without a token, and signs in everything else", async () => {
    await using server = await startSmallCloud({ "ServiceAccountService/Get": () => ACCOUNT });
    using cloud = connect(settingsFor(server.address), testWorld());

    await cloud.iam.serviceAccounts.get(get);

    expect(server.calls.map(({ metadata }) => metadata.authorization)).toEqual([undefined, `Bearer ${TOKEN}`]);
  });

  it("asks for the addresses again after it could not have them", async () => {
    await using server = await startSmallCloud({
      "ServiceAccountService/Get": () => ACCOUNT,
      "ApiEndpointService/List": (_request, _context, count) => {
        if (count === 1) throw new ServerError(Status.PERMISSION_DENIED, "not now");
        return { endpoints: [{ id: "iam", address: server.address }], nextPageToken: "" };
      },
    });
    using cloud = connect(settingsFor(server.address), testWorld());

    await expect(cloud.iam.serviceAccounts.get(get)).rejects.toThrow(
      /did not return the addresses of the cloud's services: not now/,
    );
    await expect(cloud.iam.serviceAccounts.get(get)).resolves.toMatchObject({ name: "app" });
    await expect(cloud.resourceManager.folders.get({ folderId: "f" })).rejects.toThrow(
      `${server.address} has no address for the service resource-manager`,
    );
  });

  it("finds a service on a later page of the addresses", async () => {
    await using server = await startSmallCloud({
      "ServiceAccountService/Get": () => ACCOUNT,
      "ApiEndpointService/List": ({ pageToken }) =>
        pageToken === "2"
          ? { endpoints: [{ id: "iam", address: server.address }], nextPageToken: "" }
          : { endpoints: [{ id: "ai-stt", address: server.address }], nextPageToken: "2" },
    });
    using cloud = connect(settingsFor(server.address), testWorld());

    await expect(cloud.iam.serviceAccounts.get(get)).resolves.toMatchObject({ name: "app" });
    await expect(cloud.addressOf("ai-stt")).resolves.toBe(server.address);
  });

  // The directory of the cloud lists no service for speech synthesis, as its own SDK's recordings show.
  it("knows the host of a service that the directory leaves out", async () => {
    await using server = await startSmallCloud({}, { addresses: { iam: "iam.example.com:443" } });
    using cloud = connect(settingsFor(server.address), testWorld());

    await expect(cloud.addressOf("ai-tts-v3")).resolves.toBe(`tts.${server.address}`);
  });

  it("never takes a missing directory for a missing object", async () => {
    await using server = await startSmallCloud({
      "ApiEndpointService/List": () => {
        throw new ServerError(Status.NOT_FOUND, "no such page");
      },
    });
    using cloud = connect(settingsFor(server.address), testWorld());

    const error = await cloud.iam.serviceAccounts.get(get).catch((thrown: unknown) => thrown);

    expect(isNotFound(error)).toBe(false);
  });

  it("sends nothing without TLS to another machine, even if the local endpoint names one", async () => {
    await using server = await startSmallCloud({}, { addresses: { iam: "iam.example.com:443" } });
    using cloud = connect(settingsFor(server.address), testWorld());

    await expect(cloud.iam.serviceAccounts.get(get)).rejects.toThrow(
      "iam.example.com:443 is not on this machine, so nothing is sent there without TLS",
    );
  });

  it("does nothing at all before the first call", () => {
    const world = testWorld({ readFile: () => Promise.reject(new Error("read too early")) });

    using _cloud = connect(settingsFor("127.0.0.1:9", { caFile: "missing.pem" }), world);

    expect(world.pauses).toEqual([]);
  });
});

describe("a request", () => {
  it("may leave out what it does not mean", async () => {
    let received: unknown;
    await using server = await startSmallCloud({
      "ServiceAccountService/Create": (request) => {
        received = request;
        return operation({ done: true });
      },
    });
    using cloud = connect(settingsFor(server.address), testWorld());

    await cloud.iam.serviceAccounts.create({ folderId: "b1g1", name: "app", description: undefined });

    expect(received).toEqual({ folderId: "b1g1", name: "app", description: "", labels: {} });
  });

  it("carries a name for itself, and in its error the name that the cloud gave it", async () => {
    await using server = await startSmallCloud({
      "ServiceAccountService/Get": (_request, context) => {
        context.trailer.set("x-request-id", "req-1");
        throw new ServerError(Status.NOT_FOUND, "Service account aje1 not found");
      },
      "ServiceAccountService/List": () => {
        throw new ServerError(Status.PERMISSION_DENIED, "Permission denied");
      },
    });
    using cloud = connect(settingsFor(server.address), testWorld());

    await expect(cloud.iam.serviceAccounts.get(get)).rejects.toThrow(
      "Service account aje1 not found (NOT_FOUND, ServiceAccountService/Get, request req-1)",
    );
    const refused = await cloud.iam.serviceAccounts.list({ folderId: "f" }).catch((error: Error) => error.message);
    const sent = server.made("ServiceAccountService/List")[0]!.metadata["x-client-request-id"];
    expect(refused).toBe(`Permission denied (PERMISSION_DENIED, ServiceAccountService/List, request ${sent})`);
  });

  it("shows no credential in its error, not even if the cloud repeats one", async () => {
    const secret = `AQVN${"k".repeat(36)}`;
    await using server = await startSmallCloud({
      "ServiceAccountService/Get": (_request, context) => {
        throw new ServerError(Status.INVALID_ARGUMENT, `${String(context.metadata.get("authorization"))} ${secret}`);
      },
    });
    using cloud = connect(settingsFor(server.address), testWorld());

    const error = (await cloud.iam.serviceAccounts.get(get).catch((thrown: unknown) => thrown)) as Error;

    expect(error.message).toContain("Bearer [IAM token] [API key]");
    expect(JSON.stringify(error) + String(error.stack)).not.toContain(TOKEN);
    expect(JSON.stringify(error) + String(error.stack)).not.toContain(secret);
  });
});

const methods = (server: { calls: { method: string }[] }) => server.calls.map(({ method }) => method);

const operation = (fields: { done: boolean }) => ({ id: "op1", description: "", createdBy: "", ...fields });
