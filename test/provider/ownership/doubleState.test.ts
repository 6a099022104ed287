import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";
import type { Stack } from "../../support/stack";

const TEXT = "ai.languageModels.user";
const IMAGES = "ai.imageGeneration.user";

interface Wanted {
  role?: string;
  description?: string;
  /** Comes last, so that a run can fail after all replacements and before the first deletion. */
  last?: boolean;
}

const access =
  (folderId: string, { role = TEXT, description, last = false }: Wanted = {}) =>
  async () => {
    const app = new yandex.IamServiceAccount("app", { name: "shop-dev", description });
    const member = pulumi.interpolate`serviceAccount:${app.id}`;
    const grant = new yandex.ResourcemanagerFolderIamMember("grant", { folderId, role, member });
    if (last) new yandex.IamServiceAccount("last", { name: "shop-last" }, { dependsOn: [app, grant] });
    return { id: app.id };
  };

/** Makes what comes last in the program fail. */
function failLast(cloud: Emulator, skip: number, times = 1): void {
  const words = { code: "FAILED_PRECONDITION", message: "out of luck" } as const;
  cloud.fault({ method: "ServiceAccountService/Create", ...words, skip, times });
}

/** How often the state has a resource: once as it is, and once for each time that it is still to be deleted. */
async function timesInState(stack: Stack, name: string): Promise<number> {
  const { deployment } = await stack.engine.exportStack();
  return deployment.resources.filter(({ urn }: { urn: string }) => urn.endsWith(`::${name}`)).length;
}

const rolesOf = (cloud: Emulator, accountId: unknown): string[] =>
  cloud.snapshot().grants.flatMap(({ subjectId, roleId }) => (subjectId === accountId ? [roleId] : []));

// A run that fails or is killed between a replacement and the deletion that belongs to it leaves both in the state; the
// next run deletes what is left over. Here that is, in the cloud, the very thing that the state has.
describe("what a replacement that was not finished leaves to be deleted", () => {
  it.each([
    ["as it was", {}],
    ["with a change", { description: "for the shop" }],
  ])("is not the account with a fixed name that the program still has, %s", async (_title, change) => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access(cloud.folderId));
    const { id } = (await stack.up()).outputs;
    const key = cloud.addApiKey(String(id?.value));
    stack.program(access(cloud.folderId, { last: true }));
    const replace = [(await stack.resources()).app!.urn];
    // The provider cannot tell this from an account that was moved to another state, so the user says it.
    expect((await stack.tryUp({ replace })).error).toContain("If this run replaces it, choose another name");
    stack.setEnv({ YC_TAKE_OVER: String(id?.value) });
    failLast(cloud, 1);
    expect((await stack.tryUp({ replace })).error).toContain("out of luck");
    stack.setEnv({ YC_TAKE_OVER: undefined });
    expect(await timesInState(stack, "app")).toBe(2);

    stack.program(access(cloud.folderId, { last: true, ...change }));
    const { output, outputs } = await stack.up();

    expect(outputs.id).toEqual(id);
    const { accounts, apiKeys } = cloud.snapshot();
    expect(accounts).toMatchObject([{ id: id?.value, name: "shop-dev", ...change }, { name: "shop-last" }]);
    expect(apiKeys.map((one) => one.id)).toEqual([key.id]);
    expect(rolesOf(cloud, id?.value)).toEqual([TEXT]);
    expect(output).toMatch(/warning: service account shop-dev \(\w+\) is still the same/);
    expect(await timesInState(stack, "app")).toBe(1);
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
    await stack.destroy();
    expect(cloud.snapshot().accounts).toEqual([]);
  });

  it("is not the grant that the program still has", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access(cloud.folderId));
    const { id } = (await stack.up()).outputs;
    stack.program(access(cloud.folderId, { last: true }));
    failLast(cloud, 0);
    expect((await stack.tryUp({ replace: [(await stack.resources()).grant!.urn] })).error).toContain("out of luck");
    expect(await timesInState(stack, "grant")).toBe(2);

    await stack.up();

    expect(rolesOf(cloud, id?.value)).toEqual([TEXT]);
    expect(await timesInState(stack, "grant")).toBe(1);
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
    await stack.destroy();
    expect(rolesOf(cloud, id?.value)).toEqual([]);
  });

  it("is not the grant that the program still has, where another resource gives the same one up", async () => {
    await using cloud = await startCloud();
    const app = cloud.addAccount({ name: "app" });
    const args = { folderId: cloud.folderId, role: TEXT, member: `serviceAccount:${app}` };
    await using stack = await startStack(cloud, async () => {
      const twin = new yandex.ResourcemanagerFolderIamMember("twin", args);
      // The engine deletes it before what it depends on.
      new yandex.ResourcemanagerFolderIamMember("grant", args, { dependsOn: twin });
    });
    await stack.up();

    stack.program(async () => void new yandex.ResourcemanagerFolderIamMember("grant", args));
    await stack.up({ replace: [(await stack.resources()).grant!.urn] });

    expect(await stack.resources()).not.toHaveProperty("twin");
    expect(rolesOf(cloud, app)).toEqual([TEXT]);
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
  });

  it("is not a grant that was changed and changed back, and is the one that it was in between", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access(cloud.folderId));
    const { id } = (await stack.up()).outputs;
    failLast(cloud, 0, 2);
    for (const role of [IMAGES, TEXT]) {
      stack.program(access(cloud.folderId, { last: true, role }));
      expect((await stack.tryUp()).error).toContain("out of luck");
    }
    expect(await timesInState(stack, "grant")).toBe(3);

    await stack.up();

    expect(rolesOf(cloud, id?.value)).toEqual([TEXT]);
    expect(await timesInState(stack, "grant")).toBe(1);
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
  });
});

// Diff finds no change, and the engine replaces the account all the same.
describe("an account whose creation was not seen to its end, with replaceOnChanges", () => {
  it.each([
    ["after the creation of the next one", false],
    ["before the creation of the next one", true],
  ])("is deleted %s", async (_title, deleteBeforeReplace) => {
    await using cloud = await startCloud();
    const options = { replaceOnChanges: ["*"], deleteBeforeReplace };
    await using stack = await startStack(cloud, async () => {
      return { id: new yandex.IamServiceAccount("app", {}, options).id };
    });
    cloud.switches.operations = { ms: 20 };
    cloud.fault({ method: "OperationService/Get", code: "PERMISSION_DENIED" });
    expect((await stack.tryUp()).error).toBeDefined();

    const { outputs } = await stack.up();

    expect(cloud.snapshot().accounts.map(({ id }) => id)).toEqual([outputs.id?.value]);
  });
});
