import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import { AiStudioAccess } from "../../components";
import type { Emulator } from "../../emulator/emulator";
import { startCloud, startCloudAt } from "../support/cloud";
import { startStack, type Stack } from "../support/stack";
import { access, advanceTo, chat, startStackOn } from "../support/access";

const text = ["textGeneration" as const];

describe("a change of an application", () => {
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  // Cases 1 and 37.
  it("shows another key for a new name without an alias, and its role is never missing", async () => {
    await using cloud = await startCloud();
    const serviceAccount = { id: cloud.addAccount({ name: "shared" }) };
    await using stack = await startStack(cloud, access({ serviceAccount }));
    await stack.up();
    const { grants } = cloud.snapshot();

    stack.program(access({ serviceAccount }, "store"));
    const { steps } = await stack.preview();
    const { outputs } = await stack.up();

    expect(steps).toMatchObject({ store: "create", shop: "delete" });
    expect(cloud.snapshot().grants).toEqual(grants);
    expect(await chat(cloud, outputs.apiKey?.value)).toBe("200");
  });

  // Case 37.
  it.each([
    ["a name, with an alias", access({}, "store", { aliases: [{ name: "shop" }] })],
    ["a parent, with an alias", underParent],
  ])("shows that it creates nothing and deletes nothing: to %s", async (_, changed) => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access());
    const { apiKeyId, apiKey } = (await stack.up()).outputs;

    stack.program(changed);
    const { backend: _parent, ...steps } = (await stack.preview()).steps;
    const { outputs } = await stack.up();

    expect(new Set([...Object.values(steps), "update"])).toEqual(new Set(["update"]));
    expect([outputs.apiKeyId, outputs.apiKey]).toEqual([apiKeyId, apiKey]);
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
  });

  // Case 27.
  it("does not pile up keys while what uses them fails, and gets through with a quota of three", async () => {
    await using cloud = await startCloudAt("2027-01-01T00:00:00Z");
    cloud.switches.quotas.apiKeys = 3;
    const rotation = (trigger: string) => ({ everyDays: 60, overlapDays: 30, anchor: "2027-01-01", trigger });
    await using stack = await startStackOn(cloud, access({ rotation: rotation("one") }));
    advanceTo(cloud, stack, "2027-01-05T00:00:00Z");
    await stack.up();

    stack.program(async () => {
      const outputs = await access({ rotation: rotation("two") })();
      // Something that needs the new key, and comes when all that the component gives out is there.
      const keys = pulumi.all([outputs.apiKeyId, outputs.apiKey, outputs.previousApiKey]);
      const between = new pulumi.Stash("between", { input: keys.apply(([id]) => id) });
      new yandex.IamServiceAccount("user", {}, { dependsOn: between });
      return outputs;
    });
    const refused = { code: "FAILED_PRECONDITION", message: "not today", times: "always" } as const;
    cloud.fault({ method: "ServiceAccountService/Create", ...refused });
    for (let attempt = 0; attempt < 4; attempt++) {
      expect((await stack.tryUp()).error).toContain("not today");
      expect(cloud.snapshot().apiKeys.length).toBeLessThanOrEqual(2);
    }
    cloud.clearFaults();
    const { outputs } = await stack.up();

    for (const key of [outputs.apiKey, outputs.previousApiKey]) expect(await chat(cloud, key?.value)).toBe("200");
    expect(cloud.snapshot().apiKeys).toHaveLength(2);
  });

  // Cases 18 and 38.
  it.each([
    ["the account", (cloud: Emulator, stack: Stack) => remove(cloud, stack, "serviceAccounts", "serviceAccountId")],
    ["the key", (cloud: Emulator, stack: Stack) => remove(cloud, stack, "apiKeys", "apiKeyId")],
  ])("shows in a refresh and is repaired by the next update where somebody removes %s", async (_, takeAway) => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access());
    const before = (await stack.up()).outputs;
    await takeAway(cloud, stack);

    const { steps } = await stack.refresh();
    const { outputs } = await stack.up();

    expect(steps["shop"]).toBe("delete");
    expect(await chat(cloud, before.apiKey?.value)).toMatch(/^401/);
    expect(await chat(cloud, outputs.apiKey?.value)).toBe("200");
    expect((await stack.preview()).steps).toEqual({});
    await takeAway(cloud, stack);
    await stack.destroy();
    expect(cloud.snapshot().accounts).toEqual([]);
  });
});

describe("several applications", () => {
  it("live in one folder without touching each other", async () => {
    await using cloud = await startCloud();
    const all = (names: string[]) => async () =>
      Object.fromEntries(names.map((name) => [name, new AiStudioAccess(name, { capabilities: text }).apiKey]));
    await using stack = await startStack(cloud, all(["one", "two", "three"]));
    const { outputs } = await stack.up();

    stack.program(all(["one", "three"]));
    await stack.up();

    const answers = ["one", "two", "three"].map((name) => chat(cloud, outputs[name]?.value));
    expect((await Promise.all(answers)).map((answer) => answer.slice(0, 3))).toEqual(["200", "401", "200"]);
    expect((await stack.preview()).steps).toEqual({});
  });

  // Case 2, over two stacks, of which neither can know the other.
  it("are warned where two stacks share an account, and one run creates again what the other's destroy deleted", async () => {
    await using cloud = await startCloud();
    const serviceAccount = { id: cloud.addAccount({ name: "shared" }) };
    await using first = await startStack(cloud, access({ serviceAccount }));
    await using second = await startStack(cloud, access({ serviceAccount }), { name: "other", beside: first });
    const { apiKey } = (await first.up()).outputs;

    const { output } = await second.up();
    expect(output).toContain("already had ai.languageModels.user");
    await second.destroy();

    expect((await first.refresh()).steps).toEqual({ "shop-ai.languageModels.user": "delete" });
    await first.up();
    expect(await chat(cloud, apiKey?.value)).toBe("200");
  });
});

describe("the name of an account", () => {
  // Cases 14 and 15.
  it.each(["PR_1234.Feature-Foo", `long-${"x".repeat(80)}`, "2027"])(
    "is legal in the stack %s, shown in the preview, and stays",
    async (name) => {
      await using cloud = await startCloud();
      await using stack = await startStack(cloud, access(), { name });

      const { stdout } = await stack.engine.preview({ diff: true });
      const shown = /^ +name +: "(.+)"$/m.exec(stdout)?.[1];
      const { serviceAccountName } = (await stack.up()).outputs;

      expect(serviceAccountName?.value).toBe(shown);
      expect(shown).toMatch(/^shop-[a-z0-9-]{0,49}[0-9a-f]{8}$/);
      expect((await stack.up()).steps).toEqual({});
    },
  );
});

async function underParent() {
  const parent = new pulumi.ComponentResource("shop:index:Backend", "backend");
  return access({}, "shop", { parent, aliases: [{ parent: pulumi.rootStackResource }] })();
}

/** Deletes what the stack tells the ID of, as somebody does in the console. */
async function remove(cloud: Emulator, stack: Stack, path: string, output: string): Promise<void> {
  const id = (await stack.outputs())[output]?.value as string;
  const headers = { authorization: `Bearer ${cloud.token}` };
  const answer = await fetch(`${cloud.url}/iam/v1/${path}/${id}`, { method: "DELETE", headers });
  expect(answer.status).toBe(200);
}
