import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { status } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { temporaryFolder } from "../../support/folder";
import { run } from "../../support/run";
import { until } from "../../support/until";
import { type Listener, type Plugin, startListener, startPlugin } from "../../support/plugin";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const sealed = (value: string) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const ACCOUNT = "urn:pulumi:dev::shop::yandex:index/iamServiceAccount:IamServiceAccount::app";
const KEY = "urn:pulumi:dev::shop::yandex:index/iamServiceAccountApiKey:IamServiceAccountApiKey::key";
const DAY_MS = 24 * 60 * 60 * 1000;

const struct = (values: { [key: string]: JavaScriptValue }) => Struct.fromJavaScript(values);

const start = (cloud: Emulator, engine: Listener) =>
  startPlugin({ YC_ENDPOINT: cloud.endpoint, YC_PLAINTEXT: "true", YC_TOKEN: cloud.token }, engine.address);

const configure = ({ call }: Plugin, { folderId }: Emulator) =>
  call("configure", new wire.ConfigureRequest().setArgs(struct({ folderId })).setAcceptsecrets(true));

/** A key that expires soon is remarked on to the engine that listens. */
const remarkOnKey = ({ call }: Plugin) => {
  const expiresAt = new Date(Date.now() + 3 * DAY_MS).toISOString();
  const key = { serviceAccountId: "aje00000000000000001", scopes: ["yc.ai.languageModels.execute"], expiresAt };
  return call("check", new wire.CheckRequest().setUrn(KEY).setNews(struct(key)).setOlds(struct({})));
};

const createAccount = ({ call }: Plugin, { folderId }: Emulator) => {
  const properties = struct({ name: "shop-dev", folderId });
  return call("create", new wire.CreateRequest().setUrn(ACCOUNT).setProperties(properties));
};

describe("the plugin on a node that is too old", () => {
  it("names the version that it needs and the one on PATH, and ends", async () => {
    using folder = temporaryFolder();
    const older = join(folder.path, "older.js");
    await writeFile(older, `Object.defineProperty(process, "versions", { value: { node: "20.20.2" } });`);
    const plugin = join(process.cwd(), "provider", "bin", "pulumi-resource-yandex");

    const { code, output } = await run(process.execPath, ["--require", older, plugin], { env: {} });

    expect(output).toBe(
      `pulumi-resource-yandex needs Node.js 22.21.0 or newer; the first node on PATH is 20.20.2 (${process.execPath})\n`,
    );
    expect(code).toBe(1);
  });
});

