import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { openApi, responseOf } from "../../support/api";
import type { Json } from "../../support/api";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";
import type { Stack } from "../../support/stack";

const TEXT = "yc.ai.languageModels.execute";
const TEXT_ROLE = "ai.languageModels.user";

const key =
  (serviceAccountId: string, args: Partial<yandex.IamServiceAccountApiKeyArgs> = {}, name = "key") =>
  () => {
    const made = new yandex.IamServiceAccountApiKey(name, { serviceAccountId, scopes: [TEXT], ...args });
    return { id: made.id, secret: made.secretKey, version: made.outputToLockboxVersionId };
  };
const program = (declare: () => object) => async () => declare() as Record<string, unknown>;

const at = (secretId: string, entryForSecretKey = "api_key") => ({ outputToLockbox: { secretId, entryForSecretKey } });

/** A secret of another person, which holds an entry that is not ours. */
async function addSecret(cloud: Emulator, entries: Json[] = [{ key: "theirs", textValue: "their-own-value" }]) {
  using api = openApi(cloud, "grpc");
  const request = { folderId: cloud.folderId, name: "keys", versionPayloadEntries: entries };
  return responseOf(await api.call("SecretService/Create", request)).id as string;
}

/** What a reader of the secret finds in it now. */
async function entriesOf(cloud: Emulator, secretId: string): Promise<Record<string, string>> {
  using api = openApi(cloud, "grpc");
  const { entries = [] } = await api.call("PayloadService/Get", { secretId });
  return Object.fromEntries((entries as Json[]).map(({ key, textValue }) => [key, textValue]));
}

async function statusOf(cloud: Emulator, secretId: string, versionId: unknown): Promise<string | undefined> {
  using api = openApi(cloud, "grpc");
  const { versions = [] } = await api.call("SecretService/ListVersions", { secretId });
  return (versions as Json[]).find(({ id }) => id === versionId)?.status as string;
}

const opens = async (cloud: Emulator, secret: string | undefined): Promise<number> =>
  (await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } })).status;

const leaks = (secret: string | undefined, stack: Stack, cloud: Emulator) =>
  leaksOf(String(secret), stack.folder, { printed: stack.printed(), cloud: cloud.dump() });

describe("a key whose secret goes to Lockbox", () => {
  it("is there, works, and exists in no other place; entries of others stay", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app", roles: [TEXT_ROLE] });
    const secretId = await addSecret(cloud);
    await using stack = await startStack(cloud, program(key(account, at(secretId))));

    const { outputs } = await stack.up();

    const { api_key: secret, ...others } = await entriesOf(cloud, secretId);
    expect(await opens(cloud, secret)).toBe(200);
    expect(others).toEqual({ theirs: "their-own-value" });
    expect(outputs.secret).toEqual({ value: "", secret: true });
    expect(await statusOf(cloud, secretId, outputs.version?.value)).toBe("ACTIVE");
    expect((await stack.preview()).steps).toEqual({});
    expect((await stack.refresh()).steps).toEqual({});
    stack.program(program(key(account, { ...at(secretId), description: "new" })));
    expect((await stack.up()).outputs.version).toEqual(outputs.version);
    expect(await leaks(secret, stack, cloud)).toEqual([]);

    await stack.destroy();

    expect(await opens(cloud, secret)).toBe(401);
    expect(await entriesOf(cloud, secretId)).toEqual({ theirs: "their-own-value" });
    expect(await statusOf(cloud, secretId, outputs.version?.value)).toBe("SCHEDULED_FOR_DESTRUCTION");
    expect(await leaks(secret, stack, cloud)).toEqual([]);
  });

  it("changes, in the preview already, what is made of where it is", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const secretId = await addSecret(cloud);
    const withReader = (args: Partial<yandex.IamServiceAccountApiKeyArgs>) =>
      program(() => {
        const { version } = key(account, args)();
        return new yandex.IamServiceAccount("reader", { name: "shop-reader", description: version });
      });
    await using stack = await startStack(cloud, withReader({}));
    await stack.up();

    stack.program(withReader(at(secretId)));
    const both = { key: "update", reader: "update" };
    expect((await stack.preview()).steps).toEqual(both);
    expect((await stack.up()).steps).toEqual(both);

    expect((await stack.preview()).steps).toEqual({});
  });

  it("moves into Lockbox, to another entry and back into the state, and remains the same key", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app", roles: [TEXT_ROLE] });
    const secretId = await addSecret(cloud);
    await using stack = await startStack(cloud, program(key(account)));
    const first = (await stack.up()).outputs;
    const secret = String(first.secret?.value);

    for (const entry of ["api_key", "other_key"]) {
      stack.program(program(key(account, at(secretId, entry))));
      expect((await stack.preview()).diffs).toEqual({ key: ["outputToLockbox"] });
      const { steps, outputs } = await stack.up();
      expect(steps).toEqual({ key: "update" });
      expect(outputs).toMatchObject({ id: first.id, secret: { value: "", secret: true } });
      expect(await entriesOf(cloud, secretId)).toEqual({ theirs: "their-own-value", [entry]: secret });
    }
    const version = (await stack.outputs()).version?.value as string;
    stack.program(program(key(account)));
    const { outputs } = await stack.up();

    expect(outputs).toEqual({ ...first, version: { value: "", secret: false } });
    expect(await entriesOf(cloud, secretId)).toEqual({ theirs: "their-own-value" });
    expect(await statusOf(cloud, secretId, version)).toBe("SCHEDULED_FOR_DESTRUCTION");
    expect(await leaks(secret, stack, cloud)).toEqual([]);
  });

  it("shares a Lockbox secret with others that are made at the same time", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const secretId = await addSecret(cloud);
    cloud.switches.operations = { polls: 2 };
    const names = ["one", "two", "three"];
    await using stack = await startStack(cloud, async () => {
      for (const name of names) key(account, at(secretId, name), name)();
    });

    await stack.up();

    expect(Object.keys(await entriesOf(cloud, secretId)).sort()).toEqual([...names, "theirs"].sort());
    await stack.destroy();
    expect(await entriesOf(cloud, secretId)).toEqual({ theirs: "their-own-value" });
  });

  it("is replaced in its place: the new one stays when the old one goes", async () => {
    await using cloud = await startCloud();
    const accounts = [cloud.addAccount({ name: "app" }), cloud.addAccount({ name: "web", roles: [TEXT_ROLE] })];
    const secretId = await addSecret(cloud);
    await using stack = await startStack(cloud, program(key(accounts[0]!, at(secretId))));
    const before = (await stack.up()).outputs.version?.value;

    stack.program(program(key(accounts[1]!, at(secretId))));
    expect((await stack.up()).steps).toEqual({ key: "replace" });

    expect(await opens(cloud, (await entriesOf(cloud, secretId)).api_key)).toBe(200);
    expect(await statusOf(cloud, secretId, before)).toBe("SCHEDULED_FOR_DESTRUCTION");
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
  });
});

