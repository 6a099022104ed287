import { generateKeyPairSync, sign } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as yandex from "@pulumi/yandex";
import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import { startEmulator } from "../../../emulator/emulator";
import type { Emulator } from "../../../emulator/emulator";
import { connect } from "../../../provider/cloud";
import { readProviderSettings } from "../../../provider/settings";
import { authorizedKey } from "../../support/authorizedKey";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";
import { testWorld } from "../../support/smallCloud";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (key: typeof publicKey | typeof privateKey) =>
  key.export({ type: key.type === "public" ? "spki" : "pkcs8", format: "pem" }).toString();

type Env = Record<string, string>;
const account = (cloud: Emulator) => cloud.addAccount({ name: "deployer", roles: ["admin"] });

/** Each way to sign in, as somebody would set it up in an environment; the cloud checks it by rules of its own. */
const ways: [name: string, prepare: (cloud: Emulator) => Env][] = [
  ["an IAM token", ({ token }) => ({ YC_IAM_TOKEN: token })],
  [
    "the key of a service account",
    (cloud) => {
      const serviceAccountId = account(cloud);
      const id = cloud.addAuthorizedKey(serviceAccountId, pem(publicKey));
      const key = { id, service_account_id: serviceAccountId, private_key: pem(privateKey) };
      return { YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(key) };
    },
  ],
  [
    "a workload identity",
    (cloud) => {
      const accountId = account(cloud);
      const jwk = { ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" };
      const claims = { issuer: "https://ci.example.com", audiences: ["cloud"], subject: "repo:app" };
      cloud.addFederation({ ...claims, jwks: [jwk], accountId });
      return {
        YC_WORKLOAD_IDENTITY_SERVICE_ACCOUNT_ID: accountId,
        YC_WORKLOAD_IDENTITY_TOKEN: idToken({ iss: claims.issuer, aud: "cloud", sub: claims.subject }),
        YC_WORKLOAD_IDENTITY_ENDPOINT: `${cloud.url}/oauth/token`,
      };
    },
  ],
  [
    "the account of the machine",
    (cloud) => {
      cloud.linkAccount(account(cloud));
      return { YC_METADATA_ADDR: new URL(cloud.url).host };
    },
  ],
];

const transports: [name: string, where: (cloud: Emulator) => Env][] = [
  ["without TLS", ({ endpoint }) => ({ YC_ENDPOINT: endpoint, YC_PLAINTEXT: "true" })],
  ["over TLS", ({ tlsEndpoint }) => ({ YC_ENDPOINT: tlsEndpoint, YC_CA_FILE: "ca.pem" })],
];

describe.each(ways)("a deployer with %s", (_way, prepare) => {
  it.each(transports)("makes an account and a key %s", async (_transport, where) => {
    await using emulator = await startEmulator({ switches: { operations: { polls: 2 } } });
    const env = { YC_METADATA_ADDR: "127.0.0.1:9", ...prepare(emulator), ...where(emulator) };
    const { settings, failures } = readProviderSettings({}, env);
    using cloud = connect(settings, testWorld({ fetch, readFile: async () => emulator.caPem }));

    const { iam, done } = cloud;
    const made = await done(iam.serviceAccounts.create({ folderId: emulator.folderId, name: "app" }), ServiceAccount);
    const scopes = ["yc.ai.languageModels.execute"];
    const key = await iam.apiKeys.create({ serviceAccountId: made!.id, scopes });

    expect(failures).toEqual([]);
    expect(made).toMatchObject({ name: "app", folderId: emulator.folderId });
    expect(key.apiKey).toMatchObject({ serviceAccountId: made!.id, scopes });
    expect(emulator.writes("ApiKeyService")).toEqual([`create ${key.apiKey!.id}`]);
  });

  it("runs a program over TLS, and leaves nothing of itself in the state", async () => {
    await using emulator = await startEmulator();
    const given = prepare(emulator);
    const before = emulator.snapshot();
    const program = async () => {
      const app = new yandex.IamServiceAccount("app", { name: "shop-dev" });
      const scopes = ["yc.ai.languageModels.execute"];
      new yandex.IamServiceAccountApiKey("key", { serviceAccountId: app.id, scopes });
    };
    const none = { YC_TOKEN: undefined, YC_PLAINTEXT: undefined };
    const env = { ...none, YC_ENDPOINT: emulator.tlsEndpoint, ...given };
    await using stack = await startStack(emulator, program, { env });
    const YC_CA_FILE = join(stack.folder, "ca.pem");
    await writeFile(YC_CA_FILE, emulator.caPem);
    stack.setEnv({ YC_CA_FILE });

    await stack.up();
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();

    expect(emulator.snapshot()).toEqual(before);
    const credentials = [given.YC_IAM_TOKEN, given.YC_WORKLOAD_IDENTITY_TOKEN, pem(privateKey).split("\n")[10]];
    for (const credential of credentials.filter((text) => text !== undefined)) {
      expect(await leaksOf(credential, stack.folder, { printed: stack.printed() })).toEqual([]);
    }
  });
});

describe("a deployer whose token has died", () => {
  it("goes on by itself in the middle of a run, if the token can be had again", async () => {
    await using emulator = await startEmulator();
    const key = authorizedKey(emulator, account(emulator));
    const env = { YC_ENDPOINT: emulator.endpoint, YC_PLAINTEXT: "1", YC_SERVICE_ACCOUNT_KEY_FILE: key };
    const now = () => emulator.clock.now();
    using cloud = connect(readProviderSettings({}, env).settings, testWorld({ now }));
    await cloud.iam.serviceAccounts.list({ folderId: emulator.folderId });

    emulator.clock.advance(13 * 3_600_000);
    const { serviceAccounts } = await cloud.iam.serviceAccounts.list({ folderId: emulator.folderId });

    expect(serviceAccounts.map(({ name }) => name)).toEqual(["deployer"]);
  });

  it("gets a sentence about it, if that is all there is", async () => {
    await using emulator = await startEmulator();
    const token = emulator.addToken(emulator.deployerId, { lifeMs: 60_000 });
    const env = { YC_ENDPOINT: emulator.endpoint, YC_PLAINTEXT: "1", YC_TOKEN: token };
    using cloud = connect(readProviderSettings({}, env).settings, testWorld());
    await cloud.iam.serviceAccounts.list({ folderId: emulator.folderId });

    emulator.clock.advance(61_000);
    const late = cloud.iam.serviceAccounts.list({ folderId: emulator.folderId });

    await expect(late).rejects.toThrow(
      /^the IAM token in YC_TOKEN has expired or is not valid .*`yc iam create-token`/,
    );
  });
});

function idToken(claims: object): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", kid: "1", typ: "JWT" })}.${part({ ...claims, iat: now, exp: now + 300 })}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
