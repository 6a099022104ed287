import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

/** The engine marks with this key what it encrypts, and shows the rest where a state is exported. */
const SEALED = "4dabf18193072939515e22adb298388d";

const account =
  (args: yandex.IamServiceAccountArgs = {}, options: pulumi.CustomResourceOptions = {}, name = "app") =>
  async () => ({ id: new yandex.IamServiceAccount(name, { name: "shop-dev", ...args }, options).id });

const accounts = (cloud: Emulator) => cloud.snapshot().accounts;

class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super("shop:index:Group", name);
  }
}

describe("an option of a resource", () => {
  it("leaves a property as it is, one label too (ignoreChanges)", async () => {
    await using cloud = await startCloud();
    const first = { description: "first", labels: { team: "shop", env: "dev" } };
    const second = { description: "second", labels: { team: "web", env: "dev" } };
    await using stack = await startStack(cloud, account(first));
    await stack.up();

    stack.program(account(second, { ignoreChanges: ["description", "labels.team"] }));
    expect((await stack.preview()).steps).toEqual({});
    stack.program(account(second, { ignoreChanges: ["labels.team"] }));
    expect(await stack.up()).toMatchObject({ steps: { app: "update" }, diffs: { app: ["description"] } });

    expect(accounts(cloud)).toMatchObject([{ description: "second", labels: { team: "shop", env: "dev" } }]);
  });

  it("replaces an account, whose fixed name is free again (replaceOnChanges)", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account({ description: "first" }));
    const first = (await stack.up()).outputs.id?.value;
    const options = { replaceOnChanges: ["description"], deleteBeforeReplace: true };

    stack.program(account({ description: "second" }, options));
    const { steps, outputs } = await stack.up();

    expect(steps).toEqual({ app: "replace" });
    const second = outputs.id?.value;
    expect(cloud.writes("ServiceAccountService")).toEqual([`create ${first}`, `delete ${first}`, `create ${second}`]);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("refuses to replace an account in use with a fixed name, and says which option replaces it (--replace)", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account());
    const first = (await stack.up()).outputs.id?.value as string;
    const key = cloud.addApiKey(first);
    const replace = [(await stack.resources()).app!.urn];

    const { error } = await stack.tryUp({ replace });

    expect(error).toContain("If this run replaces it, choose another name or the option deleteBeforeReplace");
    expect(accounts(cloud).map(({ id }) => id)).toEqual([first]);
    expect(cloud.snapshot().apiKeys.map(({ id }) => id)).toEqual([key.id]);
    expect((await stack.outputs()).id?.value).toBe(first);
    stack.program(account({}, { deleteBeforeReplace: true }));
    const second = (await stack.up({ replace })).outputs.id?.value;
    expect(second).not.toBe(first);
    expect(accounts(cloud).map(({ id }) => id)).toEqual([second]);
  });

  it("replaces a key in use before the old one is deleted, and leaves a role as it is (--replace)", async () => {
    await using cloud = await startCloud();
    const { folderId } = cloud;
    const serviceAccountId = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, async () => {
      const member = `serviceAccount:${serviceAccountId}`;
      new yandex.ResourcemanagerFolderIamMember("grant", { folderId, role: "ai.languageModels.user", member });
      const scopes = ["yc.ai.languageModels.execute"];
      const key = new yandex.IamServiceAccountApiKey("key", { serviceAccountId, scopes });
      return { id: key.id, secret: key.secretKey };
    });
    const before = (await stack.up()).outputs;
    await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${before.secret?.value}` } });
    const granted = cloud.snapshot().grants;
    const { grant, key } = await stack.resources();

    const { id } = (await stack.up({ replace: [grant!.urn, key!.urn] })).outputs;

    const [first, second] = [before.id?.value, id?.value];
    const writes = cloud.writes("ApiKeyService").filter((write) => !write.startsWith("update"));
    expect(writes).toEqual([`create ${first}`, `create ${second}`, `delete ${first}`]);
    expect(cloud.snapshot().grants).toEqual(granted);
    await stack.destroy();
    expect(cloud.snapshot()).toMatchObject({ apiKeys: [], grants: granted.slice(0, 1) });
  });

  it("lets a resource be renamed and moved under a parent without a step (aliases)", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account());
    const { id } = (await stack.up()).outputs;

    stack.program(account({}, { aliases: [{ name: "app" }] }, "web"));
    expect(await stack.up()).toMatchObject({ steps: {}, outputs: { id } });
    stack.program(async () => {
      const options = { parent: new Group("group"), aliases: [{ parent: pulumi.rootStackResource }] };
      return account({}, options, "web")();
    });
    const { steps, outputs } = await stack.up();

    expect(steps).toEqual({ group: "create" });
    expect(outputs).toEqual({ id });
    expect(cloud.writes("ServiceAccountService")).toEqual([`create ${id?.value}`]);
  });

  it("protect keeps an account from being destroyed", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account({}, { protect: true }));
    const { id } = (await stack.up()).outputs;

    expect((await stack.tryDestroy()).error).toContain("cannot be deleted");

    expect(accounts(cloud)).toMatchObject([{ id: id?.value }]);
  });

  // Case 63.
  it("lets an account leave the stack and stay in the cloud (retainOnDelete)", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account({}, { retainOnDelete: true }));
    const { id } = (await stack.up()).outputs;

    await stack.destroy();

    expect(await stack.resources()).toEqual({});
    expect(accounts(cloud)).toMatchObject([{ id: id?.value }]);
  });

  it("seals an output in the state, after a change and a refresh too (additionalSecretOutputs)", async () => {
    await using cloud = await startCloud();
    const options = { additionalSecretOutputs: ["createdAt"] };
    await using stack = await startStack(cloud, account({ description: "first" }, options));
    const sealed = async () => (await stack.resources()).app?.outputs.createdAt;

    await stack.up();
    expect(await sealed()).toHaveProperty(SEALED);
    stack.program(account({ description: "second" }, options));
    await stack.up();
    expect(await sealed()).toHaveProperty(SEALED);
    await stack.refresh();
    expect(await sealed()).toHaveProperty(SEALED);
  });
});

it("creates only the target of a run that has one", async () => {
  await using cloud = await startCloud();
  const roles = ["viewer", "editor"].map((role) => ({ role, name: `grant-${role}` }));
  await using stack = await startStack(cloud, async () => {
    const app = new yandex.IamServiceAccount("app", { name: "shop-dev" });
    const member = pulumi.interpolate`serviceAccount:${app.id}`;
    for (const { role, name } of roles) {
      new yandex.ResourcemanagerFolderIamMember(name, { folderId: cloud.folderId, role, member });
    }
  });
  const urnOf = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;

  const onlyAccount = await stack.up({ target: [urnOf("yandex:index/iamServiceAccount:IamServiceAccount", "app")] });
  expect(onlyAccount.steps).toEqual({ app: "create" });
  const grantType = "yandex:index/resourcemanagerFolderIamMember:ResourcemanagerFolderIamMember";
  const onlyGrant = await stack.up({ target: [urnOf(grantType, "grant-viewer")] });
  expect(onlyGrant.steps).toEqual({ "grant-viewer": "create" });
  expect((await stack.up()).steps).toEqual({ "grant-editor": "create" });
  expect((await stack.preview()).steps).toEqual({});
});
