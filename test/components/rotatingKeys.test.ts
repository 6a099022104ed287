import type { Emulator } from "../../emulator/emulator";
import { startCloud } from "../support/cloud";
import { access, advanceTo, chat, startStackOn } from "../support/access";
import { dayAfter, liveKeys, rotation } from "./rotationDays";

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
});
