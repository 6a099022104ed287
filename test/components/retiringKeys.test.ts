import { ApiKeyServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import { grpcClient, startCloud } from "../support/cloud";
import { access, advanceTo, chat, startStackOn } from "../support/access";
import { dayAfter, liveKeys, rotation } from "./rotationDays";

describe("keys that retire", () => {
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it("do not come back once they retire, though the trigger is removed or set back", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }));
    const triggered = (trigger?: string) => access({ rotation: { ...rotation, trigger } });
    advanceTo(cloud, stack, dayAfter(1));
    const { apiKey: leaked } = (await stack.up()).outputs;

    advanceTo(cloud, stack, dayAfter(2));
    stack.program(triggered("A"));
    const first = (await stack.up()).outputs;
    advanceTo(cloud, stack, dayAfter(3));
    stack.program(triggered(undefined));
    expect((await stack.preview()).steps).toEqual({});
    expect((await stack.up()).outputs.apiKey).toEqual(first.apiKey);

    stack.program(triggered("B"));
    const second = (await stack.up()).outputs;
    advanceTo(cloud, stack, dayAfter(4));
    stack.program(triggered("A"));
    const third = (await stack.up()).outputs;
    expect([leaked, first.apiKey, second.apiKey]).not.toContainEqual(third.apiKey);
    expect((await stack.preview()).steps).toEqual({});
    for (const key of [leaked, first.apiKey, second.apiKey, third.apiKey])
      expect(await chat(cloud, key?.value)).toBe("200");

    advanceTo(cloud, stack, dayAfter(40));
    for (const key of [leaked, first.apiKey, second.apiKey]) expect(await chat(cloud, key?.value)).toMatch(/^401/);
    expect(await chat(cloud, third.apiKey?.value)).toBe("200");
  });

  it("rotate under protection, which holds the account and the current key only", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }, "shop", { protect: true }));
    advanceTo(cloud, stack, dayAfter(1));
    const { apiKey: first } = (await stack.up()).outputs;
    advanceTo(cloud, stack, dayAfter(62));
    await stack.up();
    advanceTo(cloud, stack, dayAfter(95));
    await stack.up();
    expect(liveKeys(cloud)).toHaveLength(1);

    // So long after that the key in use has ended before the run that retires it.
    advanceTo(cloud, stack, dayAfter(400));
    await stack.up();
    const { apiKey: current } = (await stack.up()).outputs;
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
    expect(await chat(cloud, current?.value)).toBe("200");
    expect(current).not.toEqual(first);

    const before = cloud.snapshot();
    expect((await stack.tryDestroy()).error).toMatch(/shop-\d{4}-\d\d-\d\d"? cannot be deleted/);
    expect(cloud.snapshot()).toEqual(before);
  });

  it.each([
    ["25 days behind", -25, "25 days behind"],
    ["120 days ahead", 120, "120 days ahead of"],
  ])("outlive an update on a machine whose clock is %s", async (_, days, words) => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }));
    advanceTo(cloud, stack, dayAfter(0));
    const { apiKey: previous } = (await stack.up()).outputs;
    advanceTo(cloud, stack, dayAfter(65));
    const { apiKey: held } = (await stack.up()).outputs;
    const before = cloud.snapshot().apiKeys;

    process.env["AI_STUDIO_ACCESS_NOW"] = dayAfter(65 + days);
    const { output, outputs } = await stack.up();

    expect(output).toContain(`${words} the cloud's time`);
    expect([outputs.apiKey, outputs.previousApiKey]).toEqual([held, previous]);
    expect(cloud.snapshot().apiKeys).toEqual(before);
  });

  it("are neither deleted nor shortened where the cloud's time is unknown", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation, waitUntilReady: false }));
    advanceTo(cloud, stack, dayAfter(0));
    await stack.up();
    const before = cloud.snapshot().apiKeys;
    advanceTo(cloud, stack, dayAfter(3));
    stack.setEnv({ YC_AI_ENDPOINT: "http://127.0.0.1:1" });
    stack.program(access({ rotation: { ...rotation, trigger: "leak" }, waitUntilReady: false }));

    const { output } = await stack.up();

    expect(output).toContain("The cloud's time is unknown");
    expect(cloud.snapshot().apiKeys).toHaveLength(2);
    expect(cloud.snapshot().apiKeys).toEqual(expect.arrayContaining(before));
  });

  it("stay deleted when somebody deletes a retiring one by hand, also in an update that refreshes", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }));
    advanceTo(cloud, stack, dayAfter(0));
    await stack.up();
    advanceTo(cloud, stack, dayAfter(62));
    const { apiKeyId, previousApiKeyId } = (await stack.up()).outputs;
    using keys = grpcClient(cloud, ApiKeyServiceService);
    await keys.delete({ apiKeyId: previousApiKeyId?.value });

    const { outputs } = await stack.up({ refresh: true });

    expect(cloud.snapshot().apiKeys.map(({ id }) => id)).toEqual([apiKeyId?.value]);
    expect(outputs.previousApiKeyId?.value ?? null).toBeNull();
    expect((await stack.preview()).steps).toEqual({});
  });

  it("do not move to another account", async () => {
    await using cloud = await startCloud();
    const adopted = cloud.addAccount({ name: "sa-api" });
    await using stack = await startStackOn(cloud, access({ rotation }));
    advanceTo(cloud, stack, dayAfter(0));
    await stack.up();
    advanceTo(cloud, stack, dayAfter(62));
    await stack.up();

    stack.program(access({ rotation, serviceAccount: { id: adopted } }));
    const { outputs } = await stack.up();

    expect(cloud.snapshot().apiKeys.map(({ id }) => id)).toEqual([outputs.apiKeyId?.value]);
    expect(outputs.previousApiKey?.value).toBeNull();
    expect((await stack.preview()).steps).toEqual({});
  });
});
