import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";
import type { Stack } from "../../support/stack";

const SCOPES = ["yc.ai.languageModels.execute"];

/** A key on an account that was there before, so that nothing but the provider itself can clean up after it. */
const key =
  (serviceAccountId: string, more: Partial<yandex.IamServiceAccountApiKeyArgs> = {}, replaceOnChanges: string[] = []) =>
  async () => {
    const args = { serviceAccountId, scopes: SCOPES, ...more };
    const made = new yandex.IamServiceAccountApiKey("key", args, { replaceOnChanges });
    return { id: made.id, secret: made.secretKey };
  };

const liveKeys = (cloud: Emulator): string[] => cloud.snapshot().apiKeys.map(({ id }) => id);

/** The one key that lives is the one that the stack exports, and it is shown nowhere. */
async function expectOneKeyOf(stack: Stack, cloud: Emulator): Promise<void> {
  const outputs = await stack.outputs();
  expect(liveKeys(cloud)).toEqual([outputs.id?.value]);
  const masked = cloud.snapshot().apiKeys[0]?.maskedSecret.replace(/^\*+/, "");
  expect(String(outputs.secret?.value).endsWith(masked ?? "-")).toBe(true);
  expect(await leaksOf(outputs.secret?.value, stack.folder, { printed: stack.printed() })).toEqual([]);
}

interface Recorded {
  type: string;
  urn: string;
  taint?: boolean;
}

async function changeState(stack: Stack, change: (resources: Recorded[]) => Recorded[]): Promise<void> {
  const { deployment, ...rest } = await stack.engine.exportStack();
  await stack.engine.importStack({ ...rest, deployment: { ...deployment, resources: change(deployment.resources) } });
}

/** As a run leaves the state that is killed before it is saved. */
const forgetKeys = (stack: Stack) =>
  changeState(stack, (resources) => resources.filter(({ type }) => !type.endsWith("ApiKey")));

/** As `pulumi state taint` does. */
const taint = (stack: Stack, urn: string) =>
  changeState(stack, (resources) => resources.map((one) => (one.urn === urn ? { ...one, taint: true } : one)));

