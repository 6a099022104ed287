import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../emulator/emulator";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";

/** What the program gets when it asks: answers, or the words of refusals. */
async function answersTo(cloud: Emulator, questions: (() => Promise<unknown>)[]): Promise<unknown[]> {
  await using stack = await startStack(cloud, async () => ({
    answers: await Promise.all(questions.map((ask) => ask().catch((refusal: Error) => refusal.message))),
  }));
  return (await stack.up()).outputs.answers?.value;
}

const answerTo = async (cloud: Emulator, question: () => Promise<unknown>) => (await answersTo(cloud, [question]))[0];

describe("getIamServiceAccount", () => {
  it("finds an account by its ID and by its name", async () => {
    await using cloud = await startCloud();
    const id = cloud.addAccount({ name: "app", description: "calls models", labels: { team: "shop" } });
    const { folderId } = cloud;

    const [byId, byName] = await answersTo(cloud, [
      () => yandex.getIamServiceAccount({ serviceAccountId: id }),
      () => yandex.getIamServiceAccount({ name: "app" }),
    ]);

    expect(byId).toMatchObject({ id, serviceAccountId: id, name: "app", folderId, description: "calls models" });
    expect(byId).toMatchObject({ labels: { team: "shop" } });
    expect(byName).toEqual(byId);
  });

  it("looks for a name in the folder that it is given", async () => {
    await using cloud = await startCloud();
    const folderId = cloud.addFolder({ name: "prod" });
    const id = cloud.addAccount({ name: "app", folderId });

    const [here, there] = await answersTo(cloud, [
      () => yandex.getIamServiceAccount({ name: "app" }),
      () => yandex.getIamServiceAccount({ name: "app", folderId }),
    ]);

    expect(here).toContain(`folder ${cloud.folderId} has no service account named app`);
    expect(there).toMatchObject({ id });
  });

  const ID = "aje00000000000000009";
  const refusals: [why: string, args: yandex.GetIamServiceAccountArgs, words: string][] = [
    ["nobody has the ID", { serviceAccountId: ID }, `service account ${ID}: Service account ${ID} not found`],
    ["nobody has the name", { name: "nobody" }, "has no service account named nobody; check the name and the folder"],
    ["it gets both", { serviceAccountId: ID, name: "app" }, "was given serviceAccountId and name; give one of them"],
    ["it gets neither", {}, "needs serviceAccountId or name"],
    ["what it gets is not an ID", { serviceAccountId: "app" }, '"app" must be the ID of a service account'],
    ["the name is not one", { name: 'a" OR name="b' }, "must be a name, of letters, digits and hyphens"],
    ["the folder is not one", { name: "app", folderId: "prod" }, '"prod" must be the ID of a folder'],
  ];

  it(`refuses in a sentence where ${refusals.map(([why]) => why).join(", ")}`, async () => {
    await using cloud = await startCloud();

    const questions = refusals.map(([, args]) => yandex.getIamServiceAccount.bind(undefined, args));
    expect(await answersTo(cloud, questions)).toEqual(refusals.map(([, , words]) => expect.stringContaining(words)));
  });

  it("refuses to choose where several have the name", async () => {
    await using cloud = await startCloud();
    const ids = [cloud.addAccount({ name: "app" }), cloud.addAccount({ name: "app" })];

    expect(await answerTo(cloud, () => yandex.getIamServiceAccount({ name: "app" }))).toContain(
      `has several service accounts named app: ${ids.join(", ")}; give serviceAccountId`,
    );
  });

  it("says which role the caller lacks", async () => {
    await using cloud = await startCloud();
    cloud.fault({ method: "ServiceAccountService/List", code: "PERMISSION_DENIED" });

    expect(await answerTo(cloud, () => yandex.getIamServiceAccount({ name: "app" }))).toContain(
      `service account app: ServiceAccountService/List failed as scripted; the deployer lacks the role iam.viewer on folder ${cloud.folderId}`,
    );
  });

  it("is not asked in a preview for what is not known yet", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, async () => {
      const { id } = new yandex.IamServiceAccount("app", { name: "shop-dev" });
      return { name: yandex.getIamServiceAccountOutput({ serviceAccountId: id }).name };
    });

    expect((await stack.preview()).steps).toEqual({ app: "create" });
    expect((await stack.up()).outputs.name?.value).toBe("shop-dev");
  });
});

