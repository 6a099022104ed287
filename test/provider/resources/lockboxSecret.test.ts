import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { openApi } from "../../support/api";
import type { Json } from "../../support/api";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";

const VALUE = "a-value-that-nobody-may-see";

const secret =
  (args: yandex.LockboxSecretArgs = {}) =>
  async () => ({ id: new yandex.LockboxSecret("store", { name: "shop", ...args }).id });

const version =
  (secretId: string, textValue = VALUE, key = "password") =>
  async () => {
    const made = new yandex.LockboxSecretVersion("value", { secretId, entries: [{ key, textValue }] });
    return { id: made.id, entries: made.entries };
  };

async function ask(cloud: Emulator, method: string, request: object): Promise<Json> {
  using api = openApi(cloud, "grpc");
  return await api.call(method, request);
}

const secretsOf = async (cloud: Emulator, folderId = cloud.folderId): Promise<Json[]> =>
  ((await ask(cloud, "SecretService/List", { folderId })).secrets ?? []) as Json[];
const versionsOf = async (cloud: Emulator, secretId: string): Promise<Json[]> =>
  ((await ask(cloud, "SecretService/ListVersions", { secretId })).versions ?? []) as Json[];
async function entriesOf(cloud: Emulator, secretId: string): Promise<Record<string, string>> {
  const { entries = [] } = await ask(cloud, "PayloadService/Get", { secretId });
  return Object.fromEntries((entries as Json[]).map(({ key, textValue }) => [key, textValue]));
}

async function addSecret(cloud: Emulator, entries: Json[] = []): Promise<string> {
  await ask(cloud, "SecretService/Create", {
    folderId: cloud.folderId,
    name: "theirs",
    versionPayloadEntries: entries,
  });
  return (await secretsOf(cloud)).find(({ name }) => name === "theirs")?.id as string;
}

