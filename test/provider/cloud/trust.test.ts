import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import { ServerCredentials } from "@grpc/grpc-js";
import { machineTime } from "../../../emulator/clock";
import { openCertificates } from "../../../emulator/transport/certificates";
import { connect } from "../../../provider/cloud";
import { startSmallCloud, settingsFor, testWorld } from "../../support/smallCloud";

const get = { serviceAccountId: "aje00000000000000001" };
const certificates = openCertificates(undefined, machineTime());

async function startSecureCloud() {
  const { cert, key } = await certificates;
  const credentials = ServerCredentials.createSsl(null, [
    { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) },
  ]);
  const server = await startSmallCloud(
    { "ServiceAccountService/Get": () => ServiceAccount.fromPartial({ name: "app" }) },
    { credentials },
  );
  return { ...server, endpoint: `localhost:${server.port}` };
}

const worldWith = async (file: string) => {
  const { ca } = await certificates;
  return testWorld({
    readFile: async (path) => {
      if (path !== file) throw Object.assign(new Error("missing"), { code: "ENOENT" });
      return ca;
    },
  });
};

const ask = async (endpoint: string, config: Record<string, unknown>, world = testWorld()) => {
  using cloud = connect(settingsFor(endpoint, { plaintext: false, maxRetries: 0, ...config }), world);
  return await cloud.iam.serviceAccounts.get(get);
};

// The official provider ignores these settings for the first question of all, that for the addresses.
describe("the settings of TLS hold for the addresses and for every call", () => {
  it("trusts the authority in caFile", async () => {
    await using server = await startSecureCloud();

    const account = await ask(server.endpoint, { caFile: "own.pem" }, await worldWith("own.pem"));

    expect(account.name).toBe("app");
    expect(server.made("ApiEndpointService/List")).toHaveLength(1);
  });

  it("checks nothing if insecure is set", async () => {
    await using server = await startSecureCloud();

    await expect(ask(server.endpoint, { insecure: "true" })).resolves.toMatchObject({ name: "app" });
  });

  it("refuses an unknown authority and says which setting helps", async () => {
    await using server = await startSecureCloud();

    await expect(ask(server.endpoint, {})).rejects.toThrow(
      /^localhost:\d+ cannot be reached: .*certificate.*; give the certificate of its authority as yandex:caFile or YC_CA_FILE/,
    );
  });

  it("says so if one side speaks without TLS", async () => {
    await using secure = await startSecureCloud();
    await using open = await startSmallCloud({});

    await expect(ask(secure.endpoint, { plaintext: true })).rejects.toThrow(/check yandex:plaintext/);
    await expect(ask(`localhost:${open.port}`, {})).rejects.toThrow(
      /cannot be reached: wrong version number; it seems to speak without TLS, or to expect it; check yandex:plaintext/,
    );
  });

  it("says which file of certificates it cannot use", async () => {
    const world = testWorld({ readFile: async () => "no certificate" });

    await expect(ask("localhost:9", { caFile: "own.pem" }, world)).rejects.toThrow(
      "the file of certificates has no certificate in PEM form; check yandex:caFile or YC_CA_FILE",
    );
    await expect(ask("localhost:9", { caFile: "other.pem" }, await worldWith("own.pem"))).rejects.toThrow(
      "the file of certificates cannot be read (ENOENT); check yandex:caFile or YC_CA_FILE",
    );
  });
});

it("reaches this machine without the proxy of the environment", async () => {
  await using server = await startSmallCloud({
    "ServiceAccountService/Get": () => ServiceAccount.fromPartial({ name: "app" }),
  });
  const before = process.env.https_proxy;
  process.env.https_proxy = "http://127.0.0.1:9";
  try {
    await expect(ask(server.address, { plaintext: true })).resolves.toMatchObject({ name: "app" });
  } finally {
    if (before === undefined) delete process.env.https_proxy;
    else process.env.https_proxy = before;
  }
});

describe("a request over HTTP", () => {
  it("trusts the same authority, and carries what it is given", async () => {
    const { cert, key } = await certificates;
    await using server = await startHttps({ cert, key });
    using cloud = connect(settingsFor("localhost:9", { caFile: "own.pem" }), await worldWith("own.pem"));

    const headers = { authorization: "Api-Key k" };
    const answer = await cloud.fetch(server.url, { method: "POST", headers, body: "?" });

    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe("POST ? Api-Key k");
    using stranger = connect(settingsFor("localhost:9"), testWorld());
    await expect(stranger.fetch(server.url, { method: "POST", headers, body: "?" })).rejects.toThrow(/certificate/);
  });

  it("goes no further than this machine without TLS", async () => {
    using cloud = connect(settingsFor("localhost:9"), testWorld());

    await expect(cloud.fetch("http://ai.example.com/v1", { method: "GET", headers: {}, body: "" })).rejects.toThrow(
      "ai.example.com is not on this machine, so TLS is needed",
    );
  });
});

/** Answers 401 and what it was sent. */
async function startHttps(files: { cert: string; key: string }) {
  const server = createHttpsServer(files, (request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      response.statusCode = 401;
      response.end(`${request.method} ${body} ${request.headers.authorization}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
