import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import { startCloud } from "../support/cloud";
import { startStackOn } from "../support/access";
import { packaged, type Packaged, PackagedAccess } from "./packagedAccess";

const application = (args: object = {}, options?: pulumi.ComponentResourceOptions, name = "shop") =>
  new PackagedAccess(name, { capabilities: ["textGeneration"], ...args }, options) as Packaged;

describe("what a program of another language gives the component", () => {
  it.each<[string, (own: yandex.Provider) => pulumi.ComponentResourceOptions]>([
    ["provider", (own) => ({ provider: own })],
    ["providers", (own) => ({ providers: { yandex: own } })],
    [
      "a parent's provider",
      (own) => ({ parent: new pulumi.ComponentResource("my:index:Team", "team", {}, { providers: [own] }) }),
    ],
  ])("takes the address of the data plane from an explicit provider: %s", async (_what, options) => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, async () => {
      const own = new yandex.Provider("own", { folderId: cloud.folderId, aiEndpoint: cloud.url });
      const { baseUrl, env } = application({}, options(own));
      return { baseUrl, env };
    });
    const { outputs } = await stack.up();

    expect(outputs.baseUrl?.value).toBe(`${cloud.url}/v1`);
    expect(outputs.env?.value).toMatchObject({ OPENAI_BASE_URL: `${cloud.url}/v1` });
    expect((await stack.preview()).steps).toEqual({});
  });

  it("previews an input that is not yet known, and uses it once it is", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, async () => {
      const other = new yandex.IamServiceAccount("other", { name: "other" });
      const { apiKey, folderId, serviceAccountId } = application({
        folderId: other.folderId,
        serviceAccount: { id: other.id },
      });
      return { apiKey, folderId, serviceAccountId, otherId: other.id };
    });

    expect((await stack.preview()).steps).toMatchObject({ other: "create", shop: "create" });
    const { outputs } = await stack.up();
    expect(outputs.serviceAccountId).toEqual(outputs.otherId);
    expect(outputs.apiKey?.secret).toBe(true);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("keeps the key of an application that got another name or parent, by its aliases", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, packaged());
    await stack.up();
    const before = cloud.snapshot().apiKeys;

    stack.program(async () => {
      const parent = new pulumi.ComponentResource("my:index:Team", "team");
      application({}, { parent, aliases: [{ parent: pulumi.rootStackResource }] });
    });
    const { steps } = await stack.preview();
    expect(Object.values(steps).filter((step) => step === "delete" || step === "replace")).toEqual([]);
    await stack.up();
    expect(cloud.snapshot().apiKeys).toEqual(before);
  });

  it("creates nothing of an application before what it depends on", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, async () => {
      const first = new yandex.IamServiceAccount("first", { name: "first" });
      application({}, { dependsOn: [first] });
    });
    const { output } = await stack.up();

    const [made, begun] = ["IamServiceAccount first created", "AiStudioAccess shop creating"];
    expect(output).toContain(made);
    expect(output.indexOf(begun)).toBeGreaterThan(output.indexOf(made));
  });

  it("keeps a secret that it was given a secret", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, async () => {
      const { baseUrl } = application({ baseUrl: pulumi.secret("https://proxy.internal/v1") });
      return { baseUrl };
    });

    expect((await stack.up()).outputs.baseUrl).toEqual({ value: "https://proxy.internal/v1", secret: true });
  });

  it("keeps the key out of every output when it is delivered to Lockbox", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, async () => {
      const { apiKey, secretId, env } = application({ deliverTo: { lockbox: { name: "shop-key", entry: "api_key" } } });
      return { apiKey, secretId, env };
    });
    const { outputs } = await stack.up();

    expect(outputs.secretId?.value).toMatch(/^e6q/);
    expect(JSON.stringify(outputs)).not.toContain("AQVN");
    expect((await stack.preview()).steps).toEqual({});
  });
});
