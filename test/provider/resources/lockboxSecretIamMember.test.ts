import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { addSecret, ask } from "../../support/lockbox";
import { startStack } from "../../support/stack";

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
