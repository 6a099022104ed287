import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

const TEXT = "ai.languageModels.user";
const IMAGES = "ai.imageGeneration.user";

/** Grants by the resource's name, all for one account that was there before. */
const grants = (cloud: Emulator, member: string, roles: Record<string, string>) => async () => {
  for (const [name, role] of Object.entries(roles)) {
    new yandex.ResourcemanagerFolderIamMember(name, { folderId: cloud.folderId, role, member });
  }
};

const rolesOf = (cloud: Emulator, accountId: string): string[] =>
  cloud
    .snapshot()
    .grants.filter(({ subjectId }) => subjectId === accountId)
    .map(({ roleId }) => roleId)
    .sort();

const countOf = (cloud: Emulator, method: string): number =>
  cloud.calls.filter((call) => call.method === method).length;

async function removeByHand(cloud: Emulator, roleId: string, accountId: string): Promise<void> {
  await fetch(`${cloud.url}/resource-manager/v1/folders/${cloud.folderId}:updateAccessBindings`, {
    method: "POST",
    headers: { authorization: `Bearer ${cloud.token}` },
    body: JSON.stringify({
      accessBindingDeltas: [
        { action: "REMOVE", accessBinding: { roleId, subject: { id: accountId, type: "serviceAccount" } } },
      ],
    }),
  });
}

