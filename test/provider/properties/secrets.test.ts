import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";

const TEXT = "yc.ai.languageModels.execute";

/** The engine marks with this key what it encrypts, and shows the rest where a state is exported. */
const SEALED = "4dabf18193072939515e22adb298388d";

const hidden = { description: "hidden-description", label: "hidden-label", remark: "hidden-remark" };

const program =
  (name: string, wrap: <T>(value: T) => pulumi.Input<T> = pulumi.secret) =>
  async () => {
    const labels = { team: wrap(hidden.label), env: "dev" };
    const app = new yandex.IamServiceAccount("app", { name, description: wrap(hidden.description), labels });
    new yandex.IamServiceAccountApiKey("key", {
      serviceAccountId: app.id,
      scopes: [wrap(TEXT)],
      description: wrap(hidden.remark),
    });
  };

describe("a secret anywhere in the inputs", () => {
  // Cases 46 and 48.
  it("stands nowhere in clear, after a refresh and a change neither", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, program("shop-dev"));
    const leaks = async () => {
      const found = Object.values(hidden).map((text) => leaksOf(text, stack.folder, { printed: stack.printed() }));
      return (await Promise.all(found)).flat();
    };

    await stack.up();
    expect(await leaks()).toEqual([]);
    expect((await stack.up({ refresh: true })).steps).toEqual({});
    expect(await leaks()).toEqual([]);
    stack.program(program("shop-new"));
    expect((await stack.up()).steps).toEqual({ app: "update" });
    expect(await leaks()).toEqual([]);
    const { app, key } = await stack.resources();

    expect(app?.outputs).toMatchObject({
      description: { [SEALED]: expect.any(String) },
      labels: { team: { [SEALED]: expect.any(String) }, env: "dev" },
    });
    expect(key?.outputs.scopes).toHaveProperty(SEALED);
    expect(cloud.snapshot().accounts).toMatchObject([{ description: hidden.description, name: "shop-new" }]);
  });

  it("may stop being one, or become one, and nothing is replaced", async () => {
    await using cloud = await startCloud();
    const open = program("shop-dev", (value) => value);
    await using stack = await startStack(cloud, open);
    await stack.up();
    const writes = [...cloud.writes("ServiceAccountService"), ...cloud.writes("ApiKeyService")];
    const made = writes.filter((write) => write.startsWith("create"));

    stack.program(program("shop-dev"));
    expect(Object.values((await stack.up()).steps)).not.toContain("replace");
    expect((await stack.resources()).app?.outputs.description).toHaveProperty(SEALED);
    expect((await stack.preview()).steps).toEqual({});
    stack.program(open);
    expect(Object.values((await stack.up()).steps)).not.toContain("replace");
    expect((await stack.preview()).steps).toEqual({});

    expect(made).toHaveLength(2);
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
    expect(cloud.snapshot().accounts).toHaveLength(1);
  });
});

// Case 47.
it("previews inputs with unknown values at any place", async () => {
  await using cloud = await startCloud();
  await using stack = await startStack(cloud, async () => {
    const first = new yandex.IamServiceAccount("first", { name: "shop-first" });
    const labels = { owner: first.id, env: "dev" };
    const second = new yandex.IamServiceAccount("second", { name: "shop-second", labels });
    const unknownKeys = first.id.apply((id) => ({ [id]: "owner" }));
    new yandex.IamServiceAccount("third", { name: "shop-third", labels: unknownKeys });
    const scopes = [first.id.apply(() => TEXT), "yc.ai.imageGeneration.execute"];
    new yandex.IamServiceAccountApiKey("key", { serviceAccountId: second.id, scopes });
  });
  const steps = { first: "create", second: "create", third: "create", key: "create" };

  expect((await stack.preview()).steps).toEqual(steps);
  expect(cloud.snapshot().accounts).toEqual([]);
  expect((await stack.up()).steps).toEqual(steps);
  expect((await stack.preview()).steps).toEqual({});

  const { accounts, apiKeys } = cloud.snapshot();
  const first = accounts.find(({ name }) => name === "shop-first")?.id ?? "";
  expect(accounts.find(({ name }) => name === "shop-second")?.labels).toMatchObject({ owner: first, env: "dev" });
  expect(accounts.find(({ name }) => name === "shop-third")?.labels).toMatchObject({ [first]: "owner" });
  expect(apiKeys[0]?.scopes).toEqual(["yc.ai.imageGeneration.execute", TEXT]);
});

// A member is part of the ID of its grant, and a name of what is said of an account.
it("shows a secret member or name neither in an ID nor in a message", async () => {
  await using cloud = await startCloud();
  const { folderId } = cloud;
  const account = cloud.addAccount({ name: "app", roles: ["ai.models.user"] });
  cloud.addAccount({ name: "hidden-name" });
  const grants = (...roles: string[]) => {
    const member = pulumi.secret(`serviceAccount:${account}`);
    for (const role of roles) new yandex.ResourcemanagerFolderIamMember(role, { folderId, role, member });
  };
  await using stack = await startStack(cloud, async () => grants("ai.models.user", "ai.languageModels.user"));
  const rolesOf = () =>
    cloud.snapshot().grants.flatMap(({ subjectId, roleId }) => (subjectId === account ? [roleId] : []));

  expect((await stack.up()).output).toContain("[secret] already had ai.models.user");
  expect((await stack.up({ refresh: true })).steps).toEqual({});
  stack.program(async () => grants("ai.models.user", "ai.nothing.user"));
  expect((await stack.tryUp()).error).toContain("granting ai.nothing.user for [secret]");
  stack.program(async () => grants("ai.models.user"));
  await stack.up();
  expect(rolesOf()).toEqual(["ai.models.user"]);
  stack.program(async () => void new yandex.IamServiceAccount("app", { name: pulumi.secret("hidden-name") }));
  expect((await stack.tryUp()).error).toMatch(/service account \[secret\]: the name is held by/);
  await stack.destroy();

  expect(rolesOf()).toEqual([]);
  for (const text of [account, "hidden-name"]) {
    expect(await leaksOf(text, stack.folder, { printed: stack.printed() })).toEqual([]);
  }
});
