import * as pulumi from "@pulumi/pulumi";
import { AiStudioAccess } from "../../components";
import { startCloud } from "../support/cloud";
import { access, advanceTo, startStackOn } from "../support/access";
import { dayAfter, rotation } from "./rotationDays";

describe("keys of a component", () => {
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it("belong to the component of their URN, though another one below a parent has the same name", async () => {
    await using cloud = await startCloud();
    const both = async () => {
      const parent = new pulumi.ComponentResource("my:index:Team", "team");
      await access({ rotation })();
      const serviceAccount = { name: "shop-of-team" };
      return access({ rotation: { ...rotation, trigger: "leak" }, serviceAccount }, "shop", { parent })();
    };
    await using stack = await startStackOn(cloud, both);
    advanceTo(cloud, stack, dayAfter(1));
    await stack.up();

    expect((await stack.preview()).steps).toEqual({});
    expect(cloud.snapshot().apiKeys).toHaveLength(2);
  });

  it.each([
    ["a rename with an alias", access({ rotation }, "store", { aliases: [{ name: "shop" }] })],
    ["a move under a parent with an alias", underParent],
    ["a rename with an alias that is an output", access({ rotation }, "store", { aliases: [storeAlias()] })],
  ])("survive %s, during an overlap", async (_, changed) => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }));
    advanceTo(cloud, stack, dayAfter(0));
    await stack.up();
    advanceTo(cloud, stack, dayAfter(62));
    const before = (await stack.up()).outputs;
    const grants = cloud.snapshot().grants;

    stack.program(changed);
    const after = (await stack.up()).outputs;

    expect([after.apiKey, after.previousApiKey]).toEqual([before.apiKey, before.previousApiKey]);
    expect(cloud.snapshot().grants).toEqual(grants);
    expect(cloud.writes("ApiKeyService").filter((write) => !write.startsWith("update"))).toHaveLength(2);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("survive a rename whose alias a transform adds, during an overlap", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }));
    advanceTo(cloud, stack, dayAfter(0));
    await stack.up();
    advanceTo(cloud, stack, dayAfter(62));
    const before = (await stack.up()).outputs;

    stack.program(async () => {
      pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
        type === "yandex-aistudio:index:AiStudioAccess"
          ? { props, opts: { ...opts, aliases: [{ name: "shop" }] } }
          : undefined,
      );
      return access({ rotation }, "store")();
    });
    const after = (await stack.up()).outputs;

    expect([after.apiKey, after.previousApiKey]).toEqual([before.apiKey, before.previousApiKey]);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("stay those of another component that uses the same account", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, async () => {
      const owner = new AiStudioAccess("shop", { capabilities: ["textGeneration"], rotation });
      const serviceAccount = { id: owner.serviceAccountId };
      new AiStudioAccess("search", { capabilities: ["textGeneration"], serviceAccount, rotation });
    });
    advanceTo(cloud, stack, dayAfter(0));
    await stack.up();
    advanceTo(cloud, stack, dayAfter(62));
    await stack.up();

    expect(cloud.snapshot().apiKeys).toHaveLength(4);
    advanceTo(cloud, stack, dayAfter(95));
    await stack.up();
    expect(cloud.snapshot().apiKeys).toHaveLength(2);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("survive the rename of a parent with an alias, during an overlap", async () => {
    await using cloud = await startCloud();
    const below =
      (name: string, aliases: pulumi.Alias[] = []) =>
      async () => {
        const grandparent = new pulumi.ComponentResource("my:index:Company", name, {}, { aliases });
        const parent = new pulumi.ComponentResource("my:index:Team", `${name}-team`, {}, { parent: grandparent });
        return access({ rotation }, `${name}-team-shop`, { parent })();
      };
    await using stack = await startStackOn(cloud, below("old"));
    advanceTo(cloud, stack, dayAfter(0));
    await stack.up();
    advanceTo(cloud, stack, dayAfter(62));
    const before = (await stack.up()).outputs;

    stack.program(below("new", [{ name: "old" }]));
    const after = (await stack.up()).outputs;

    expect([after.apiKey, after.previousApiKey]).toEqual([before.apiKey, before.previousApiKey]);
    expect((await stack.preview()).steps).toEqual({});
  });
});

function storeAlias(): pulumi.Alias {
  return { name: pulumi.output("shop") };
}

async function underParent() {
  const parent = new pulumi.ComponentResource("shop:index:Backend", "backend");
  return access({ rotation }, "shop", { parent, aliases: [{ parent: pulumi.rootStackResource }] })();
}
