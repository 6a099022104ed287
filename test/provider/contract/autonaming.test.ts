import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack, type Stack } from "../../support/stack";

const account =
  (resource: string, args: yandex.IamServiceAccountArgs = {}) =>
  async () => {
    new yandex.IamServiceAccount(resource, args);
  };

/** As it is in the project file. */
const naming = (value: object) => ({ projectOptions: { config: { "pulumi:autonaming": { value } } } });

const namesOf = (cloud: Emulator): string[] => cloud.snapshot().accounts.map(({ name }) => name);

/** The name that a preview shows for an account that would be made. */
async function previewedName(stack: Stack): Promise<string | undefined> {
  const { stdout } = await stack.engine.preview({ diff: true });
  return /^ +name +: "(.*)"$/m.exec(stdout)?.[1];
}

// Case 15.
describe("an account that the program gives no name", () => {
  it("has that of its resource and an end that keeps it apart, for as long as it lives", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account("Shop_App"));
    await using other = await startStack(cloud, account("Shop_App"), { name: "prod" });

    expect(await previewedName(stack)).toMatch(/^shop-app-[0-9a-f]{7}$/);
    await stack.up();
    const [name] = namesOf(cloud);
    await other.up();
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
    stack.program(account("Shop_App", { description: "another" }));
    expect((await stack.up()).steps).toEqual({ Shop_App: "update" });

    expect(name).toMatch(/^shop-app-[0-9a-f]{7}$/);
    expect(namesOf(cloud)).toHaveLength(2);
    expect(namesOf(cloud)).toContain(name);
  });

  it.each([
    ["has that of its resource and no more", { mode: "verbatim" }, "app", /^app$/],
    ["has one of the pattern, made legal,", { pattern: "${name}_${hex(4)}" }, "Shop", /^shop-[0-9a-f]{4}$/],
    [
      "has one of the pattern",
      { pattern: "${project}-${stack}-${name}-${hex(4)}" },
      "app",
      /^shop-dev-app-[0-9a-f]{4}$/,
    ],
    ["has one of the pattern", { providers: { yandex: { pattern: "x-${name}" } } }, "app", /^x-app$/],
  ])("follows the project: %s where it says %j", async (_title, setting, resource, expected) => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account(resource), naming(setting));

    expect(await previewedName(stack)).toMatch(expected);
    await stack.up();

    expect(namesOf(cloud)).toEqual([expect.stringMatching(expected)]);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("is refused in the preview where the project makes up no names, until it has one", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account("app"), naming({ mode: "disabled" }));

    const { error } = await stack.tryPreview();
    stack.program(account("app", { name: "shop-dev" }));
    await stack.up();

    expect(error).toContain("the project's settings disable autonaming; give a name");
    expect(namesOf(cloud)).toEqual(["shop-dev"]);
  });

  it.each([{ mode: "verbatim" }, { pattern: "${name}", enforce: true }])(
    "is refused in the preview where the project insists on a name that the cloud would not take: %j",
    async (insisting) => {
      await using cloud = await startCloud();
      await using stack = await startStack(cloud, account("Shop_App"), naming(insisting));

      const { error } = await stack.tryPreview();

      expect(error).toContain('"Shop_App" must have 3 to 63 lower-case letters, digits and hyphens');
      expect(cloud.calls).toEqual([]);
    },
  );

  it("keeps its name when the stack's settings begin to name otherwise", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account("app"));
    await stack.up();
    const [name] = namesOf(cloud);

    await stack.engine.setConfig("pulumi:autonaming.mode", { value: "verbatim" }, true);
    expect((await stack.preview()).steps).toEqual({});
    await stack.up();
    expect(namesOf(cloud)).toEqual([name]);
    stack.program(async () => void [await account("app")(), await account("worker")()]);
    await stack.up();

    expect(namesOf(cloud).sort()).toEqual([name, "worker"]);
  });

  it("is kept in the state when the answer with it is lost, for no later run would make up the same name", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account("app"), { config: { "yandex:maxRetries": "0" } });
    cloud.fault({ method: "ServiceAccountService/Create", code: "UNAVAILABLE", when: "after" });

    expect((await stack.tryUp()).output).toContain("run the update again to go on with it");
    const [name] = namesOf(cloud);
    await stack.up();

    expect(name).toMatch(/^app-[0-9a-f]{7}$/);
    expect(namesOf(cloud)).toEqual([name]);
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();
    expect(namesOf(cloud)).toEqual([]);
  });

  it("is deleted before its successor is created where both would have the same name", async () => {
    await using cloud = await startCloud();
    const folderId = cloud.addFolder();
    await using stack = await startStack(cloud, account("app"), naming({ mode: "verbatim" }));
    await stack.up();

    await stack.set("yandex:folderId", folderId);
    expect((await stack.up()).steps).toEqual({ app: "replace" });

    expect(cloud.snapshot().accounts).toMatchObject([{ name: "app", folderId }]);
    const verbs = cloud.writes("ServiceAccountService").map((write) => write.split(" ")[0]);
    expect(verbs).toEqual(["create", "delete", "create"]);
  });
});
