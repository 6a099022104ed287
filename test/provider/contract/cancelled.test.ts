import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { ApiKey } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key";
import { startListener, startPlugin } from "../../support/plugin";
import { type Handler, startSmallCloud, TOKEN } from "../../support/smallCloud";
import { startTimeLimit } from "../../../provider/world";

const urnOf = (name: string) =>
  `urn:pulumi:dev::shop::yandex:index/iamServiceAccountApiKey:IamServiceAccountApiKey::${name}`;

/** The plug-in, configured for a cloud that answers as the handlers do. */
async function startConfigured(handlers: Record<string, Handler>) {
  await using parts = new AsyncDisposableStack();
  const cloud = parts.use(await startSmallCloud(handlers));
  const engine = parts.use(await startListener());
  const env = { YC_ENDPOINT: cloud.address, YC_PLAINTEXT: "true", YC_TOKEN: TOKEN };
  const plugin = parts.use(await startPlugin(env, engine.address));
  await plugin.call("configure", new wire.ConfigureRequest().setArgs(new Struct()).setAcceptsecrets(true));
  const kept = parts.move();
  return { cloud, call: plugin.call, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const newKey = (name: string, outputToLockbox?: { secretId: string; entryForSecretKey: string }) => {
  const scopes = ["yc.ai.languageModels.execute"];
  const inputs = { serviceAccountId: "aje00000000000000001", scopes, ...(outputToLockbox && { outputToLockbox }) };
  return new wire.CreateRequest().setUrn(urnOf(name)).setProperties(Struct.fromJavaScript(inputs));
};

/** A handler that never answers, and a promise of its first call. */
function hanging() {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const handler: Handler = () => {
    begin();
    return new Promise(() => {});
  };
  return { handler, begun };
}

/** Why each call was rejected; "still waiting" for one that has not ended after the grace that a write gets, 5 s. */
async function reasonsWithin(ms: number, calls: Promise<unknown>[]): Promise<string[]> {
  using limit = startTimeLimit(ms);
  const late = new Promise<string>((resolve) => limit.signal.addEventListener("abort", () => resolve("still waiting")));
  const reason = (call: Promise<unknown>) =>
    call.then(
      () => "not rejected",
      (error: Error) => error.message,
    );
  return Promise.all(calls.map((call) => Promise.race([reason(call), late])));
}

const WITHIN_MS = 9_000;

describe("Ctrl-C", () => {
  it("ends the creation of a key while the cloud lists keys and does not answer", async () => {
    const { handler, begun } = hanging();
    await using provider = await startConfigured({ "ApiKeyService/List": handler });

    const creation = provider.call("create", newKey("key"));
    await Promise.race([begun, creation]);
    await provider.call("cancel", new Empty());

    expect(await reasonsWithin(WITHIN_MS, [creation])).toEqual([expect.stringContaining("interrupted")]);
    expect(provider.cloud.made("ApiKeyService/Create")).toEqual([]);
  });

  it("ends keys that wait for their turn in one Lockbox secret, and begins no further version", async () => {
    const { handler, begun } = hanging();
    let made = 0;
    await using provider = await startConfigured({
      "ApiKeyService/List": () => ({ apiKeys: [], nextPageToken: "" }),
      "ApiKeyService/Create": () => ({
        apiKey: ApiKey.fromPartial({ id: `ajek000000000000000${++made}`, serviceAccountId: "aje00000000000000001" }),
        secret: "the-secret-of-a-key",
      }),
      "SecretService/AddVersion": handler,
    });

    const place = { secretId: "e6q00000000000000001", entryForSecretKey: "key" };
    const creations = ["first", "second", "third"].map((name) => provider.call("create", newKey(name, place)));
    for (const creation of creations) creation.catch(() => {});
    await Promise.race([begun, Promise.all(creations)]);
    await provider.call("cancel", new Empty());
    const reasons = await reasonsWithin(WITHIN_MS, creations);

    for (const reason of reasons) {
      expect(reason).toMatch(/Lockbox secret e6q00000000000000001: .*interrupted/);
      expect(reason).not.toContain("the-secret-of-a-key");
    }
    expect(provider.cloud.made("SecretService/AddVersion")).toHaveLength(1);
  });
});
