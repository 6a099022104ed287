import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

const TEXT = "ai.languageModels.user";
const IMAGES = "ai.imageGeneration.user";
const slowly = { switches: { operations: { ms: 60_000 } } };

/** What was begun comes to its end, and from now on the cloud is quick. */
function finish(cloud: Emulator): void {
  cloud.clock.advance(60_000);
  cloud.switches.operations = "atOnce";
}

const grantsOf = (cloud: Emulator, account: string): string[] =>
  cloud
    .snapshot()
    .grants.filter(({ subjectId }) => subjectId === account)
    .map(({ roleId }) => roleId);

it.each(["1000h", "64001ms"])("accepts each time limit: %s", async (create) => {
  await using cloud = await startCloud({ switches: { operations: { polls: 1 } } });
  await using stack = await startStack(cloud, async () => {
    new yandex.IamServiceAccount("app", { name: "shop-dev" }, { customTimeouts: { create } });
  });

  expect((await stack.up()).steps).toEqual({ app: "create" });
});

describe("a time limit that is shorter than the cloud takes", () => {
  const limited = (customTimeouts: pulumi.CustomTimeouts) => async () => ({
    id: new yandex.IamServiceAccount("app", { name: "shop-dev" }, { customTimeouts }).id,
  });

  it("loses no account: the next run goes on with it", async () => {
    await using cloud = await startCloud(slowly);
    await using stack = await startStack(cloud, limited({ create: "1s" }));

    const { output } = await stack.tryUp();
    expect(output).toMatch(
      /began to create service account shop-dev .*, but .* the time limit was reached.*; run the update again/,
    );
    finish(cloud);
    const { id } = (await stack.up()).outputs;

    expect(cloud.snapshot().accounts).toMatchObject([{ id: id?.value, name: "shop-dev" }]);
    expect(cloud.writes("ServiceAccountService")).toEqual([`create ${id?.value}`]);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("keeps in the state what it was to delete, until it no longer exists", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, limited({ delete: "1s" }));
    await stack.up();
    cloud.switches.operations = { ms: 60_000 };

    const { error } = await stack.tryDestroy();
    expect(error).toMatch(/service account shop-dev: .* the time limit was reached/);
    expect(await stack.resources()).toHaveProperty("app");
    finish(cloud);
    await stack.destroy();

    expect(await stack.resources()).toEqual({});
    expect(cloud.snapshot().accounts).toEqual([]);
  });

  // Case 22.
  it("makes no second key where the answer with the first comes too late", async () => {
    await using cloud = await startCloud();
    const serviceAccountId = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, async () => {
      const args = { serviceAccountId, scopes: ["yc.ai.languageModels.execute"] };
      const key = new yandex.IamServiceAccountApiKey("key", args, { customTimeouts: { create: "1s" } });
      return { id: key.id };
    });
    cloud.fault({ method: "ApiKeyService/Create", when: "after", hang: true });

    const { error } = await stack.tryUp();
    expect(error).toMatch(/an API key of service account .* the call was cut off: the time limit was reached/);
    const { id } = (await stack.up()).outputs;

    expect(cloud.snapshot().apiKeys).toMatchObject([{ id: id?.value }]);
    await stack.destroy();
    expect(cloud.snapshot().apiKeys).toEqual([]);
  });

  it("lets a destroy delete what was created after all", async () => {
    await using cloud = await startCloud(slowly);
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, async () => {
      const grant = { folderId: cloud.folderId, role: TEXT, member: `serviceAccount:${account}` };
      new yandex.ResourcemanagerFolderIamMember("grant", grant, { customTimeouts: { create: "1s" } });
    });

    expect((await stack.tryUp()).output).toMatch(/the provider stopped waiting for it: the time limit was reached/);
    finish(cloud);
    await stack.refresh();
    expect(grantsOf(cloud, account)).toEqual([TEXT]);
    await stack.destroy();

    expect(grantsOf(cloud, account)).toEqual([]);
    expect(await stack.resources()).toEqual({});
  });

  it("is for its own grant only, and not for those that go in the same call", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 9_000 } } });
    const { folderId } = cloud;
    const account = cloud.addAccount({ name: "app" });
    const member = `serviceAccount:${account}`;
    await using stack = await startStack(cloud, async () => {
      const customTimeouts = { create: "1s" };
      new yandex.ResourcemanagerFolderIamMember("short", { folderId, role: TEXT, member }, { customTimeouts });
      new yandex.ResourcemanagerFolderIamMember("long", { folderId, role: IMAGES, member });
    });

    const { output } = await stack.tryUp();
    expect(output).toMatch(/granting ai.languageModels.user for .* the time limit was reached.*; run the update again/);
    expect(output).not.toMatch(/granting ai.imageGeneration.user/);
    const { short, long } = await stack.resources();
    expect([short?.initErrors, long?.initErrors]).toEqual([[expect.stringContaining(TEXT)], undefined]);
    cloud.switches.operations = "atOnce";
    expect((await stack.up()).steps).toEqual({ short: "update" });

    expect(grantsOf(cloud, account).sort()).toEqual([IMAGES, TEXT]);
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();
    expect(grantsOf(cloud, account)).toEqual([]);
  });
});
