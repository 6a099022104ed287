import * as yandex from "@pulumi/yandex";
import type { Json } from "../../support/api";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { addSecret, ask, entriesOf, versionsOf } from "../../support/lockbox";
import { startStack } from "../../support/stack";

const VALUE = "a-value-that-nobody-may-see";

const version =
  (secretId: string, textValue = VALUE, key = "password") =>
  async () => {
    const made = new yandex.LockboxSecretVersion("value", { secretId, entries: [{ key, textValue }] });
    return { id: made.id, entries: made.entries };
  };

describe("LockboxSecretVersion", () => {
  it("holds the values, carries entries of others over, and shows the values nowhere", async () => {
    await using cloud = await startCloud();
    const secretId = await addSecret(cloud, [{ key: "theirs", textValue: "their-own-value" }]);
    await using stack = await startStack(cloud, version(secretId));

    const { outputs } = await stack.up();

    expect(outputs.entries?.secret).toBe(true);
    expect(await entriesOf(cloud, secretId)).toEqual({ password: VALUE, theirs: "their-own-value" });
    expect((await stack.preview()).steps).toEqual({});
    expect((await stack.refresh()).steps).toEqual({});
    expect(await leaksOf(VALUE, stack.folder, { printed: stack.printed(), cloud: cloud.dump() })).toEqual([]);
  });

  it("is replaced by a new current version before the old one is scheduled for destruction", async () => {
    await using cloud = await startCloud();
    const secretId = await addSecret(cloud);
    await using stack = await startStack(cloud, version(secretId));
    const first = (await stack.up()).outputs.id?.value;

    stack.program(version(secretId, "another-value"));
    expect((await stack.up()).steps).toEqual({ value: "replace" });

    expect(await entriesOf(cloud, secretId)).toEqual({ password: "another-value" });
    expect((await versionsOf(cloud, secretId)).find(({ id }) => id === first)?.status).toBe(
      "SCHEDULED_FOR_DESTRUCTION",
    );
    expect(cloud.writes("SecretService").map((write) => write.split(" ")[0])).toEqual([
      "create",
      "addVersion",
      "addVersion",
      "scheduleVersionDestruction",
    ]);
  });

  it("is created again after the secret was deleted outside, and is destroyed although it no longer exists", async () => {
    await using cloud = await startCloud();
    const first = await addSecret(cloud);
    await using stack = await startStack(cloud, version(first));
    await stack.up();
    await ask(cloud, "SecretService/Delete", { secretId: first });
    expect((await stack.refresh()).steps).toEqual({ value: "delete" });

    const again = await addSecret(cloud);
    stack.program(version(again));
    await stack.up();
    await ask(cloud, "SecretService/Delete", { secretId: again });
    expect((await stack.destroy()).output).not.toMatch(/warning|error/i);
  });

  it("stays in the state while the cloud refuses to show it", async () => {
    await using cloud = await startCloud();
    const secretId = await addSecret(cloud);
    await using stack = await startStack(cloud, version(secretId));
    await stack.up();
    cloud.fault({ method: "SecretService/ListVersions", code: "PERMISSION_DENIED", times: "always" });

    expect((await stack.tryRefresh()).error).toMatch(/reading version \w+ of Lockbox secret \w+: /);
    expect(await stack.resources()).toHaveProperty("value");
  });

  it("is imported with its values sealed, and previews nothing", async () => {
    await using cloud = await startCloud();
    const secretId = await addSecret(cloud, [{ key: "password", textValue: VALUE }]);
    const [{ id } = {} as Json] = await versionsOf(cloud, secretId);
    await using stack = await startStack(cloud, version(secretId));

    await stack.engine.import({
      resources: [
        {
          type: "yandex:index/lockboxSecretVersion:LockboxSecretVersion",
          name: "value",
          id: `${secretId}/${String(id)}`,
        },
      ],
      generateCode: false,
      protect: false,
    });

    expect((await stack.preview()).steps).toEqual({});
    expect(await leaksOf(VALUE, stack.folder, { printed: stack.printed(), cloud: cloud.dump() })).toEqual([]);
  });

  it("is one version although the answer of its creation was lost", async () => {
    await using cloud = await startCloud();
    const secretId = await addSecret(cloud);
    await using stack = await startStack(cloud, version(secretId));
    cloud.fault({ method: "SecretService/AddVersion", code: "DATA_LOSS", when: "after" });

    await stack.tryUp();
    await stack.up();

    expect(await versionsOf(cloud, secretId)).toHaveLength(1);
  });

  it("refuses one key twice, a key that the cloud refuses and a value that is missing, and quotes no value", async () => {
    await using cloud = await startCloud();
    const secretId = await addSecret(cloud);
    await using stack = await startStack(cloud, version(secretId, VALUE, "pass word"));
    const first = await stack.tryPreview();
    expect(first.error).toMatch(/entries.*must have only letters, digits/);

    stack.program(async () => {
      const entries = [VALUE, VALUE].map((textValue) => ({ key: "password", textValue }));
      new yandex.LockboxSecretVersion("value", { secretId, entries });
    });
    const second = await stack.tryPreview();
    expect(second.error).toContain("have two of one name");
    expect([first, second].map(({ error }) => error).join()).not.toContain(VALUE);
  });
});
