import { openApi, responseOf, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

describe.each<Transport>(["grpc", "rest"])("folders, clouds and roles over %s", (transport) => {
  it("are there from the start: one cloud with one folder", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);

    expect((await api.call("CloudService/List")).clouds).toMatchObject([
      { id: cloud.cloudId, organizationId: cloud.organizationId },
    ]);
    expect((await api.call("FolderService/List", { cloudId: cloud.cloudId })).folders).toMatchObject([
      { id: cloud.folderId, name: "default", status: "ACTIVE" },
    ]);
    expect(await api.call("FolderService/Get", { folderId: cloud.folderId })).toMatchObject({ cloudId: cloud.cloudId });
    expect(await api.call("CloudService/Get", { cloudId: cloud.cloudId })).toMatchObject({ name: "local" });
  });

  it("can be made", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    cloud.addGrant({
      resourceId: cloud.organizationId,
      roleId: "editor",
      subject: { id: cloud.deployerId, type: "userAccount" },
    });

    const folder = await api.call("FolderService/Create", {
      cloudId: cloud.cloudId,
      name: "prod",
      labels: { env: "prod" },
    });
    const another = await api.call("CloudService/Create", { organizationId: cloud.organizationId, name: "second" });

    expect(folder).toMatchObject({
      done: true,
      description: "Create folder",
      id: expect.stringMatching(/^b1g/) as string,
    });
    expect(responseOf(folder)).toMatchObject({ name: "prod", labels: { env: "prod" }, status: "ACTIVE" });
    expect(responseOf(another)).toMatchObject({ name: "second" });
    expect(
      (await api.call("FolderService/List", { cloudId: cloud.cloudId, filter: 'name = "prod"' })).folders,
    ).toHaveLength(1);
    expect(await api.refusal("FolderService/Create", { cloudId: cloud.cloudId, name: "prod" })).toBe(
      "ALREADY_EXISTS Folder with name prod already exists",
    );
  });

  it("belong to the account that makes them", async () => {
    await using cloud = await startCloud();
    const shop = cloud.addAccount({ name: "shop" });
    cloud.addGrant({
      resourceId: cloud.organizationId,
      roleId: "resource-manager.editor",
      subject: { id: shop, type: "serviceAccount" },
    });
    using api = openApi(cloud, transport, cloud.addToken(shop));

    const made = await api.call("CloudService/Create", { organizationId: cloud.organizationId, name: "second" });
    const { id: cloudId } = responseOf(made) as { id: string };

    expect((await api.call("CloudService/ListAccessBindings", { resourceId: cloudId })).accessBindings).toEqual([
      { roleId: "resource-manager.clouds.owner", subject: { id: shop, type: "serviceAccount" } },
    ]);
    expect(await api.call("CloudService/Delete", { cloudId })).toMatchObject({ description: "Delete cloud" });
  });

  it("show a member of a cloud the cloud, and no folder", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const member = cloud.addUser();
    const accessBinding = {
      roleId: "resource-manager.clouds.member",
      subject: { id: member, type: "userAccount" },
    };
    const accessBindingDeltas = [{ action: "ADD", accessBinding }];
    using own = openApi(cloud, transport, cloud.addToken(member));

    const onFolder = { resourceId: cloud.folderId, accessBindingDeltas };
    expect(await api.refusal("FolderService/UpdateAccessBindings", onFolder)).toBe(
      "INVALID_ARGUMENT Role resource-manager.clouds.member can be granted on a cloud only",
    );
    await api.call("CloudService/UpdateAccessBindings", { resourceId: cloud.cloudId, accessBindingDeltas });

    expect(await own.call("CloudService/Get", { cloudId: cloud.cloudId })).toMatchObject({ name: "local" });
    expect((await own.call("CloudService/List")).clouds).toHaveLength(1);
    expect(await own.refusal("FolderService/Get", { folderId: cloud.folderId })).toContain("PERMISSION_DENIED");
    expect((await own.call("FolderService/List", { cloudId: cloud.cloudId })).folders).toBeUndefined();
  });

  it("are renamed and described in place", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { folderId, cloudId } = cloud;
    cloud.addFolder({ name: "prod" });

    const folder = responseOf(
      await api.call("FolderService/Update", { folderId, name: "dev", updateMask: "name", description: "not this" }),
    );
    const changed = responseOf(
      await api.call("CloudService/Update", { cloudId, labels: { team: "web" }, updateMask: "labels" }),
    );

    expect(folder).toMatchObject({ id: folderId, name: "dev", status: "ACTIVE" });
    expect(folder.description ?? "").toBe("");
    expect(changed).toMatchObject({ name: "local", labels: { team: "web" } });
    expect(await api.refusal("FolderService/Update", { folderId, name: "prod", updateMask: "name" })).toBe(
      "ALREADY_EXISTS Folder with name prod already exists",
    );
    expect(await api.refusal("CloudService/Update", { cloudId, updateMask: "organizationId" })).toBe(
      'INVALID_ARGUMENT Request validation error: updateMask: Unknown field "organizationId"',
    );
  });

  it("have names that are unique while operations are under way", async () => {
    await using cloud = await startCloud({ switches: { operations: { polls: 1 } } });
    using api = openApi(cloud, transport);
    const create = { cloudId: cloud.cloudId, name: "shop" };
    const [one, two] = [cloud.addFolder({ name: "one" }), cloud.addFolder({ name: "two" })];

    await api.call("FolderService/Create", create);
    await api.call("FolderService/Update", { folderId: one, updateMask: "name", name: "new" });

    expect(await api.refusal("FolderService/Create", create)).toMatch(/^ALREADY_EXISTS/);
    expect(await api.refusal("FolderService/Update", { folderId: two, name: "new" })).toMatch(/^ALREADY_EXISTS/);
  });

  it("keep their name where a change has none, and have no underscore in it", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);

    const folder = responseOf(await api.call("FolderService/Update", { folderId: cloud.folderId, description: "d" }));
    const changed = responseOf(await api.call("CloudService/Update", { cloudId: cloud.cloudId, description: "d" }));

    expect([folder, changed]).toMatchObject([
      { name: "default", description: "d" },
      { name: "local", description: "d" },
    ]);
    expect(await api.refusal("FolderService/Create", { cloudId: cloud.cloudId, name: "a_b" })).toContain("name: Field");
  });

  it("are deleted with all that lies in them, at the time that was asked for", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const folderId = cloud.addFolder({ name: "old" });
    const account = cloud.addAccount({ name: "shop", folderId, roles: ["ai.languageModels.user"] });
    const { secret } = cloud.addApiKey(account);
    const versionPayloadEntries = [{ key: "word", textValue: "value" }];
    await api.call("SecretService/Create", { folderId, name: "words", versionPayloadEntries });
    const now = new Date(cloud.clock.now()).toISOString();

    const operation = await api.call("FolderService/Delete", { folderId, deleteAfter: now });

    expect(operation).toMatchObject({ done: true, description: "Delete folder" });
    expect(await api.refusal("FolderService/Get", { folderId })).toBe(`NOT_FOUND Folder with id ${folderId} not found`);
    expect(cloud.snapshot().accounts).toEqual([]);
    expect(cloud.dump()).not.toContain(account);
    expect(cloud.dump()).not.toContain("sealed");
    const models = await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
    expect(models.status).toBe(401);

    responseOf(await api.call("CloudService/Delete", { cloudId: cloud.cloudId, deleteAfter: now }));
    expect((await api.call("CloudService/List")).clouds ?? []).toEqual([]);
  });

  it("wait a day for their deletion, which can be called off until then", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const [kept, gone] = [cloud.addFolder({ name: "kept" }), cloud.addFolder({ name: "gone" })];

    const called = await api.call("FolderService/Delete", { folderId: kept });
    expect(called.done ?? false).toBe(false);
    expect(await api.call("FolderService/Get", { folderId: kept })).toMatchObject({ status: "PENDING_DELETION" });
    await api.call("OperationService/Cancel", { operationId: called.id });
    await api.call("FolderService/Delete", { folderId: gone });
    cloud.clock.advance(25 * 60 * 60 * 1000);
    using later = openApi(cloud, transport, cloud.addToken(cloud.deployerId));

    expect(await later.call("FolderService/Get", { folderId: kept })).toMatchObject({ status: "ACTIVE" });
    expect(await later.refusal("FolderService/Get", { folderId: gone })).toMatch(/^NOT_FOUND/);
  });

  it("are deleted only by who may", async () => {
    await using cloud = await startCloud();
    const robot = cloud.addAccount({ name: "robot", roles: ["resource-manager.viewer"] });
    using api = openApi(cloud, transport, cloud.addToken(robot));

    for (const method of ["FolderService/Update", "FolderService/Delete"]) {
      expect(await api.refusal(method, { folderId: cloud.folderId, name: "dev" })).toBe(
        `PERMISSION_DENIED Permission denied to resource-manager.folder ${cloud.folderId}`,
      );
    }
    expect(await api.refusal("CloudService/Delete", { cloudId: cloud.cloudId })).toBe(
      `PERMISSION_DENIED Permission denied to resource-manager.cloud ${cloud.cloudId}`,
    );
  });

  it("show themselves only to who may look", async () => {
    await using cloud = await startCloud();
    const [shown, hidden] = [cloud.addFolder(), cloud.addFolder()];
    const robot = cloud.addAccount({ name: "robot" });
    cloud.addGrant({ resourceId: shown, roleId: "viewer", subject: { id: robot, type: "serviceAccount" } });
    using api = openApi(cloud, transport, cloud.addToken(robot));

    expect((await api.call("FolderService/List", { cloudId: cloud.cloudId })).folders).toMatchObject([{ id: shown }]);
    expect(await api.refusal("FolderService/Get", { folderId: hidden })).toBe(
      `PERMISSION_DENIED Permission denied to resource-manager.folder ${hidden}`,
    );
    expect(await api.refusal("FolderService/Get", { folderId: "default" })).toBe(
      "NOT_FOUND Folder with id default not found",
    );
  });

  it("know the roles of AI Studio", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);

    const { roles } = await api.call("RoleService/List", { pageSize: 1000 });

    expect(roles).toContainEqual({ id: "ai.languageModels.user", description: "Use text models" });
    expect(await api.call("RoleService/Get", { roleId: "ai.editor" })).toMatchObject({ id: "ai.editor" });
    expect(await api.refusal("RoleService/Get", { roleId: "ai.nobody" })).toBe("NOT_FOUND Role ai.nobody not found");
  });

  it("are found without signing in: endpoints", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport, "");

    const { endpoints } = await api.call("ApiEndpointService/List");

    expect(endpoints).toContainEqual({ id: "iam", address: cloud.endpoint });
    expect(await api.call("ApiEndpointService/Get", { apiEndpointId: "resource-manager" })).toEqual({
      id: "resource-manager",
      address: cloud.endpoint,
    });
  });

  it("say which call is not emulated", async () => {
    await using cloud = await startCloud();
    const answer = await fetch(`${cloud.url}/resource-manager/v1/folders/${cloud.folderId}:bindAccessPolicy`, {
      method: "POST",
    });

    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      code: 5,
      message: expect.stringContaining("is not emulated") as string,
    });
  });
});