// Cases 20, 21 and 22.
describe("a key whose making was disturbed", () => {
  const disturbances: [name: string, fault: Parameters<Emulator["fault"]>[0], failures: number][] = [
    ["the connection is cut before the cloud has it", { method: "ApiKeyService/Create", cut: true, when: "before" }, 0],
    ["the connection is cut after the cloud has it", { method: "ApiKeyService/Create", cut: true, when: "after" }, 0],
    ["the answer is lost", { method: "ApiKeyService/Create", code: "UNAVAILABLE", when: "after" }, 0],
    ["the answer is lost twice", { method: "ApiKeyService/Create", code: "UNAVAILABLE", when: "after", times: 2 }, 1],
    [
      "the error quotes the answer",
      { method: "ApiKeyService/Create", code: "INTERNAL", when: "after", times: 2, echoAnswer: true },
      1,
    ],
    [
      "too much is asked at once",
      { method: "ApiKeyService/Create", code: "RESOURCE_EXHAUSTED", message: "too many requests", times: 3 },
      0,
    ],
    [
      "the quota is used up",
      { method: "ApiKeyService/Create", code: "RESOURCE_EXHAUSTED", message: "Quota limit iam.apiKeys.count exceeded" },
      1,
    ],
  ];

  it.each(disturbances)("is one key in the end, and none after destroy: %s", async (_name, fault, failures) => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, key(account));
    cloud.fault(fault);

    for (let failed = 0; failed < failures; failed++) expect((await stack.tryUp()).error).toBeDefined();
    await stack.up();

    await expectOneKeyOf(stack, cloud);
    await stack.destroy();
    expect(liveKeys(cloud)).toEqual([]);
  });

  it("leaves no key behind that a run had made which ended before the state knew of it", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, key(account));
    // What a run that was killed leaves: the cloud has the key, and the state has not.
    cloud.fault({ method: "ApiKeyService/Create", code: "UNAVAILABLE", when: "after" });
    cloud.fault({ method: "ApiKeyService/Create", code: "PERMISSION_DENIED" });
    expect((await stack.tryUp()).error).toBeDefined();
    const [lost] = liveKeys(cloud);
    expect(lost).toBeDefined();

    const { output } = await stack.up();

    expect(output).toContain(`removed API key ${lost}`);
    await expectOneKeyOf(stack, cloud);
  });

  it("is named to the user where an interrupted run left it and it cannot be removed", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, key(account));
    cloud.fault({ method: "ApiKeyService/Create", code: "UNAVAILABLE", when: "after" });
    cloud.fault({ method: "ApiKeyService/Create", code: "PERMISSION_DENIED" });
    expect((await stack.tryUp()).error).toBeDefined();
    const [lost] = liveKeys(cloud);
    cloud.fault({ method: "ApiKeyService/Delete", code: "PERMISSION_DENIED" });

    const { output } = await stack.up();

    expect(output).toMatch(new RegExp(`warning: API key ${lost}, .* secret was lost, could not be removed: `));
    expect(output).toContain(`delete it with \`yc iam api-key delete ${lost}\``);
  });

  // The mark "new" no longer exists then, so that no key is removed which some state has.
  it("is named to the user where the run was killed just before the state had it", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, key(account));
    await stack.up();
    const [orphan] = liveKeys(cloud);
    await forgetKeys(stack);

    const { output } = await stack.up();

    expect(output).toContain(`API key ${orphan}: this resource created it in an earlier run and it was never used`);
    expect(output).toContain(`yc iam api-key delete ${orphan}`);
    expect(liveKeys(cloud)).toContain(orphan);
    expect((await stack.up()).output).not.toContain("warning");
  });

  // P3.
  it.each(["tainted", "replaced on demand"])(
    "lives on where it is %s and the quota has no room for another",
    async (how) => {
      await using cloud = await startCloud();
      const account = cloud.addAccount({ name: "app" });
      await using stack = await startStack(cloud, key(account));
      const { id } = (await stack.up()).outputs;
      const { urn } = (await stack.resources()).key!;
      if (how === "tainted") await taint(stack, urn);
      cloud.fault({
        method: "ApiKeyService/Create",
        code: "RESOURCE_EXHAUSTED",
        message: "Quota limit iam.apiKeys.count exceeded",
      });

      const { error } = await stack.tryUp(how === "tainted" ? {} : { replace: [urn] });

      expect(error).toContain("the quota iam.apiKeys.count is used up");
      expect(liveKeys(cloud)).toEqual([id?.value]);
      const { output } = await stack.up(how === "tainted" ? {} : { replace: [urn] });
      // The engine shows the provider neither a tainted key nor one that is replaced on demand.
      expect(output).toContain(`API key ${id?.value}: this resource created it in an earlier run`);
      expect(output).toContain("unless this run replaces it");
      await expectOneKeyOf(stack, cloud);
      expect(liveKeys(cloud)).not.toContain(id?.value);
    },
  );

  it("is removed an hour later, although its resource has another name by then", async () => {
    await using cloud = await startCloud();
    const serviceAccountId = cloud.addAccount({ name: "app" });
    const keys =
      (...names: string[]) =>
      async () => {
        for (const name of names) void new yandex.IamServiceAccountApiKey(name, { serviceAccountId, scopes: SCOPES });
      };
    await using stack = await startStack(cloud, keys("spring"));
    cloud.fault({ method: "ApiKeyService/Create", code: "UNAVAILABLE", when: "after", times: 2 });
    cloud.fault({ method: "ApiKeyService/Delete", code: "UNAVAILABLE", times: 20 });
    await stack.tryUp();
    cloud.clearFaults();
    const lost = liveKeys(cloud);
    expect(lost).not.toEqual([]);

    stack.program(keys("summer"));
    await stack.up();
    expect(liveKeys(cloud)).toEqual(expect.arrayContaining(lost));
    cloud.clock.advance(2 * 60 * 60 * 1000);
    stack.program(keys("summer", "autumn"));
    const { output } = await stack.up();

    expect(output).toContain(`removed API key ${lost[0]}`);
    const held = Object.values(await stack.resources()).flatMap(({ type, id }) =>
      type.endsWith("ApiKey") ? [id] : [],
    );
    expect(liveKeys(cloud).sort()).toEqual(held.sort());
  });

  it("is not removed where another state made it", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const foreign = cloud.addApiKey(account, { description: "(pulumi 0123456789abcdef new)" });
    cloud.clock.advance(2 * 60 * 60 * 1000);
    await using stack = await startStack(cloud, key(account));

    await stack.up();

    expect(liveKeys(cloud)).toContain(foreign.id);
  });

  it("does not touch keys of others, nor one that is in use", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app", roles: ["ai.languageModels.user"] });
    const foreign = cloud.addApiKey(account, { description: "made by hand" });
    await using stack = await startStack(cloud, key(account));
    const { outputs } = await stack.up();
    await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${outputs.secret?.value}` } });
    const before = liveKeys(cloud);
    await forgetKeys(stack);

    await stack.up();

    expect(liveKeys(cloud)).toEqual(expect.arrayContaining([foreign.id, ...before]));
  });

  it("is made before the one that it replaces goes", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, key(account, { description: "spring" }, ["description"]));
    const before = (await stack.up()).outputs.id?.value;

    stack.program(key(account, { description: "summer" }, ["description"]));
    expect((await stack.preview()).steps).toEqual({ key: "replace" });
    const after = (await stack.up()).outputs.id?.value;

    expect(cloud.writes("ApiKeyService")).toEqual([
      `create ${before}`,
      `update ${before}`,
      `create ${after}`,
      `update ${after}`,
      `delete ${before}`,
    ]);
    await expectOneKeyOf(stack, cloud);
  });
});

// Case 19.
it.each(["", "  "])("creates no key for an account that is named %j", async (serviceAccountId) => {
  await using cloud = await startCloud();
  await using stack = await startStack(cloud, key(serviceAccountId));

  expect((await stack.tryUp()).error).toMatch(/serviceAccountId/);
  expect(cloud.calls.filter(({ method }) => method.startsWith("ApiKeyService"))).toEqual([]);
});