describe("LockboxSecret", () => {
  it("is created, stays as it is, is updated in place, and loses what is cleared", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, secret({ description: "first", labels: { team: "shop" } }));
    const { id } = (await stack.up()).outputs;
    expect((await stack.preview()).steps).toEqual({});

    const changes: [yandex.LockboxSecretArgs, string[]][] = [
      [{ description: "second", labels: { team: "shop" } }, ["description"]],
      [{ description: "second", labels: { team: "web", env: "dev" } }, ["labels"]],
      [{ description: "second", deletionProtection: true, name: "shop-new" }, ["deletionProtection", "labels", "name"]],
      [{ name: "shop-new" }, ["deletionProtection", "description"]],
    ];
    for (const [args, changed] of changes) {
      stack.program(secret(args));
      const { steps, diffs, outputs } = await stack.up();
      expect(steps).toEqual({ store: "update" });
      expect([...new Set(diffs.store?.map((path) => path.split(/[.[]/)[0]))].sort()).toEqual(changed);
      expect(outputs.id).toEqual(id);
    }

    const [left] = await secretsOf(cloud);
    expect(left).toMatchObject({ name: "shop-new" });
    expect(left?.description ?? "").toBe("");
    expect(Object.keys(left?.labels as object)).toEqual(["pulumi-resource"]);
    expect((await stack.refresh()).steps).toEqual({});
    expect((await stack.preview()).steps).toEqual({});
  });

  it("generates a password where it is told to, and previews nothing afterwards", async () => {
    await using cloud = await startCloud();
    const passwordPayloadSpecification = { passwordKey: "password", length: 20, includePunctuation: false };
    await using stack = await startStack(cloud, secret({ passwordPayloadSpecification }));

    const id = String((await stack.up()).outputs.id?.value);

    expect((await entriesOf(cloud, id)).password).toMatch(/^[A-Za-z0-9]{20}$/);
    expect((await stack.refresh()).steps).toEqual({});
    expect((await stack.preview()).steps).toEqual({});
  });

  it("is created in another folder before the old one is deleted", async () => {
    await using cloud = await startCloud();
    const other = cloud.addFolder();
    await using stack = await startStack(cloud, secret());
    const first = (await stack.up()).outputs.id?.value;

    stack.program(secret({ folderId: other }));
    const { steps, outputs } = await stack.up();

    expect(steps).toEqual({ store: "replace" });
    expect(cloud.writes("SecretService")).toEqual([
      `create ${first}`,
      `create ${outputs.id?.value}`,
      `delete ${first}`,
    ]);
  });

  it("is created again after it was deleted outside, and is destroyed although it no longer exists", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, secret());
    const first = (await stack.up()).outputs.id?.value;
    await ask(cloud, "SecretService/Delete", { secretId: first });

    expect((await stack.refresh()).steps).toEqual({ store: "delete" });
    const second = (await stack.up()).outputs.id?.value;
    expect(second).not.toEqual(first);
    await ask(cloud, "SecretService/Delete", { secretId: second });

    expect((await stack.destroy()).output).not.toMatch(/warning|error/i);
    expect(await stack.resources()).not.toHaveProperty("store");
  });

  it("stays in the state while the cloud refuses to show it", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, secret());
    await stack.up();
    cloud.fault({ method: "SecretService/Get", code: "PERMISSION_DENIED", times: "always" });

    expect((await stack.tryRefresh()).error).toMatch(/reading Lockbox secret shop: .*lacks the role lockbox.viewer/);
    expect(await stack.resources()).toHaveProperty("store");
  });

  it("is imported, with an empty preview afterwards", async () => {
    await using cloud = await startCloud();
    const id = await addSecret(cloud);
    await using stack = await startStack(cloud, secret({ name: "theirs" }));

    await stack.engine.import({
      resources: [{ type: "yandex:index/lockboxSecret:LockboxSecret", name: "store", id }],
      generateCode: false,
      protect: false,
    });

    expect((await stack.preview()).steps).toEqual({});
  });

  it("refuses to be deleted while it is protected, and says what to do", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, secret({ deletionProtection: true }));
    await stack.up();

    stack.program(async () => ({}));
    expect((await stack.tryUp()).error).toContain("set deletionProtection to false, run an update");
    stack.program(secret({ deletionProtection: false }));
    expect((await stack.up()).steps).toEqual({ store: "update" });
    await stack.destroy();

    expect(await secretsOf(cloud)).toEqual([]);
  });

  it.each([
    ["the answer is lost", { method: "SecretService/Create", code: "DATA_LOSS", when: "after" }],
    ["the connection is cut", { method: "SecretService/Create", cut: true, when: "after", times: 1 }],
  ] as const)("is one secret, owned by the stack, although its creation was disturbed: %s", async (_name, fault) => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, secret());
    cloud.fault(fault);

    await stack.tryUp();
    const { outputs } = await stack.up();

    expect((await secretsOf(cloud)).map(({ id }) => id)).toEqual([outputs.id?.value]);
  });

  it("takes over no secret of another state, although the name is the same", async () => {
    await using cloud = await startCloud();
    await addSecret(cloud);
    await using stack = await startStack(cloud, secret({ name: "theirs" }));

    await stack.up();

    expect(await secretsOf(cloud)).toHaveLength(2);
  });

  it("refuses in the preview labels that the cloud refuses, and a folder that does not exist", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, secret({ labels: { Team: "shop" } }));
    expect((await stack.tryPreview()).error).toContain('has "Team", which must begin with a letter');

    stack.program(secret({ folderId: "b1g00000000000000000" }));
    expect((await stack.tryPreview()).error).toContain("does not exist, or the deployer may not see it");
  });
});

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