describe("a key that cannot be brought to Lockbox", () => {
  it("is kept in the state, and the next update brings it there", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app", roles: [TEXT_ROLE] });
    const secretId = await addSecret(cloud);
    await using stack = await startStack(cloud, program(key(account, at(secretId))));
    cloud.fault({ method: "SecretService/AddVersion", code: "PERMISSION_DENIED" });

    const { error } = await stack.tryUp();

    expect(error).toContain("lacks the role lockbox.editor");
    expect(error).toContain("until the next update succeeds the key stays in the state");
    expect((await stack.resources()).key?.initErrors).toHaveLength(1);
    const [made] = cloud.snapshot().apiKeys;
    const { outputs } = await stack.up();
    const { api_key: secret } = await entriesOf(cloud, secretId);
    expect(await opens(cloud, secret)).toBe(200);
    expect(outputs).toMatchObject({ id: { value: made?.id }, secret: { value: "", secret: true } });
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
    expect(await leaks(secret, stack, cloud)).toEqual([]);
  });

  it("stays in the place where it was, in Lockbox too, until an update gets through", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app", roles: [TEXT_ROLE] });
    const [first, second] = [await addSecret(cloud), await addSecret(cloud)];
    await using stack = await startStack(cloud, program(key(account, at(first))));
    const before = (await stack.up()).outputs;
    cloud.fault({ method: "SecretService/AddVersion", code: "PERMISSION_DENIED" });

    stack.program(program(key(account, at(second))));
    const { error } = await stack.tryUp();

    expect(error).toContain(`the key stays in version ${before.version?.value} of Lockbox secret ${first}`);
    const { api_key: secret } = await entriesOf(cloud, first);
    expect(await opens(cloud, secret)).toBe(200);
    expect((await stack.resources()).key?.outputs).toMatchObject({ outputToLockboxVersionId: before.version?.value });
    const { outputs } = await stack.up();
    expect(outputs).toMatchObject({ id: before.id, secret: { value: "", secret: true } });
    expect(await entriesOf(cloud, first)).toEqual({ theirs: "their-own-value" });
    expect(await statusOf(cloud, first, before.version?.value)).toBe("SCHEDULED_FOR_DESTRUCTION");
    expect((await entriesOf(cloud, second)).api_key).toBe(secret);
    expect((await stack.preview()).steps).toEqual({});
    expect(await leaks(secret, stack, cloud)).toEqual([]);
  });

  it("goes with its version if nobody else has an entry in it, and has a new one after that", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const secretId = await addSecret(cloud, []);
    await using stack = await startStack(cloud, program(key(account, at(secretId))));
    const { outputs } = await stack.up();

    await stack.destroy();
    const version = outputs.version?.value as string;
    expect(cloud.writes("SecretService").map((write) => write.split(" ")[0])).toEqual([
      "create",
      "addVersion",
      "scheduleVersionDestruction",
    ]);
    expect(await statusOf(cloud, secretId, version)).toBe("SCHEDULED_FOR_DESTRUCTION");

    await stack.up();
    expect(Object.keys(await entriesOf(cloud, secretId))).toEqual(["api_key"]);
  });

  it("is destroyed all the same where its place no longer exists, or must not be touched any more", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const secretIds = [await addSecret(cloud), await addSecret(cloud)];
    await using stack = await startStack(cloud, async () => {
      for (const [n, secretId] of secretIds.entries()) key(account, at(secretId), `key-${n}`)();
    });
    await stack.up();
    using api = openApi(cloud, "grpc");
    await api.call("SecretService/Delete", { secretId: secretIds[0] });
    cloud.fault({ method: "SecretService/ScheduleVersionDestruction", code: "PERMISSION_DENIED", times: "always" });

    const { output } = await stack.destroy();

    expect(cloud.snapshot().apiKeys).toEqual([]);
    expect(output).toMatch(new RegExp(`warning: .*${secretIds[1]}.*it still holds the text of the deleted key`));
    expect(output).not.toContain(secretIds[0]);
  });

  it("is refused in the preview together with a public key, as it can be in one place only", async () => {
    await using cloud = await startCloud();
    const args = { ...at("e6q00000000000000001"), pgpKey: "mQENB" };
    await using stack = await startStack(cloud, program(key("aje00000000000000001", args)));

    expect((await stack.tryPreview()).error).toContain("cannot be set together with pgpKey");
  });
});