describe("getResourcemanagerFolder", () => {
  it("finds a folder by its ID and by its name", async () => {
    await using cloud = await startCloud();
    const { cloudId } = cloud;
    const id = cloud.addFolder({ name: "prod" });

    const [byId, byName] = await answersTo(cloud, [
      () => yandex.getResourcemanagerFolder({ folderId: id }),
      () => yandex.getResourcemanagerFolder({ name: "prod", cloudId }),
    ]);

    expect(byId).toMatchObject({ id, folderId: id, name: "prod", cloudId, status: "active", labels: {} });
    expect(byName).toEqual(byId);
  });

  const ID = "b1g00000000000000009";
  const refusals: [why: string, args: yandex.GetResourcemanagerFolderArgs, words: string][] = [
    ["nobody has the ID", { folderId: ID }, `folder ${ID}: Folder with id ${ID} not found`],
    ["nobody has the name", { name: "moon" }, "has no folder named moon that the deployer may see"],
    ["it gets both", { folderId: ID, name: "prod" }, "was given folderId and name; give one of them"],
    ["it gets neither", {}, "needs folderId or name"],
    ["what it gets is not an ID", { folderId: "prod" }, '"prod" must be the ID of a folder'],
  ];

  it(`refuses in a sentence where ${refusals.map(([why]) => why).join(", ")}`, async () => {
    await using cloud = await startCloud();

    const questions = refusals.map(([, args]) =>
      yandex.getResourcemanagerFolder.bind(undefined, args.name ? { cloudId: cloud.cloudId, ...args } : args),
    );
    expect(await answersTo(cloud, questions)).toEqual(refusals.map(([, , words]) => expect.stringContaining(words)));
  });

  it("refuses to choose where several have the name", async () => {
    await using cloud = await startCloud();
    const { cloudId } = cloud;
    const ids = [cloud.addFolder({ name: "prod" }), cloud.addFolder({ name: "prod" })];

    expect(await answerTo(cloud, () => yandex.getResourcemanagerFolder({ name: "prod", cloudId }))).toContain(
      `has several folders named prod: ${ids.join(", ")}; give folderId`,
    );
  });

  it("says that it needs a cloud to look for a name", async () => {
    await using cloud = await startCloud();

    expect(await answerTo(cloud, () => yandex.getResourcemanagerFolder({ name: "prod" }))).toContain(
      "needs cloudId to look for a name, here or as yandex:cloudId",
    );
  });
});

describe("getIamApiKeyScopes", () => {
  it("lists what a key can be limited to, as the cloud tells it now", async () => {
    await using cloud = await startCloud();

    const { scopes } = (await answerTo(cloud, () => yandex.getIamApiKeyScopes())) as { scopes: string[] };

    expect(scopes).toContain("yc.ai.languageModels.execute");
    expect(scopes).toEqual([...scopes].sort());
    expect(cloud.calls.map(({ method }) => method)).toContain("ApiKeyService/ListScopes");
  });

  it("says why it has no list, instead of an empty one", async () => {
    await using cloud = await startCloud();
    cloud.fault({ method: "ApiKeyService/ListScopes", code: "PERMISSION_DENIED" });

    expect(await answerTo(cloud, () => yandex.getIamApiKeyScopes())).toContain(
      "the list of scopes: ApiKeyService/ListScopes failed as scripted",
    );
  });
});

describe("getIamApiKeyIds", () => {
  it("lists the keys of one account, also those of other creators", async () => {
    await using cloud = await startCloud();
    const [shop, blog] = ["shop", "blog"].map((name) => cloud.addAccount({ name }));
    const keys = [cloud.addApiKey(shop!), cloud.addApiKey(shop!)].map(({ id }) => id);
    cloud.addApiKey(blog!);

    expect(await answerTo(cloud, () => yandex.getIamApiKeyIds({ serviceAccountId: shop! }))).toEqual({
      ids: keys.sort(),
    });
  });

  it("says why it has no list, instead of an empty one", async () => {
    await using cloud = await startCloud();
    const shop = cloud.addAccount({ name: "shop" });
    cloud.fault({ method: "ApiKeyService/List", code: "PERMISSION_DENIED" });

    expect(await answerTo(cloud, () => yandex.getIamApiKeyIds({ serviceAccountId: shop }))).toContain(
      `the API keys of service account ${shop}: ApiKeyService/List failed as scripted`,
    );
  });
});

describe("getCloudTime", () => {
  it("tells the time of the cloud's clock and not of this machine's", async () => {
    await using cloud = await startCloud();
    cloud.clock.advance(100 * 24 * 60 * 60 * 1000);
    const before = cloud.clock.now();

    const { time } = (await answerTo(cloud, () => yandex.getCloudTime())) as { time: string };

    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(time)).toBeGreaterThanOrEqual(before - 1000);
    expect(Date.parse(time)).toBeLessThanOrEqual(cloud.clock.now());
  });

  it("says why the time is unknown", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(
      cloud,
      async () => ({ answer: await yandex.getCloudTime().catch((refusal: Error) => refusal.message) }),
      { env: { YC_AI_ENDPOINT: "http://127.0.0.1:1" } },
    );

    expect((await stack.up()).outputs.answer?.value).toContain("ECONNREFUSED");
  });
});
