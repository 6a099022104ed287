import * as pulumi from "@pulumi/pulumi";
import { ApiKeyServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import { type Emulator } from "../../emulator/emulator";
import { grpcClient, startCloud } from "../support/cloud";
import { access, advanceTo, chat, startStackOn } from "../support/access";

const DAY_MS = 24 * 60 * 60 * 1000;
const ANCHOR = "2027-01-01T00:00:00Z";
const rotation = { everyDays: 60, overlapDays: 30, anchor: "2027-01-01" };

const dayAfter = (days: number) => new Date(Date.parse(ANCHOR) + days * DAY_MS).toISOString();

const liveKeys = (cloud: Emulator) =>
  cloud.snapshot().apiKeys.filter(({ expiresAt }) => !expiresAt || Number(new Date(expiresAt)) > cloud.clock.now());

/** A client that asks all the time with the key it was given, and counts how it is answered. */
function startClient(cloud: Emulator) {
  const refusals: string[] = [];
  let answers = 0;
  let key: unknown;
  let stopped = false;
  const asking = (async () => {
    while (!stopped) {
      const answer = key === undefined ? "200" : await chat(cloud, key);
      if (answer === "200") answers++;
      else refusals.push(`${new Date(cloud.clock.now()).toISOString()} ${answer}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    refusals,
    answers: () => answers,
    deploy: (next: unknown) => (key = next),
    [Symbol.asyncDispose]: () => ((stopped = true), asking),
  };
}

describe("keys that rotate", () => {
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it("refuse no request of an application in half a year of rotations, and are never more than two", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }));
    await using client = startClient(cloud);
    const seen = new Set<unknown>();

    // Somebody runs it every three weeks or so; the application has the new key a few days after that.
    for (let day = 0; day <= 180; day += 20) {
      advanceTo(cloud, stack, dayAfter(day));
      const { outputs } = await stack.up();
      seen.add(outputs.apiKeyId?.value);
      expect(liveKeys(cloud).length).toBeLessThanOrEqual(2);
      advanceTo(cloud, stack, dayAfter(day + 5));
      client.deploy(outputs.apiKey?.value);
    }

    expect(client.refusals).toEqual([]);
    expect(client.answers()).toBeGreaterThan(20);
    expect(seen.size).toBe(4);
  });

  it("show a due rotation in the preview, then nothing until the overlap ends, then the old key going", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }));
    advanceTo(cloud, stack, dayAfter(3));
    const first = (await stack.up()).outputs;

    advanceTo(cloud, stack, dayAfter(59));
    expect((await stack.preview()).steps).toEqual({});

    advanceTo(cloud, stack, dayAfter(61));
    expect((await stack.preview()).steps).toMatchObject({ "shop-2027-03-02": "create" });
    const second = (await stack.up()).outputs;
    expect(second.apiKeyId).not.toEqual(first.apiKeyId);
    expect([second.previousApiKey, second.previousApiKeyId]).toEqual([first.apiKey, first.apiKeyId]);
    expect(second.apiKeyExpiresAt?.value).toBe("2027-05-31T00:00:00Z");
    expect((await stack.preview()).steps).toEqual({});

    advanceTo(cloud, stack, dayAfter(91));
    expect((await stack.preview()).steps).toEqual({ "shop-2027-01-01": "delete" });
    await stack.up();
    expect(liveKeys(cloud).map(({ id }) => id)).toEqual([second.apiKeyId?.value]);
    expect((await stack.preview()).steps).toEqual({});
  });

  it.each([
    ["a shorter period", { rotation: { ...rotation, everyDays: 30 } }],
    ["another anchor", { rotation: { ...rotation, anchor: "2027-01-20" } }],
    ["a shorter overlap", { rotation: { ...rotation, overlapDays: 5 } }],
    ["a trigger", { rotation: { ...rotation, trigger: "a laptop was stolen" } }],
    ["no rotation any more", {}],
  ])("stay for the overlap when the policy changes to %s", async (_, changed) => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }));
    advanceTo(cloud, stack, dayAfter(0));
    const { apiKey: oldest } = (await stack.up()).outputs;
    advanceTo(cloud, stack, dayAfter(62));
    const { apiKey: held } = (await stack.up()).outputs;

    advanceTo(cloud, stack, dayAfter(63));
    stack.program(access(changed));
    const { apiKey: current } = (await stack.up()).outputs;

    for (const key of [oldest, held, current]) expect(await chat(cloud, key?.value)).toBe("200");
    advanceTo(cloud, stack, dayAfter(67));
    for (const key of [oldest, held, current]) expect(await chat(cloud, key?.value)).toBe("200");
    expect((await stack.preview()).steps).toEqual({});
  });

  it("begin beside the key that did not rotate", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access());
    advanceTo(cloud, stack, dayAfter(0));
    const { apiKey: held } = (await stack.up()).outputs;

    advanceTo(cloud, stack, dayAfter(10));
    stack.program(access({ rotation }));
    const { apiKey: current } = (await stack.up()).outputs;

    expect(current).not.toEqual(held);
    for (const key of [held, current]) expect(await chat(cloud, key?.value)).toBe("200");
    advanceTo(cloud, stack, dayAfter(42));
    await stack.up();
    expect(liveKeys(cloud)).toHaveLength(1);
    expect(await chat(cloud, current?.value)).toBe("200");
  });

  it("recover in one run after nobody has run the stack for a year", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access({ rotation }));
    advanceTo(cloud, stack, dayAfter(0));
    const { apiKey: first } = (await stack.up()).outputs;

    advanceTo(cloud, stack, dayAfter(365));
    expect(await chat(cloud, first?.value)).toMatch(/^401 .*expired/);
    const { apiKey: current } = (await stack.up()).outputs;

    expect(await chat(cloud, current?.value)).toBe("200");
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
    expect((await stack.preview()).steps).toEqual({});
  });

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
