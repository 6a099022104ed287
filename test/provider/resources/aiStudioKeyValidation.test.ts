import { setInterval } from "node:timers/promises";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";

const CALL = "POST /v1/chat/completions";
const ROLE = "ai.languageModels.user";

const capabilities = ["textGeneration"];

/** A key that was there before, its validation, and what is reported of it. */
const validation =
  (folderId: string, secretKey: string, args: Partial<yandex.AiStudioKeyValidationArgs> = {}) =>
  async () => {
    const made = new yandex.AiStudioKeyValidation("works", { folderId, secretKey, capabilities, ...args });
    return { secret: made.secretKey };
  };

const keyOf = (cloud: Emulator, ...roles: string[]) => {
  const scopes = ["yc.ai.languageModels.execute"];
  return cloud.addApiKey(cloud.addAccount({ name: "app", roles }), { scopes }).secret;
};

const asked = (cloud: Emulator): number => cloud.calls.filter(({ method }) => method === CALL).length;

/** Waits for the condition, or for the run to end without it. */
async function until(condition: () => boolean, run: Promise<unknown>): Promise<void> {
  let over = false;
  const end = () => (over = true);
  void run.then(end, end);
  for await (const _ of setInterval(20)) if (over || condition()) return;
}

describe("AiStudioKeyValidation", () => {
  it("asks when it is made, gives the key as a secret, and asks nothing any more", async () => {
    await using cloud = await startCloud();
    const secret = keyOf(cloud, ROLE);
    await using stack = await startStack(cloud, validation(cloud.folderId, secret));

    expect((await stack.preview()).steps).toEqual({ works: "create" });
    expect(asked(cloud)).toBe(0);
    expect((await stack.up()).outputs.secret).toEqual({ value: secret, secret: true });
    const questions = asked(cloud);
    expect(questions).toBeGreaterThanOrEqual(3);

    expect((await stack.refresh()).steps).toEqual({});
    expect((await stack.preview()).steps).toEqual({});
    stack.program(validation(cloud.folderId, secret, { timeoutSeconds: 30, required: true }));
    expect((await stack.up()).steps).toEqual({ works: "update" });
    await stack.destroy();

    expect(asked(cloud)).toBe(questions);
    expect(await leaksOf(secret, stack.folder, { printed: stack.printed(), cloud: cloud.dump() })).toEqual([]);
  });

  // Case 7. One server knows of a role or a key later than another.
  it("waits until the key is accepted several times in a row, and says what it waits for", async () => {
    const staleNodes = { everyNth: 2, lagMs: 60_000 };
    await using cloud = await startCloud({ switches: { staleNodes } });
    const secret = keyOf(cloud, ROLE);
    await using stack = await startStack(cloud, validation(cloud.folderId, secret));

    const run = stack.up();
    await until(() => asked(cloud) >= 6, run);
    cloud.clock.advance(staleNodes.lagMs);
    const { output } = await run;

    expect(asked(cloud)).toBeGreaterThanOrEqual(6);
    expect(output).toMatch(/waiting for textGeneration, \d+ s of 120 s: 40[13]/);
    expect(output).not.toMatch(/warning/);
    const inFolder = { "openai-project": cloud.folderId, authorization: `Api-Key ${secret}` };
    for (let call = 0; call < 4; call++) {
      expect((await fetch(`${cloud.url}/v1/models`, { headers: inFolder })).status).toBe(200);
    }
  });

  it("warns when the time is over, and tells what was answered and no part of the key", async () => {
    await using cloud = await startCloud();
    const secret = keyOf(cloud);
    await using stack = await startStack(cloud, validation(cloud.folderId, secret, { timeoutSeconds: 1 }));

    const { output, outputs } = await stack.up();

    expect(output).toMatch(/warning: the key does not work after 1 seconds: textGeneration answered 403/);
    expect(output).toContain("A role that was just granted may take minutes");
    expect(outputs.secret).toEqual({ value: secret, secret: true });
    expect((await stack.preview()).steps).toEqual({});
    expect(await leaksOf(secret, stack.folder, { printed: stack.printed() })).toEqual([]);
  });

  it("waits for as long as the program says, also longer than anything else may take", async () => {
    // Ten minutes are a second here, and two where they limit a call, since pauses are as long as ever.
    const [shrunk, started, timeout] = [600, Date.now(), AbortSignal.timeout.bind(AbortSignal)];
    const limits = jest.spyOn(AbortSignal, "timeout");
    using _restored = { [Symbol.dispose]: () => limits.mockRestore() };
    limits.mockImplementation((ms) => timeout(ms < 600_000 ? ms : (2 * ms) / shrunk));
    const now = () => started + (Date.now() - started) * shrunk;
    await using cloud = await startCloud();
    const program = validation(cloud.folderId, keyOf(cloud), { timeoutSeconds: 3000 });
    await using stack = await startStack(cloud, program, { now });

    const { output } = await stack.up();

    expect(output).toMatch(/warning: the key does not work after 3000 seconds: textGeneration answered 403/);
  });

  it("tells why it waits no longer, where its resource has a time limit", async () => {
    await using cloud = await startCloud();
    const [folderId, secretKey] = [cloud.folderId, keyOf(cloud)];
    await using stack = await startStack(cloud, async () => {
      const customTimeouts = { create: "1s" };
      new yandex.AiStudioKeyValidation("works", { folderId, secretKey, capabilities }, { customTimeouts });
    });

    expect((await stack.tryUp()).output).toContain(
      "waiting until the key works was cut short: the time limit was reached",
    );
  });

  it("fails when the time is over and that is wanted, and is made by the next update when the key works", async () => {
    await using cloud = await startCloud();
    const secret = keyOf(cloud);
    const program = validation(cloud.folderId, secret, { timeoutSeconds: 1, required: true });
    await using stack = await startStack(cloud, program);

    expect((await stack.tryUp()).error).toContain("the key does not work after 1 seconds");
    expect(await stack.resources()).not.toHaveProperty("works");
    const [account] = cloud.snapshot().accounts;
    cloud.addGrant({ roleId: ROLE, subject: { id: account!.id, type: "serviceAccount" } });

    expect((await stack.up()).steps).toEqual({ works: "create" });
  });

  it("asks again for another key, and passes over words that it does not know", async () => {
    await using cloud = await startCloud();
    const secrets = [keyOf(cloud, ROLE), keyOf(cloud, ROLE)];
    await using stack = await startStack(cloud, validation(cloud.folderId, secrets[0]!));
    await stack.up();
    const questions = asked(cloud);

    stack.program(validation(cloud.folderId, secrets[1]!, { capabilities: [...capabilities, "telepathy"] }));
    const { steps, outputs } = await stack.up();

    expect(steps).toEqual({ works: "update" });
    expect(outputs.secret?.value).toBe(secrets[1]);
    expect(asked(cloud)).toBeGreaterThan(questions);
  });

  it("cannot be imported, as it is nothing in the cloud", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, async () => {
      const args = { folderId: cloud.folderId, secretKey: "none" };
      new yandex.AiStudioKeyValidation("works", args, { import: "anything" });
    });

    expect((await stack.tryPreview()).error).toContain("a validation cannot be imported");
  });
});
