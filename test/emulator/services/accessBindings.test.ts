import type { Emulator } from "../../../emulator/emulator";
import { openApi, responseOf, type Json, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

const role = "ai.languageModels.user";

/** A clock that only moves when it is moved. */
const standing = () => Date.parse("2026-12-01T00:00:00Z");

describe.each<Transport>(["grpc", "rest"])("access bindings over %s", (transport) => {
  it("are added and removed by deltas, and the answer contains only what changed", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const id = cloud.addAccount({ name: "shop" });
    const add = (roleId: string) => delta("ADD", roleId, id);

    const first = await update(api, cloud, [add(role), add("ai.imageGeneration.user")]);
    const again = await update(api, cloud, [add(role), delta("REMOVE", "ai.vision.user", id)]);
    const removed = await update(api, cloud, [delta("REMOVE", role, id)]);

    expect(responseOf(first).effectiveDeltas).toEqual([add(role), add("ai.imageGeneration.user")]);
    expect(responseOf(again).effectiveDeltas).toBeUndefined();
    expect(responseOf(removed).effectiveDeltas).toEqual([delta("REMOVE", role, id)]);
    expect(removed).toMatchObject({
      description: "Update resource-manager.folder access bindings",
      metadata: {
        "@type": "type.googleapis.com/yandex.cloud.access.UpdateAccessBindingsMetadata",
        resourceId: cloud.folderId,
      },
    });
    expect(cloud.snapshot().grants).toContainEqual({
      resourceId: cloud.folderId,
      roleId: "ai.imageGeneration.user",
      subjectType: "serviceAccount",
      subjectId: id,
    });
  });

  it("are replaced as a whole by set", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const [shop, other] = [cloud.addAccount({ name: "shop" }), cloud.addAccount({ name: "other", roles: [role] })];

    await api.call("FolderService/SetAccessBindings", {
      resourceId: cloud.folderId,
      accessBindings: [binding(role, shop)],
    });

    const { accessBindings } = await api.call("FolderService/ListAccessBindings", { resourceId: cloud.folderId });
    expect(accessBindings).toEqual([binding(role, shop)]);
    expect(JSON.stringify(accessBindings)).not.toContain(other);
  });

  it.each(["group", "system"])(
    "give their roles to who is in the %s they name, as long as they are there",
    async (type) => {
      await using cloud = await startCloud();
      const shop = cloud.addAccount({ name: "shop" });
      using deployer = openApi(cloud, transport);
      using own = openApi(cloud, transport, cloud.addToken(shop));
      const look = { folderId: cloud.folderId };
      const groupId = cloud.addGroup([shop]);
      const other = cloud.addGroup([]);
      await update(deployer, cloud, [delta("ADD", "viewer", other, "group")]);
      expect(await own.refusal("FolderService/Get", look)).toMatch(/^PERMISSION_DENIED/);

      const subject = type === "group" ? groupId : "allAuthenticatedUsers";
      await update(deployer, cloud, [delta("ADD", "viewer", subject, type)]);
      expect(await own.call("FolderService/Get", look)).toMatchObject({ id: cloud.folderId });

      await update(deployer, cloud, [delta("REMOVE", "viewer", subject, type)]);
      expect(await own.refusal("FolderService/Get", look)).toMatch(/^PERMISSION_DENIED/);
    },
  );

  it("come in pages", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    for (let n = 0; n < 5; n += 1)
      cloud.addGrant({ roleId: role, subject: { id: `user-${n}`, type: "federatedUser" } });

    const seen: string[] = [];
    let pageToken = "";
    do {
      const page = await api.call("FolderService/ListAccessBindings", {
        resourceId: cloud.folderId,
        pageSize: 2,
        pageToken,
      });
      seen.push(...(page.accessBindings as Json[]).map((one) => one.subject.id as string));
      pageToken = (page.nextPageToken as string | undefined) ?? "";
    } while (pageToken !== "");

    expect(seen).toEqual(["user-0", "user-1", "user-2", "user-3", "user-4"]);
  });

  it("correct the type of a subject that is an account", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const id = cloud.addAccount({ name: "shop" });

    await update(api, cloud, [
      { action: "ADD", accessBinding: { roleId: role, subject: { id, type: "userAccount" } } },
    ]);

    const { accessBindings } = await api.call("FolderService/ListAccessBindings", { resourceId: cloud.folderId });
    expect(accessBindings).toEqual([binding(role, id)]);
  });

  it("refuse what does not exist, but let it be removed", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const id = cloud.addAccount({ name: "shop" });
    const refusal = (deltas: Json[]) =>
      api.refusal("FolderService/UpdateAccessBindings", { resourceId: cloud.folderId, accessBindingDeltas: deltas });

    expect(await refusal([delta("ADD", "ai.languageModel.user", id)])).toBe(
      "NOT_FOUND Role ai.languageModel.user not found",
    );
    expect(await refusal([delta("ADD", role, "ajes0000000000000099")])).toBe(
      "NOT_FOUND Service account ajes0000000000000099 not found",
    );
    expect(await refusal([])).toBe(
      "INVALID_ARGUMENT Request validation error: accessBindingDeltas: Number of elements must be in the range 1-1000",
    );
    expect((await update(api, cloud, [delta("REMOVE", "long.gone.role", "ajes0000000000000099")])).done).toBe(true);
  });

  it("are set only by an administrator", async () => {
    await using cloud = await startCloud();
    const robot = cloud.addAccount({ name: "robot", roles: ["editor"] });
    using api = openApi(cloud, transport, cloud.addToken(robot));

    const refusal = await api.refusal("FolderService/UpdateAccessBindings", {
      resourceId: cloud.folderId,
      accessBindingDeltas: [delta("ADD", "admin", robot)],
    });

    expect(refusal).toBe(`PERMISSION_DENIED Permission denied to resource-manager.folder ${cloud.folderId}`);
  });

  it("conflict while another update of the same folder is under way", async () => {
    await using cloud = await startCloud({ clock: standing, switches: { operations: { ms: 1000 } } });
    using api = openApi(cloud, transport);
    const id = cloud.addAccount({ name: "shop" });
    const accessBindingDeltas = [delta("ADD", role, id)];

    const first = await update(api, cloud, accessBindingDeltas);
    const refusal = await api.refusal("FolderService/UpdateAccessBindings", {
      resourceId: cloud.folderId,
      accessBindingDeltas,
    });

    expect(refusal).toBe(`ABORTED Conflicting operation ${first.id} detected`);
    cloud.clock.advance(1000);
    expect((await update(api, cloud, accessBindingDeltas)).done).toBe(false);
  });

  it("are listed only after the list's lag", async () => {
    await using cloud = await startCloud({ clock: standing, switches: { bindingListLagMs: 8000 } });
    using api = openApi(cloud, transport);
    const id = cloud.addAccount({ name: "shop" });
    await update(api, cloud, [delta("ADD", role, id)]);
    const list = async () =>
      (await api.call("FolderService/ListAccessBindings", { resourceId: cloud.folderId })).accessBindings;

    expect(await list()).toBeUndefined();
    cloud.clock.advance(8000);
    expect(await list()).toEqual([binding(role, id)]);
    await update(api, cloud, [delta("REMOVE", role, id)]);
    expect(await list()).toEqual([binding(role, id)]);
    cloud.clock.advance(8000);
    expect(await list()).toBeUndefined();
  });

  it("can be held on an account, a cloud and a secret too", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const id = cloud.addAccount({ name: "shop" });
    const secret = responseOf(await api.call("SecretService/Create", { folderId: cloud.folderId, name: "keys" }));

    for (const [service, resourceId, roleId] of [
      ["ServiceAccountService", id, "iam.serviceAccounts.user"],
      ["CloudService", cloud.cloudId, "viewer"],
      ["SecretService", secret.id as string, "lockbox.payloadViewer"],
    ] as const) {
      await api.call(`${service}/UpdateAccessBindings`, {
        resourceId,
        accessBindingDeltas: [delta("ADD", roleId, id)],
      });
      const { accessBindings } = await api.call(`${service}/ListAccessBindings`, { resourceId });
      expect(accessBindings).toContainEqual(binding(roleId, id));
    }
  });
});

const binding = (roleId: string, id: string) => ({ roleId, subject: { id, type: "serviceAccount" } });
const delta = (action: "ADD" | "REMOVE", roleId: string, id: string, type = "serviceAccount") => ({
  action,
  accessBinding: { roleId, subject: { id, type } },
});

const update = (api: ReturnType<typeof openApi>, cloud: Emulator, accessBindingDeltas: Json[]) =>
  api.call("FolderService/UpdateAccessBindings", { resourceId: cloud.folderId, accessBindingDeltas });