describe("ResourcemanagerFolderIamMember", () => {
  // Case 1.
  it("keeps the role when its resource is renamed", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, grants(cloud, `serviceAccount:${account}`, { spring: TEXT }));
    await stack.up();

    stack.program(grants(cloud, `serviceAccount:${account}`, { summer: TEXT }));
    expect((await stack.up()).steps).toEqual({ spring: "delete", summer: "create" });

    expect(rolesOf(cloud, account)).toEqual([TEXT]);
    expect((await stack.refresh()).steps).toEqual({});
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();
    expect(rolesOf(cloud, account)).toEqual([]);
  });

  // Case 2.
  it("keeps the role until the last resource that declares it goes", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const member = `serviceAccount:${account}`;
    await using stack = await startStack(cloud, grants(cloud, member, { one: TEXT, two: TEXT, three: IMAGES }));
    await stack.up();

    stack.program(grants(cloud, member, { two: TEXT, three: IMAGES }));
    await stack.up();
    expect(rolesOf(cloud, account)).toEqual([IMAGES, TEXT]);

    stack.program(grants(cloud, member, { three: IMAGES }));
    await stack.up();
    expect(rolesOf(cloud, account)).toEqual([IMAGES]);
  });

  it("exchanges the role when the role changes", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const member = `serviceAccount:${account}`;
    await using stack = await startStack(cloud, grants(cloud, member, { grant: TEXT }));
    await stack.up();

    stack.program(grants(cloud, member, { grant: IMAGES }));
    expect(await stack.preview()).toMatchObject({ steps: { grant: "replace" }, diffs: { grant: ["role"] } });
    await stack.up();

    expect(rolesOf(cloud, account)).toEqual([IMAGES]);
  });

  // Case 3.
  it("leaves the grants of others as they are", async () => {
    await using cloud = await startCloud();
    for (const id of ["ajeu0000000000000091", "ajeu0000000000000092", "ajeu0000000000000093"]) {
      cloud.addGrant({ roleId: TEXT, subject: { id, type: "userAccount" } });
    }
    const account = cloud.addAccount({ name: "app" });
    const member = `serviceAccount:${account}`;
    const before = cloud.snapshot().grants;
    await using stack = await startStack(cloud, grants(cloud, member, { one: TEXT, two: IMAGES }));

    await stack.up();
    expect(cloud.snapshot().grants).toEqual(expect.arrayContaining(before));
    stack.program(grants(cloud, member, { two: IMAGES }));
    await stack.up();
    expect(cloud.snapshot().grants).toEqual(expect.arrayContaining(before));
    await stack.destroy();

    expect(cloud.snapshot().grants).toEqual(before);
    expect(countOf(cloud, "FolderService/SetAccessBindings")).toBe(0);
  });

  // Case 4.
  it("is deleted quietly when the grant or the folder no longer exists", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const member = `serviceAccount:${account}`;
    await using stack = await startStack(cloud, grants(cloud, member, { grant: TEXT }));
    await stack.up();

    cloud.fault({ method: "FolderService/ListAccessBindings", code: "NOT_FOUND", times: "always" });
    expect((await stack.refresh()).steps).toEqual({ grant: "delete" });
    cloud.clearFaults();
    await stack.up();
    cloud.fault({ method: "*AccessBindings", code: "NOT_FOUND", times: "always" });
    const destroyed = await stack.destroy();

    expect(destroyed.output).not.toMatch(/warning|error/i);
    expect(await stack.resources()).toEqual({});
  });

  it("stays in the state when the grants cannot be read", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, grants(cloud, `serviceAccount:${account}`, { grant: TEXT }));
    await stack.up();

    cloud.fault({ method: "FolderService/ListAccessBindings", code: "PERMISSION_DENIED", times: "always" });
    const refreshed = await stack.tryRefresh();

    expect(refreshed.error).toMatch(/lacks the role resource-manager.viewer on folder/);
    expect(Object.keys(await stack.resources())).toContain("grant");
  });

  it("is made again when somebody took the role away", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const member = `serviceAccount:${account}`;
    await using stack = await startStack(cloud, grants(cloud, member, { grant: TEXT, other: IMAGES }));
    await stack.up();
    await removeByHand(cloud, TEXT, account);

    const repaired = await stack.up({ refresh: true });

    expect(repaired.steps).toMatchObject({ grant: "create" });
    expect(rolesOf(cloud, account)).toEqual([IMAGES, TEXT]);
    expect((await stack.refresh()).steps).toEqual({});
  });

  // Case 6.
  it("is there only when the folder lists it", async () => {
    await using cloud = await startCloud({ switches: { bindingListLagMs: 300 } });
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, grants(cloud, `serviceAccount:${account}`, { grant: TEXT }));

    await stack.up();

    expect((await stack.refresh()).steps).toEqual({});
  });

  // Case 8.
  it("waits for the changes of others", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 150 } } });
    const [one, two] = [cloud.addAccount({ name: "one" }), cloud.addAccount({ name: "two" })];
    const roles = { a: TEXT, b: IMAGES, c: "ai.translate.user", d: "ai.vision.user" };
    await using first = await startStack(cloud, grants(cloud, `serviceAccount:${one}`, roles), { name: "one" });
    await using second = await startStack(cloud, grants(cloud, `serviceAccount:${two}`, roles), { name: "two" });

    await Promise.all([first.up(), second.up()]);

    expect(rolesOf(cloud, one)).toEqual(Object.values(roles).sort());
    expect(rolesOf(cloud, two)).toEqual(Object.values(roles).sort());
  });

  // Case 8. Such an operation ends only when somebody asks for it, so a caller that merely tries again never gets through.
  it("waits for the operation that a refusal names", async () => {
    await using cloud = await startCloud({ switches: { operations: { polls: 2 } } });
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, grants(cloud, `serviceAccount:${account}`, { grant: TEXT }), {
      config: { "yandex:maxRetries": "0" },
    });
    cloud.fault({ method: "FolderService/UpdateAccessBindings", code: "UNAVAILABLE", when: "after" });
    await stack.tryUp();

    await stack.up();

    expect(rolesOf(cloud, account)).toEqual([TEXT]);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("says so when the member had the role before", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app", roles: [TEXT] });
    await using stack = await startStack(cloud, grants(cloud, `serviceAccount:${account}`, { old: TEXT, new: IMAGES }));

    const { output } = await stack.up();

    expect(output).toContain(`serviceAccount:${account} already had ${TEXT}`);
    expect(output).not.toContain(`already had ${IMAGES}`);
  });

  it("is refused alone when one of many in a call is wrong", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const member = `serviceAccount:${account}`;
    await using stack = await startStack(cloud, grants(cloud, member, { good: TEXT, bad: "ai.languageModel.user" }));

    const { error } = await stack.tryUp();

    expect(error).toMatch(/ai\.languageModel\.user/);
    expect(rolesOf(cloud, account)).toEqual([TEXT]);
  });

  it("shares calls with all others of its folder", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 100 } } });
    const account = cloud.addAccount({ name: "app" });
    const roles = Object.fromEntries(
      ["user", "viewer", "editor", "admin", "auditor"].map((kind) => [kind, `ai.models.${kind}`]),
    );
    await using stack = await startStack(cloud, grants(cloud, `serviceAccount:${account}`, roles));

    await stack.up();
    expect(countOf(cloud, "FolderService/UpdateAccessBindings")).toBeLessThanOrEqual(2);
    const lists = countOf(cloud, "FolderService/ListAccessBindings");
    await stack.refresh();

    expect(countOf(cloud, "FolderService/ListAccessBindings")).toBe(lists + 1);
  });
});
