import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";
import type { Stack } from "../../support/stack";

const SCOPES = ["yc.ai.languageModels.execute"];

/** An account with a fixed name, a role and a key that nobody has used. */
const access = (folderId: string) => async () => {
  const account = new yandex.IamServiceAccount("app", { name: "shop-dev" });
  const member = pulumi.interpolate`serviceAccount:${account.id}`;
  new yandex.ResourcemanagerFolderIamMember("grant", { folderId, role: "ai.languageModels.user", member });
  new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account.id, scopes: SCOPES });
};

const none = async () => {};

const things = (cloud: Emulator) => {
  const { accounts, apiKeys, grants } = cloud.snapshot();
  return { accounts, apiKeys, grants };
};

/** Takes resources out of the state, as a run leaves it that is killed before it knows of them, or `pulumi state rm`. */
async function forget(stack: Stack, ...names: string[]): Promise<void> {
  const { deployment, ...rest } = await stack.engine.exportStack();
  const resources = deployment.resources.filter(({ urn }: { urn: string }) => !names.includes(urn.split("::").at(-1)!));
  await stack.engine.importStack({ ...rest, deployment: { ...deployment, resources } });
}

/** Loses the answer to the creation of the account, and all that the state could have known of it. */
async function leaveAccountBegun(stack: Stack, cloud: Emulator): Promise<void> {
  cloud.fault({ method: "ServiceAccountService/Create", code: "UNAVAILABLE", when: "after", times: 20 });
  cloud.fault({ method: "ServiceAccountService/List", code: "UNAVAILABLE", times: 20 });
  expect((await stack.tryUp()).error).toBeDefined();
  cloud.clearFaults();
  await forget(stack, "app");
  expect(cloud.snapshot().accounts).toHaveLength(1);
}

describe("a second state of the same project and stack", () => {
  it("changes nothing in a preview, an update or a destroy, and says whose the account looks like", async () => {
    await using cloud = await startCloud();
    await using first = await startStack(cloud, access(cloud.folderId));
    await first.up();
    const before = things(cloud);
    await using second = await startStack(cloud, access(cloud.folderId));

    const preview = await second.tryPreview();
    const update = await second.tryUp();
    await second.destroy();

    const id = before.accounts[0]!.id;
    for (const { error } of [preview, update]) {
      expect(error).toContain(`name is held by ${id} in folder ${cloud.folderId}, made at 20`);
      expect(error).toContain("a stack of the project and name shop_dev made it");
      expect(error).toContain("PULUMI_BACKEND_URL");
      expect(error).toContain(`pulumi import yandex:index/iamServiceAccount:IamServiceAccount <resource name> ${id}`);
      expect(error).toContain(`YC_TAKE_OVER=${id}`);
    }
    expect(things(cloud)).toEqual(before);
    expect((await first.preview({ refresh: true })).steps).toEqual({});
  });

  it("takes the account over where YC_TAKE_OVER names it, and leaves the keys on it alone", async () => {
    await using cloud = await startCloud();
    await using lost = await startStack(cloud, access(cloud.folderId));
    await lost.up();
    const before = things(cloud);
    const id = before.accounts[0]!.id;
    await using next = await startStack(cloud, access(cloud.folderId), { env: { YC_TAKE_OVER: `aje0, ${id}` } });

    const { output } = await next.up();
    next.setEnv({ YC_TAKE_OVER: "" });

    expect(output).toContain(`service account shop-dev (${id}) exists already and is taken over`);
    const after = things(cloud);
    expect(after.accounts.map((account) => account.id)).toEqual([id]);
    expect(after.apiKeys.map((key) => key.id)).toContain(before.apiKeys[0]!.id);
    expect(after.apiKeys).toHaveLength(2);
    expect((await next.preview({ refresh: true })).steps).toEqual({});
    expect((await lost.tryUp({ replace: [(await lost.resources()).app!.urn] })).error).toContain("is held by");
  });
});

describe("a service account that an interrupted run began", () => {
  it("is taken over by the next run of the same state, also after the state has moved to another backend", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access(cloud.folderId));
    await leaveAccountBegun(stack, cloud);
    await using moved = await startStack(cloud, access(cloud.folderId));
    await moved.engine.importStack(await stack.engine.exportStack());

    await moved.up();

    expect(cloud.snapshot().accounts).toHaveLength(1);
    expect((await moved.preview({ refresh: true })).steps).toEqual({});
  });

  it.each([
    ["a new version of the SDK, whose default provider is another", { version: "0.2.0" }, undefined],
    ["a renamed stack", {}, "prod"],
  ])("is not taken over silently by %s", async (_title, options, name) => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access(cloud.folderId));
    await leaveAccountBegun(stack, cloud);
    const [before] = cloud.snapshot().accounts;
    if (name) await stack.engine.rename({ stackName: name });
    stack.program(async () => void new yandex.IamServiceAccount("app", { name: "shop-dev" }, options));

    const update = await stack.tryUp();
    stack.setEnv({ YC_TAKE_OVER: before!.id });
    await stack.up();

    expect(update.error).toContain("this stack had another name, another provider or another version of the SDK then");
    expect(cloud.snapshot().accounts).toMatchObject([{ id: before!.id }]);
  });
});

describe("what left the state without a deletion", () => {
  it("is not taken over: an account that was moved to another stack, and a key on it", async () => {
    await using cloud = await startCloud();
    await using dev = await startStack(cloud, access(cloud.folderId));
    await dev.up();
    await using other = await startStack(cloud, none, { name: "other", beside: dev });
    await other.up();
    const urns = Object.values(await dev.resources()).flatMap(({ urn, type }) =>
      type.startsWith("yandex:") ? [urn] : [],
    );
    const { pulumiCommand, envVars } = dev.engine.workspace as unknown as Workspace;
    await pulumiCommand.run(
      ["state", "move", "--yes", "--source", "organization/shop/dev", "--dest", "organization/shop/other", ...urns],
      dev.folder,
      { ...envVars, PULUMI_HOME: `${dev.folder}/home` },
    );
    expect(Object.keys(await other.resources())).toEqual(expect.arrayContaining(["app", "grant", "key"]));
    const before = things(cloud);

    const update = await dev.tryUp();
    await dev.destroy();

    expect(update.error).toContain("If it was moved to another state, choose another name");
    expect(things(cloud)).toEqual(before);
    other.program(access(cloud.folderId));
    expect((await other.preview({ refresh: true })).steps).toEqual({});
  });

  it("is not removed: a key with retainOnDelete, when the program declares it again", async () => {
    await using cloud = await startCloud();
    const serviceAccountId = cloud.addAccount({ name: "app" });
    const key = async () =>
      void new yandex.IamServiceAccountApiKey("key", { serviceAccountId, scopes: SCOPES }, { retainOnDelete: true });
    await using stack = await startStack(cloud, key);
    await stack.up();
    const [retained] = cloud.snapshot().apiKeys;
    stack.program(none);
    await stack.up();

    stack.program(key);
    await stack.up();

    expect(cloud.snapshot().apiKeys.map(({ id }) => id)).toContain(retained!.id);
    expect(cloud.snapshot().apiKeys).toHaveLength(2);
  });
});

/** The parts of the automation API's workspace by which a command without a method of its own is run. */
interface Workspace {
  pulumiCommand: { run(args: string[], cwd: string, env: Record<string, string>): Promise<unknown> };
  envVars: Record<string, string>;
}