describe("LockboxSecretIamMember", () => {
  const ROLE = "lockbox.payloadViewer";
  const members =
    (secretId: string, member: string, names: string[], role = ROLE) =>
    async () => {
      for (const name of names) new yandex.LockboxSecretIamMember(name, { secretId, role, member });
    };
  const rolesOn = (cloud: Emulator, secretId: string) =>
    cloud
      .snapshot()
      .grants.filter(({ resourceId }) => resourceId === secretId)
      .map(({ roleId, subjectId }) => `${roleId} ${subjectId}`)
      .sort();

  it("gives the role on that secret alone, and keeps the grants of others", async () => {
    await using cloud = await startCloud();
    const [reader, other] = [cloud.addAccount({ name: "reader" }), cloud.addAccount({ name: "other" })];
    const secretId = await addSecret(cloud);
    const subject = { id: other, type: "serviceAccount" };
    await ask(cloud, "SecretService/UpdateAccessBindings", {
      resourceId: secretId,
      accessBindingDeltas: [{ action: "ADD", accessBinding: { roleId: "lockbox.viewer", subject } }],
    });
    await using stack = await startStack(cloud, members(secretId, `serviceAccount:${reader}`, ["read"]));

    await stack.up();

    expect(rolesOn(cloud, secretId)).toEqual([`${ROLE} ${reader}`, `lockbox.viewer ${other}`]);
    expect((await stack.preview()).steps).toEqual({});
    expect((await stack.refresh()).steps).toEqual({});
    stack.program(members(secretId, `serviceAccount:${reader}`, ["read"], "lockbox.viewer"));
    expect((await stack.up()).steps).toEqual({ read: "replace" });
    expect(rolesOn(cloud, secretId)).toEqual([`lockbox.viewer ${other}`, `lockbox.viewer ${reader}`].sort());
    await stack.destroy();
    expect(rolesOn(cloud, secretId)).toEqual([`lockbox.viewer ${other}`]);
    expect(cloud.calls.map(({ method }) => method)).not.toContain("SecretService/SetAccessBindings");
  });

  it("grants many members without a conflict, in few calls", async () => {
    await using cloud = await startCloud();
    const readers = Array.from({ length: 8 }, (_, index) => cloud.addAccount({ name: `reader-${index}` }));
    const secretId = await addSecret(cloud);
    cloud.switches.operations = { polls: 2 };
    await using stack = await startStack(cloud, async () => {
      for (const reader of readers)
        new yandex.LockboxSecretIamMember(reader, { secretId, role: ROLE, member: `serviceAccount:${reader}` });
    });

    await stack.up();

    expect(rolesOn(cloud, secretId)).toEqual(readers.map((reader) => `${ROLE} ${reader}`).sort());
    const updates = cloud.calls.filter(({ method }) => method === "SecretService/UpdateAccessBindings");
    expect(updates.length).toBeLessThanOrEqual(2);
  });

  it("keeps the role when its resource is renamed, creates it again after a removal outside, and is imported", async () => {
    await using cloud = await startCloud();
    const reader = cloud.addAccount({ name: "reader" });
    const secretId = await addSecret(cloud);
    const member = `serviceAccount:${reader}`;
    await using stack = await startStack(cloud, members(secretId, member, ["spring"]));
    await stack.up();
    stack.program(members(secretId, member, ["summer"]));
    expect((await stack.up()).steps).toEqual({ spring: "delete", summer: "create" });
    expect(rolesOn(cloud, secretId)).toEqual([`${ROLE} ${reader}`]);

    const subject = { id: reader, type: "serviceAccount" };
    await ask(cloud, "SecretService/UpdateAccessBindings", {
      resourceId: secretId,
      accessBindingDeltas: [{ action: "REMOVE", accessBinding: { roleId: ROLE, subject } }],
    });
    expect((await stack.refresh()).steps).toEqual({ summer: "delete" });
    await stack.up();
    expect(rolesOn(cloud, secretId)).toEqual([`${ROLE} ${reader}`]);

    stack.program(members(secretId, member, ["summer", "winter"]));
    await stack.engine.import({
      resources: [
        {
          type: "yandex:index/lockboxSecretIamMember:LockboxSecretIamMember",
          name: "winter",
          id: `${secretId}/${ROLE}/${member}`,
        },
      ],
      generateCode: false,
      protect: false,
    });
    expect((await stack.preview()).steps).toEqual({});
  });

  it("refuses in the preview a secret and a role that do not exist, and stays while it cannot be read", async () => {
    await using cloud = await startCloud();
    const reader = cloud.addAccount({ name: "reader" });
    const secretId = await addSecret(cloud);
    const member = `serviceAccount:${reader}`;
    await using stack = await startStack(
      cloud,
      members("e6q00000000000000999", member, ["read"], "lockbox.payloadReader"),
    );
    const { error } = await stack.tryPreview();
    expect(error).toContain("secretId e6q00000000000000999 does not exist");
    expect(error).toContain("role lockbox.payloadReader does not exist");

    stack.program(members(secretId, member, ["read"]));
    await stack.up();
    cloud.fault({ method: "SecretService/ListAccessBindings", code: "PERMISSION_DENIED", times: "always" });
    expect((await stack.tryRefresh()).error).toContain(`reading the grants of secret ${secretId}`);
    expect(await stack.resources()).toHaveProperty("read");
  });
});
