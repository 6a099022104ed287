import { openApi, responseOf, type Json, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

describe.each<Transport>(["grpc", "rest"])("Lockbox over %s", (transport) => {
  it("keeps versions of a secret, each on top of the one before", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);

    const secret = responseOf(
      await api.call("SecretService/Create", {
        folderId: cloud.folderId,
        name: "keys",
        versionPayloadEntries: [entry("api_key", "value-one"), entry("other", "value-three")],
      }),
    );
    const version = responseOf(
      await api.call("SecretService/AddVersion", {
        secretId: secret.id,
        payloadEntries: [entry("api_key", "value-two")],
      }),
    );
    const now = await api.call("PayloadService/Get", { secretId: secret.id });
    const before = await api.call("PayloadService/Get", { secretId: secret.id, versionId: secret.currentVersion.id });

    expect(version).toMatchObject({ secretId: secret.id, status: "ACTIVE", payloadEntryKeys: ["other", "api_key"] });
    expect(now).toEqual({
      versionId: version.id,
      entries: [entry("other", "value-three"), entry("api_key", "value-two")],
    });
    expect(before.entries).toContainEqual(entry("api_key", "value-one"));
    expect(cloud.dump()).not.toMatch(/value-/);
    expect(JSON.stringify(cloud.calls)).not.toMatch(/value-/);
  });

  // The CLI of the vendor documents it: an item of a key alone takes the entry out.
  it("makes a version without the entries that are named without a value", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { id: secretId } = responseOf(
      await api.call("SecretService/Create", {
        folderId: cloud.folderId,
        versionPayloadEntries: [entry("api_key", "value-one"), entry("other", "value-two")],
      }),
    );

    await api.call("SecretService/AddVersion", { secretId, payloadEntries: [{ key: "api_key" }] });

    expect((await api.call("PayloadService/Get", { secretId })).entries).toEqual([entry("other", "value-two")]);
  });

  it("destroys a version when its time has come", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const secret = responseOf(
      await api.call("SecretService/Create", { folderId: cloud.folderId, versionPayloadEntries: [entry("a", "1")] }),
    );
    const versionId = secret.currentVersion.id as string;
    await api.call("SecretService/AddVersion", { secretId: secret.id, payloadEntries: [entry("a", "2")] });

    const scheduled = responseOf(
      await api.call("SecretService/ScheduleVersionDestruction", { secretId: secret.id, versionId }),
    );
    expect(scheduled.status).toBe("SCHEDULED_FOR_DESTRUCTION");
    cloud.clock.advance(7 * 24 * 60 * 60 * 1000);

    using later = openApi(cloud, transport, cloud.addToken(cloud.deployerId));
    const { versions } = await later.call("SecretService/ListVersions", { secretId: secret.id });
    expect((versions as Json[]).find((version) => version.id === versionId)).toMatchObject({ status: "DESTROYED" });
    expect(await later.refusal("PayloadService/Get", { secretId: secret.id, versionId })).toBe(
      `FAILED_PRECONDITION Version ${versionId} is not active`,
    );
  });

  it("shows contents only to who may read them", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const secret = responseOf(
      await api.call("SecretService/Create", { folderId: cloud.folderId, versionPayloadEntries: [entry("a", "1")] }),
    );
    const robot = cloud.addAccount({ name: "robot", roles: ["lockbox.editor"] });
    using asRobot = openApi(cloud, transport, cloud.addToken(robot));

    expect(await asRobot.call("SecretService/Get", { secretId: secret.id })).toMatchObject({ id: secret.id });
    expect(await asRobot.refusal("PayloadService/Get", { secretId: secret.id })).toBe(
      `PERMISSION_DENIED Permission denied to lockbox.secret ${secret.id}`,
    );
    cloud.addGrant({
      resourceId: secret.id as string,
      roleId: "lockbox.payloadViewer",
      subject: { id: robot, type: "serviceAccount" },
    });
    expect((await asRobot.call("PayloadService/Get", { secretId: secret.id })).entries).toEqual([entry("a", "1")]);
  });

  it("protects a secret from deletion when told so", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { id: secretId } = responseOf(
      await api.call("SecretService/Create", { folderId: cloud.folderId, deletionProtection: true }),
    );

    expect(await api.refusal("SecretService/Delete", { secretId })).toBe(
      `FAILED_PRECONDITION Secret ${secretId} is protected from deletion`,
    );
    await api.call("SecretService/Update", { secretId, updateMask: "deletionProtection", deletionProtection: false });
    await api.call("SecretService/Delete", { secretId });
    expect(await api.refusal("SecretService/Get", { secretId })).toBe(`NOT_FOUND Secret ${secretId} not found`);
  });
});

const entry = (key: string, textValue: string) => ({ key, textValue });