// The built plugin is spoken to without an engine between, so that each answer is seen as it is.
describe("the plugin", () => {
  it("greets an engine, and says what it understands and which version it is", async () => {
    await using cloud = await startCloud();
    await using engine = await startListener();
    await using plugin = await start(cloud, engine);
    const { call } = plugin;

    const request = new wire.ProviderHandshakeRequest().setEngineAddress(engine.address);
    const greeting = (await call("handshake", request)).toObject();
    const configured = (await configure(plugin, cloud)).toObject();
    const { version } = (await call("getPluginInfo", new Empty())).toObject();

    expect(greeting).toMatchObject({ acceptSecrets: true, supportsAutonamingConfiguration: true });
    expect(configured).toMatchObject({
      acceptsecrets: true,
      supportspreview: true,
      supportsAutonamingConfiguration: true,
    });
    expect(version).toBe(JSON.parse(await readFile("package.json", "utf8")).version);
  });

  it("talks to the engine that started it, and to another that attaches", async () => {
    await using cloud = await startCloud();
    await using first = await startListener();
    await using second = await startListener();
    await using plugin = await start(cloud, first);
    await configure(plugin, cloud);
    const remark = { urn: KEY, message: expect.stringContaining("in less than 3 days") };

    await remarkOnKey(plugin);
    expect(await first.said()).toMatchObject(remark);
    await plugin.call("attach", new PluginAttach().setAddress(second.address));
    await remarkOnKey(plugin);

    expect(await second.said()).toMatchObject(remark);
  });

  it("gives the schema that the SDK was made from, and the name it has in Terraform", async () => {
    await using cloud = await startCloud();
    await using engine = await startListener();
    await using plugin = await start(cloud, engine);
    const { call } = plugin;
    const mapping = async (key: string, provider = "") => {
      const request = new wire.GetMappingRequest().setKey(key).setProvider(provider);
      const answer = await call("getMapping", request);
      return [answer.getProvider(), Buffer.from(answer.getData_asU8()).toString()];
    };

    const { schema } = (await call("getSchema", new wire.GetSchemaRequest())).toObject();
    expect(JSON.parse(schema)).toEqual(JSON.parse(await readFile("provider/schema/schema.json", "utf8")));
    expect(await mapping("terraform")).toEqual(["yandex", `{"name":"yandex"}`]);
    expect(await mapping("tf", "yandex")).toEqual(["yandex", `{"name":"yandex"}`]);
    expect(await mapping("tf", "aws")).toEqual(["", ""]);
    expect(await mapping("kubernetes")).toEqual(["", ""]);
    const mappings = await call("getMappings", new wire.GetMappingsRequest().setKey("terraform"));
    expect(mappings.getProvidersList()).toEqual(["yandex"]);
  });

  it("gives the settings back as they came, what is secret among them sealed", async () => {
    await using cloud = await startCloud();
    await using engine = await startListener();
    await using plugin = await start(cloud, engine);
    const { call } = plugin;
    const check = async (settings: { [key: string]: JavaScriptValue }) => {
      const answer = await call("checkConfig", new wire.CheckRequest().setNews(struct(settings)));
      return { inputs: answer.getInputs()?.toJavaScript(), failures: answer.toObject().failuresList };
    };

    const given = { token: cloud.token, maxRetries: "7", insecure: false, folderId: UNKNOWN };
    expect(await check(given)).toEqual({ inputs: { ...given, token: sealed(cloud.token) }, failures: [] });
    expect((await check({ maxRetries: "many", tokn: "t" })).failures).toEqual([
      { property: "tokn", reason: expect.stringContaining("did you mean token") },
      { property: "maxRetries", reason: "must be a whole number from 0 to 100" },
    ]);
    expect((await check({ token: `Bearer ${cloud.token}` })).failures).toEqual([
      { property: "", reason: "yandex:token has a space or a line break in it; give the token alone" },
    ]);
  });

  // Case 42.
  it("shows which settings change, never the secrets of either side, and replaces nothing for it", async () => {
    await using cloud = await startCloud();
    await using engine = await startListener();
    await using plugin = await start(cloud, engine);
    const { call } = plugin;
    const other = cloud.addToken(cloud.deployerId);
    const old = struct({ token: sealed(cloud.token), folderId: "b1g1", maxRetries: "7", cloudId: "b1c" });
    const news = struct({ token: sealed(other), folderId: "b1g2", maxRetries: 7, endpoint: "localhost:1" });

    const answer = await call("diffConfig", new wire.DiffRequest().setOlds(old).setOldInputs(old).setNews(news));

    const { ADD, UPDATE, DELETE } = wire.PropertyDiff.Kind;
    const kinds = Object.fromEntries(answer.toObject().detaileddiffMap.map(([path, { kind }]) => [path, kind]));
    expect(kinds).toEqual({ token: UPDATE, folderId: UPDATE, endpoint: ADD, cloudId: DELETE });
    expect(answer.getReplacesList()).toEqual([]);
    const bytes = Buffer.from(answer.serializeBinary()).toString("latin1");
    for (const token of [cloud.token, other]) expect(bytes).not.toContain(token);
    const same = await call("diffConfig", new wire.DiffRequest().setOlds(old).setOldInputs(old).setNews(old));
    expect(same.getChanges()).toBe(wire.DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("ends its waits when the engine cancels, however often, and says what may go on", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 60_000 } } });
    await using engine = await startListener();
    await using plugin = await start(cloud, engine);
    await configure(plugin, cloud);
    cloud.fault({ method: "ServiceAccountService/Get", hang: true });
    const { call } = plugin;

    const creation = createAccount(plugin, cloud).catch((error: Error) => error.message);
    const reading = call("read", new wire.ReadRequest().setUrn(ACCOUNT).setId("aje00000000000000001"));
    const read = reading.catch((error: Error) => error.message);
    await until(() => cloud.calls.some(({ method }) => method === "OperationService/Get"));
    await call("cancel", new Empty());
    await call("cancel", new Empty());

    expect(await creation).toMatch(
      /began to create service account shop-dev .*, but .* interrupted.*; run the update again/,
    );
    expect(await read).toMatch(/the call was cut off: interrupted/);
  });

  it("answers UNIMPLEMENTED to what it does not have, and names what it has instead of an unknown resource", async () => {
    await using cloud = await startCloud();
    await using engine = await startListener();
    await using plugin = await start(cloud, engine);
    await configure(plugin, cloud);
    const { call } = plugin;
    const refusal = (answer: Promise<unknown>) =>
      answer.then(
        () => undefined,
        ({ code, details }) => ({ code, details }),
      );

    const unimplemented = { code: status.UNIMPLEMENTED };
    expect(await refusal(call("construct", new wire.ConstructRequest()))).toMatchObject(unimplemented);
    expect(await refusal(call("call", new wire.CallRequest()))).toMatchObject(unimplemented);
    expect(await refusal(call("parameterize", new wire.ParameterizeRequest()))).toMatchObject(unimplemented);
    const urn = "urn:pulumi:dev::shop::yandex:index/computeInstance:ComputeInstance::vm";
    expect(await refusal(call("create", new wire.CreateRequest().setUrn(urn)))).toEqual({
      code: status.UNKNOWN,
      details: expect.stringMatching(/no resource yandex:index\/computeInstance:ComputeInstance; it has .*ApiKey/),
    });
  });
});
