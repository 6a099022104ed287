import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { ServerCredentials } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import { openCertificates } from "../../../emulator/transport/certificates";
import { proxyFor } from "../../../provider/settings/proxy";
import { startListener, startPlugin } from "../../support/plugin";
import { startProxy } from "../../support/proxy";
import { startSmallCloud, TOKEN } from "../../support/smallCloud";

const ACCOUNT = "urn:pulumi:dev::shop::yandex:index/iamServiceAccount:IamServiceAccount::app";
const VALIDATION = "urn:pulumi:dev::shop::yandex:index/aiStudioKeyValidation:AiStudioKeyValidation::works";
const certificates = openCertificates(undefined, Date.now());

/** A cloud on this machine under names that only a proxy knows. */
async function startCompany() {
  await using parts = new AsyncDisposableStack();
  const { key, cert } = await certificates;
  const credentials = ServerCredentials.createSsl(null, [
    { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) },
  ]);
  const names = ["iam", "operation", "resource-manager", "lockbox", "lockbox-payload"];
  const addresses = Object.fromEntries(names.map((name) => [name, `${name}.cloud.test:443`]));
  const account = { id: "aje00000000000000001", name: "app", folderId: "b1g00000000000000001" };
  const answer = () => ServiceAccount.fromPartial(account);
  const cloud = parts.use(await startSmallCloud({ "ServiceAccountService/Get": answer }, { credentials, addresses }));
  // The exchange of tokens, and AI Studio, which accepts every key and finds no model.
  const web = createServer({ key, cert }, ({ url }, response) =>
    url === "/oauth/token"
      ? response.end(JSON.stringify({ access_token: TOKEN, expires_in: 3600 }))
      : response.writeHead(400).end(JSON.stringify({ error: { message: "Failed to get model" } })),
  );
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  parts.defer(() => {
    web.closeAllConnections();
    web.close();
  });
  const webPort = (web.address() as AddressInfo).port;
  const proxy = parts.use(
    await startProxy({
      "api.cloud.test": cloud.port,
      "iam.cloud.test": cloud.port,
      "auth.cloud.test": webPort,
      "ai.cloud.test": webPort,
    }),
  );
  const kept = parts.move();
  return { proxy, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const SETTINGS = {
  YC_ENDPOINT: "api.cloud.test:443",
  YC_AI_ENDPOINT: "https://ai.cloud.test",
  YC_INSECURE: "true",
  YC_MAX_RETRIES: "0",
  YC_WORKLOAD_IDENTITY_SERVICE_ACCOUNT_ID: "aje00000000000000009",
  YC_WORKLOAD_IDENTITY_TOKEN: "the.token.of-a-job",
  YC_WORKLOAD_IDENTITY_ENDPOINT: "https://auth.cloud.test/oauth/token",
  YC_METADATA_ADDR: "127.0.0.1:9",
  // The certificate of the test names none of these hosts.
  NODE_TLS_REJECT_UNAUTHORIZED: "0",
  NODE_NO_WARNINGS: "1",
};

async function startConfigured(env: Record<string, string>) {
  await using parts = new AsyncDisposableStack();
  const engine = parts.use(await startListener());
  const plugin = parts.use(await startPlugin({ ...SETTINGS, ...env }, engine.address));
  await plugin.call("configure", new wire.ConfigureRequest().setArgs(new Struct()).setAcceptsecrets(true));
  const kept = parts.move();
  return { ...plugin, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const readAccount = new wire.ReadRequest().setUrn(ACCOUNT).setId("aje00000000000000001");
const validate = new wire.CreateRequest().setUrn(VALIDATION).setProperties(
  Struct.fromJavaScript({
    folderId: "b1g00000000000000001",
    secretKey: "a-key",
    capabilities: ["textGeneration"],
    required: true,
    timeoutSeconds: 1,
  }),
);

describe("a provider that reaches the cloud only through a proxy", () => {
  it.each(["HTTPS_PROXY", "https_proxy"])(
    "sends every call through %s: directory, sign-in, IAM, AI Studio",
    async (name) => {
      await using company = await startCompany();
      await using plugin = await startConfigured({ [name]: company.proxy.url });

      const account = (await plugin.call("read", readAccount)).getProperties()?.toJavaScript();
      await plugin.call("create", validate);

      expect(account).toMatchObject({ name: "app" });
      expect([...new Set(company.proxy.asked)].sort()).toEqual(
        ["ai", "api", "auth", "iam"].map((host) => `${host}.cloud.test:443`),
      );
    },
  );

  it("names the proxy when it does not answer, for calls and for validations", async () => {
    await using company = await startCompany();
    const closed = new URL(company.proxy.url).host;
    await company.proxy[Symbol.asyncDispose]();
    await using plugin = await startConfigured({ HTTPS_PROXY: company.proxy.url });

    const [refusal] = await Promise.allSettled([plugin.call("read", readAccount)]);
    const [unproven] = await Promise.allSettled([plugin.call("create", validate)]);

    const words = (result: PromiseSettledResult<unknown>) => result.status === "rejected" && String(result.reason);
    expect(words(refusal)).toContain(`api.cloud.test:443 cannot be reached through the proxy ${closed}`);
    expect(words(refusal)).toContain("check HTTPS_PROXY and NO_PROXY");
    expect(words(unproven)).toContain(`ai.cloud.test cannot be reached through the proxy ${closed} (ECONNREFUSED)`);
  });
});

describe("the proxy for a host", () => {
  const env = { HTTPS_PROXY: "http://user:secret@proxy.test:3128" };

  it("is named without its password", () => {
    expect(proxyFor("api.cloud.yandex.net:443", env)).toBe("proxy.test:3128");
  });

  it.each(["localhost:1", "127.0.0.1:8080", "[::1]:443"])("does not exist for this machine (%s)", (address) => {
    expect(proxyFor(address, env)).toBeUndefined();
  });

  it.each([
    ["api.cloud.yandex.net", true],
    ["cloud.yandex.net", true],
    [".cloud.yandex.net", true],
    ["*.cloud.yandex.net", true],
    ["api.cloud.yandex.net:443", true],
    ["*", true],
    ["other.test, cloud.yandex.net", true],
    ["oud.yandex.net", false],
    ["yandex.com", false],
    ["", false],
  ])("does not exist where NO_PROXY lists the host (%j: %j)", (noProxy, direct) => {
    for (const name of ["NO_PROXY", "no_proxy"])
      expect(proxyFor("api.cloud.yandex.net:443", { ...env, [name]: noProxy }) === undefined).toBe(direct);
  });
});
