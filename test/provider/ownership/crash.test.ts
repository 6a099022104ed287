import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";
import type { Stack } from "../../support/stack";

/** A key on an account that was there before, so that nothing but the provider itself can clean up after it. */
const key =
  (serviceAccountId: string, more: Partial<yandex.IamServiceAccountApiKeyArgs> = {}, replaceOnChanges: string[] = []) =>
  async () => {
    const args = { serviceAccountId, scopes: ["yc.ai.languageModels.execute"], ...more };
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

  it("does not touch keys of others, nor one that is in use", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app", roles: ["ai.languageModels.user"] });
    const foreign = cloud.addApiKey(account, { description: "made by hand" });
    await using stack = await startStack(cloud, key(account));
    const { outputs } = await stack.up();
    await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${outputs.secret?.value}` } });
    const before = liveKeys(cloud);
    const { deployment, ...rest } = await stack.engine.exportStack();
    const resources = deployment.resources.filter(({ type }: { type: string }) => !type.endsWith("ApiKey"));
    await stack.engine.importStack({ ...rest, deployment: { ...deployment, resources } });

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
