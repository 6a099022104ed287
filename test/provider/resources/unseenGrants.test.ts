import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

const ROLES = ["ai.languageModels.user", "ai.imageGeneration.user"];

const grants = (folderId: string, serviceAccountId: string) => async () => {
  for (const role of ROLES) {
    new yandex.ResourcemanagerFolderIamMember(role, { folderId, role, member: `serviceAccount:${serviceAccountId}` });
  }
};

const rolesOf = (cloud: Emulator, accountId: string): string[] =>
  cloud.snapshot().grants.flatMap(({ subjectId, roleId }) => (subjectId === accountId ? [roleId] : []));

const LISTS = "FolderService/ListAccessBindings";

describe("grants of a deployer who may bind, and may not list what is bound,", () => {
  it("are created and deleted all the same", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, grants(cloud.folderId, account));
    cloud.fault({ method: LISTS, code: "PERMISSION_DENIED", times: "always" });

    await stack.up();

    expect(rolesOf(cloud, account).sort()).toEqual([...ROLES].sort());
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();
    expect(rolesOf(cloud, account)).toEqual([]);
  });

  it("stay in the state when they cannot be removed, as nobody can say that they no longer exist", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, grants(cloud.folderId, account));
    await stack.up();
    cloud.fault({ method: LISTS, code: "PERMISSION_DENIED", times: "always" });
    cloud.fault({ method: "FolderService/UpdateAccessBindings", code: "PERMISSION_DENIED", times: "always" });

    const { error } = await stack.tryDestroy();

    for (const role of ROLES) expect(error).toContain(`taking away ${role} for serviceAccount:${account}`);
    expect(error).toContain(`lacks the role admin on folder ${cloud.folderId}`);
    expect(Object.keys(await stack.resources())).toEqual(expect.arrayContaining(ROLES));
    expect(rolesOf(cloud, account)).toHaveLength(2);
  });
});
