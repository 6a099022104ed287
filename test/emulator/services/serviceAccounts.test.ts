import { openApi, responseOf, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

describe.each<Transport>(["grpc", "rest"])("service accounts over %s", (transport) => {
  it("are created, read, changed under a mask and deleted", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);

    const operation = await api.call("ServiceAccountService/Create", {
      folderId: cloud.folderId,
      name: "shop",
      description: "for the shop",
      labels: { app: "shop" },
    });
    const account = responseOf(operation);
    expect(operation).toMatchObject({
      done: true,
      description: "Create service account",
      createdBy: cloud.deployerId,
      metadata: {
        "@type": "type.googleapis.com/yandex.cloud.iam.v1.CreateServiceAccountMetadata",
        serviceAccountId: account.id,
      },
    });
    expect(account).toMatchObject({ folderId: cloud.folderId, name: "shop", labels: { app: "shop" } });

    const changed = await api.call("ServiceAccountService/Update", {
      serviceAccountId: account.id,
      updateMask: "description",
      name: "ignored",
      description: "changed",
    });
    expect(responseOf(changed)).toMatchObject({ name: "shop", description: "changed", labels: { app: "shop" } });

    const removed = await api.call("ServiceAccountService/Delete", { serviceAccountId: account.id });
    expect(removed.response).toEqual({ "@type": "type.googleapis.com/google.protobuf.Empty", value: {} });
    expect(await api.refusal("ServiceAccountService/Get", { serviceAccountId: account.id })).toBe(
      `NOT_FOUND Service account ${account.id} not found`,
    );
    expect(cloud.writes("ServiceAccountService")).toEqual(
      ["create", "update", "delete"].map((verb) => `${verb} ${account.id}`),
    );
  });

  it("have names that are unique in the whole cloud", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const otherFolder = cloud.addFolder();
    cloud.addAccount({ name: "shop" });

    const refusal = await api.refusal("ServiceAccountService/Create", { folderId: otherFolder, name: "shop" });

    expect(refusal).toBe(`ALREADY_EXISTS Service account 'shop@${cloud.cloudId}' already exists`);
  });

  it.each([
    [{ name: "" }, "name: Field is required"],
    [{ name: "Shop" }, "name: Field does not match the pattern /[a-z]([-a-z0-9]{0,61}[a-z0-9])?/"],
    [{ name: "shop-" }, "name: Field does not match the pattern /[a-z]([-a-z0-9]{0,61}[a-z0-9])?/"],
    [{ name: "a".repeat(64) }, "name: Field does not match the pattern /[a-z]([-a-z0-9]{0,61}[a-z0-9])?/"],
    [{ description: "x".repeat(257) }, "description: Field length must be at most 256"],
    [{ labels: { App: "x" } }, "labels.key: Field does not match the pattern /[a-z][-_0-9a-z]{0,62}/"],
    [{ folderId: "" }, "folderId: Field is required"],
  ])("are refused with %j", async (wrong, words) => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);

    const refusal = await api.refusal("ServiceAccountService/Create", {
      folderId: cloud.folderId,
      name: "shop",
      ...wrong,
    });

    expect(refusal).toBe(`INVALID_ARGUMENT Request validation error: ${words}`);
  });

  it("have names that are unique while operations are under way", async () => {
    await using cloud = await startCloud({ switches: { operations: { polls: 1 } } });
    using api = openApi(cloud, transport);
    const [one, two] = [cloud.addAccount({ name: "one" }), cloud.addAccount({ name: "two" })];
    const create = { folderId: cloud.folderId, name: "three" };
    const rename = (serviceAccountId: string) => ({ serviceAccountId, updateMask: "name", name: "new" });

    await api.call("ServiceAccountService/Create", create);
    await api.call("ServiceAccountService/Update", rename(one));

    expect(await api.refusal("ServiceAccountService/Create", create)).toMatch(/^ALREADY_EXISTS/);
    expect(await api.refusal("ServiceAccountService/Update", rename(two))).toMatch(/^ALREADY_EXISTS/);
  });

  it("refuse an unknown field in the mask and demand the name even outside it", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    expect(
      await api.refusal("ServiceAccountService/Update", { serviceAccountId, updateMask: "folder_id", name: "shop" }),
    ).toBe('INVALID_ARGUMENT Request validation error: updateMask: Unknown field "folderId"');
    expect(await api.refusal("ServiceAccountService/Update", { serviceAccountId, updateMask: "description" })).toBe(
      "INVALID_ARGUMENT Request validation error: name: Field is required",
    );
  });

  it("are listed in pages and found by name", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    for (const name of ["one", "two", "three"]) cloud.addAccount({ name });

    const first = await api.call("ServiceAccountService/List", { folderId: cloud.folderId, pageSize: 2 });
    const second = await api.call("ServiceAccountService/List", {
      folderId: cloud.folderId,
      pageSize: 2,
      pageToken: first.nextPageToken,
    });
    const found = await api.call("ServiceAccountService/List", { folderId: cloud.folderId, filter: 'name="two"' });

    expect(first.serviceAccounts).toMatchObject([{ name: "one" }, { name: "two" }]);
    expect(second.serviceAccounts).toMatchObject([{ name: "three" }]);
    expect(second.nextPageToken).toBeUndefined();
    expect(found.serviceAccounts).toMatchObject([{ name: "two" }]);
  });

  it("take their keys and grants with them", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const before = cloud.snapshot();
    const serviceAccountId = cloud.addAccount({ name: "shop", roles: ["ai.languageModels.user"] });
    cloud.addApiKey(serviceAccountId);

    await api.call("ServiceAccountService/Delete", { serviceAccountId });

    expect(cloud.snapshot()).toEqual(before);
  });

  it("leave their grants behind as orphans when the cloud does so", async () => {
    await using cloud = await startCloud({ switches: { orphanGrants: true } });
    using api = openApi(cloud, transport);
    const serviceAccountId = cloud.addAccount({ name: "shop", roles: ["ai.languageModels.user"] });

    await api.call("ServiceAccountService/Delete", { serviceAccountId });

    const { accessBindings } = await api.call("FolderService/ListAccessBindings", { resourceId: cloud.folderId });
    expect(accessBindings).toEqual([
      { roleId: "ai.languageModels.user", subject: { id: serviceAccountId, type: "serviceAccount" } },
    ]);
  });

  it("are not made beyond the quota", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    cloud.switches.quotas = { ...cloud.switches.quotas, serviceAccounts: 1 };
    cloud.addAccount({ name: "one" });

    expect(await api.refusal("ServiceAccountService/Create", { folderId: cloud.folderId, name: "two" })).toBe(
      "RESOURCE_EXHAUSTED Quota limit iam.serviceAccounts.count exceeded",
    );
  });

  it("are managed only by who holds a role for it", async () => {
    await using cloud = await startCloud();
    const stranger = cloud.addUser();
    using api = openApi(cloud, transport, cloud.addToken(stranger));
    const create = { folderId: cloud.folderId, name: "shop" };

    expect(await api.refusal("ServiceAccountService/Create", create)).toBe(
      `PERMISSION_DENIED Permission denied to resource-manager.folder ${cloud.folderId}`,
    );
    cloud.addGrant({ roleId: "iam.serviceAccounts.admin", subject: { id: stranger, type: "userAccount" } });
    expect(responseOf(await api.call("ServiceAccountService/Create", create))).toMatchObject({ name: "shop" });
  });
});
