import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { access, chat } from "../../support/access";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { addSecret, entriesOf, versionsOf } from "../../support/lockbox";
import { startStack, type Stack } from "../../support/stack";
import { until } from "../../support/until";
import { kill, type Victim, VICTIMS } from "./victims";

const ENTRY = "api_key";

/** What the cloud has done when the answer to it hangs and the run dies. */
const POINTS: Record<string, { method: string; times: number }> = {
  "Lockbox has the version and the state does not": { method: "SecretService/AddVersion", times: 1 },
  "the key has lost its mark and the state does not have it": { method: "ApiKeyService/Update", times: 1 },
};

const cases = Object.entries(POINTS).flatMap(([what, point]) => VICTIMS.map((victim) => ({ what, victim, ...point })));

/** Kills the run as soon as the call has been done, before its answer. */
async function killDuring(cloud: Emulator, stack: Stack, method: string, victim: Victim, replace?: string[]) {
  const versions = () => cloud.dump().split(`${ENTRY}: API key `).length;
  const done = () => (method === "ApiKeyService/Update" ? namedKeys(cloud).length : versions());
  const before = done();
  cloud.fault({ method, when: "after", hang: true, times: 1 });
  const run = stack.tryUp({ replace });
  await until(() => done() > before, run);
  kill(victim);
  expect((await run).error).toBeDefined();
  cloud.clearFaults();
  await stack.engine.cancel();
}

/** Keys without the mark of a lost one. */
const namedKeys = (cloud: Emulator) =>
  cloud.snapshot().apiKeys.filter(({ description }) => !String(description).endsWith(" new)"));

const active = async (cloud: Emulator, secretId: string) =>
  (await versionsOf(cloud, secretId)).filter(
    ({ status, payloadEntryKeys = [] }) => status === "ACTIVE" && (payloadEntryKeys as string[]).includes(ENTRY),
  );

describe("a run that is killed while it delivers a key", () => {
  it.each(cases)(
    "leaves one key, or names the other one, after the next run: $victim, $what",
    async ({ method, victim }) => {
      await using cloud = await startCloud();
      const secretId = await addSecret(cloud, [{ key: "theirs", textValue: "their-own-value" }]);
      const program = access({ deliverTo: { lockbox: { secretId, entry: ENTRY } } });
      await using stack = await startStack(cloud, program, { plugin: true });

      await killDuring(cloud, stack, method, victim);
      const delivered = (await entriesOf(cloud, secretId))[ENTRY];
      const { outputs, output } = await stack.up();

      const { [ENTRY]: key, theirs } = await entriesOf(cloud, secretId);
      // The run that lost it did not come to take the mark from it: the key is taken over. Otherwise a new one follows.
      const isTakenOver = method === "SecretService/AddVersion";
      expect(key === delivered).toBe(isTakenOver);
      expect(theirs).toBe("their-own-value");
      expect(await chat(cloud, key)).toBe("200");
      const others = cloud.snapshot().apiKeys.filter(({ id }) => id !== outputs.apiKeyId?.value);
      expect(others).toHaveLength(isTakenOver ? 0 : 1);
      expect(await active(cloud, secretId)).toHaveLength(1 + others.length);
      // Such a key cannot be distinguished from one that was kept on purpose.
      for (const { id } of others) expect(output).toContain(`delete it with \`yc iam api-key delete ${id}\``);
      expect((await stack.preview()).steps).toEqual({});
      expect(await leaksOf(String(key), stack.folder, { printed: stack.printed(), cloud: cloud.dump() })).toEqual([]);
    },
  );

  it.each(VICTIMS)(
    "goes on with the key of a replacement that was asked for, and deletes the one before: %s",
    async (victim) => {
      await using cloud = await startCloud();
      const secretId = await addSecret(cloud, [{ key: "theirs", textValue: "their-own-value" }]);
      const program = access({ deliverTo: { lockbox: { secretId, entry: ENTRY } } });
      await using stack = await startStack(cloud, program, { plugin: true });
      await stack.up();
      const first = (await entriesOf(cloud, secretId))[ENTRY];
      const resource = Object.values(await stack.resources()).find(({ type }) =>
        type.endsWith(":IamServiceAccountApiKey"),
      );
      const replace = [resource?.urn ?? ""];

      await killDuring(cloud, stack, "SecretService/AddVersion", victim, replace);
      const second = (await entriesOf(cloud, secretId))[ENTRY];
      expect(second).not.toBe(first);
      expect(await chat(cloud, second)).toBe("200");
      const { outputs } = await stack.up({ replace });

      const third = (await entriesOf(cloud, secretId))[ENTRY];
      expect(third).toBe(second);
      expect([(await chat(cloud, first)).slice(0, 3), await chat(cloud, third)]).toEqual(["401", "200"]);
      expect(cloud.snapshot().apiKeys.map(({ id }) => id)).toEqual([outputs.apiKeyId?.value]);
      expect(await active(cloud, secretId)).toHaveLength(1);
      expect((await stack.preview()).steps).toEqual({});
    },
  );
});

describe("a delivered key that retainOnDelete keeps", () => {
  it.each(["replaced on demand", "declared again"])("works on after its successor has come: %s", async (how) => {
    await using cloud = await startCloud();
    const secretId = await addSecret(cloud, [{ key: "theirs", textValue: "their-own-value" }]);
    const serviceAccountId = cloud.addAccount({ name: "app", roles: ["ai.languageModels.user"] });
    const args = {
      ...{ serviceAccountId, scopes: ["yc.ai.languageModels.execute"] },
      outputToLockbox: { secretId, entryForSecretKey: ENTRY },
      validateBeforeDelivery: { folderId: cloud.folderId, capabilities: ["textGeneration"] },
    };
    const rest = async () => void new yandex.IamServiceAccount("other");
    const program = async () => {
      await rest();
      void new yandex.IamServiceAccountApiKey("key", args, { retainOnDelete: true });
    };
    await using stack = await startStack(cloud, program);
    await stack.up();
    const { [ENTRY]: first } = await entriesOf(cloud, secretId);
    const { urn } = (await stack.resources()).key!;

    if (how === "declared again") {
      stack.program(rest);
      await stack.up();
      stack.program(program);
    }
    const { output } = await stack.up(how === "declared again" ? {} : { replace: [urn] });

    const { [ENTRY]: second } = await entriesOf(cloud, secretId);
    expect(second).not.toBe(first);
    expect([await chat(cloud, first), await chat(cloud, second)]).toEqual(["200", "200"]);
    expect(output).toMatch(/API key \S+: this resource created it .* it was kept on purpose/);
  });
});
