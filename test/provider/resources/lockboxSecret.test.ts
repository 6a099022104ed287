import * as yandex from "@pulumi/yandex";
import { startCloud } from "../../support/cloud";
import { addSecret, ask, entriesOf, secretsOf } from "../../support/lockbox";
import { startStack } from "../../support/stack";

const secret =
  (args: yandex.LockboxSecretArgs = {}) =>
  async () => ({ id: new yandex.LockboxSecret("store", { name: "shop", ...args }).id });

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

  it("generates a password where the program asks for one, and previews nothing afterwards", async () => {
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
