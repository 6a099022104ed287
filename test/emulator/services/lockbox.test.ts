import { openApi, responseOf, type Json, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

const entry = (key: string, textValue: string) => ({ key, textValue });

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

  it("reads the entries of a secret by the name that it has in a folder", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { folderId } = cloud;
    const fields = { folderId, name: "keys", versionPayloadEntries: [entry("api_key", "value-one")] };
    const { id: secretId, currentVersion } = responseOf(await api.call("SecretService/Create", fields));

    const folderAndName = { folderId, secretName: "keys" };
    const byName = await api.call("PayloadService/GetEx", { folderAndName });

    const entries = { api_key: Buffer.from("value-one").toString("base64") };
    expect(byName).toEqual({ secretId, versionId: currentVersion.id, entries });
    expect(await api.call("PayloadService/GetEx", { secretId })).toEqual(byName);
  });

  // As the definitions of Lockbox and of MCP gateways say, other than those of folders and accounts.
  it("answers a change of who may read a secret with nothing but that it is done", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const fields = { folderId: cloud.folderId, versionPayloadEntries: [entry("api_key", "value-one")] };
    const { id: resourceId } = responseOf(await api.call("SecretService/Create", fields));
    const subject = { id: cloud.addAccount({ name: "shop" }), type: "serviceAccount" };
    const accessBindings = [{ roleId: "lockbox.payloadViewer", subject }];
    const accessBindingDeltas = [{ action: "REMOVE", accessBinding: accessBindings[0] }];

    const set = await api.call("SecretService/SetAccessBindings", { resourceId, accessBindings });
    const listed = await api.call("SecretService/ListAccessBindings", { resourceId });
    const update = await api.call("SecretService/UpdateAccessBindings", { resourceId, accessBindingDeltas });

    const empty = { "@type": "type.googleapis.com/google.protobuf.Empty", value: {} };
    expect([responseOf(set), responseOf(update)]).toEqual([empty, empty]);
    expect(listed).toEqual({ accessBindings });
    expect((await api.call("SecretService/ListAccessBindings", { resourceId })).accessBindings).toBeUndefined();
  });

  it("goes back to an earlier version, as long as it is active", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const fields = { folderId: cloud.folderId, versionPayloadEntries: [entry("a", "1")] };
    const { id: secretId, currentVersion } = responseOf(await api.call("SecretService/Create", fields));
    const added = responseOf(
      await api.call("SecretService/AddVersion", { secretId, payloadEntries: [entry("a", "2")] }),
    );

    const set = await api.call("SecretService/SetCurrentVersion", { secretId, versionId: currentVersion.id });

    expect(responseOf(set)).toMatchObject({ id: currentVersion.id, secretId });
    expect(set.metadata).toMatchObject({ secretId, versionId: currentVersion.id });
    expect((await api.call("PayloadService/Get", { secretId })).entries).toEqual([entry("a", "1")]);
    await api.call("SecretService/ScheduleVersionDestruction", { secretId, versionId: added.id });
    expect(await api.refusal("SecretService/SetCurrentVersion", { secretId, versionId: added.id })).toBe(
      `FAILED_PRECONDITION Version ${added.id} is not active`,
    );
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

  // As the Terraform provider's acceptance tests do on the cloud: resources are replaced and deleted while they are current.
  it("schedules the destruction of the current version, after which a new version starts empty", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const secret = responseOf(
      await api.call("SecretService/Create", { folderId: cloud.folderId, versionPayloadEntries: [entry("a", "1")] }),
    );
    const versionId = secret.currentVersion.id as string;

    const pendingPeriod = transport === "rest" ? undefined : "60s";
    const scheduled = responseOf(
      await api.call("SecretService/ScheduleVersionDestruction", { secretId: secret.id, versionId, pendingPeriod }),
    );

    expect(scheduled).toMatchObject({ id: versionId, status: "SCHEDULED_FOR_DESTRUCTION" });
    expect(await api.call("SecretService/Get", { secretId: secret.id })).toMatchObject({
      currentVersion: { id: versionId, status: "SCHEDULED_FOR_DESTRUCTION" },
    });
    expect(await api.refusal("PayloadService/Get", { secretId: secret.id })).toBe(
      `FAILED_PRECONDITION Version ${versionId} is not active`,
    );
    await api.call("SecretService/AddVersion", { secretId: secret.id, payloadEntries: [entry("b", "2")] });
    expect((await api.call("PayloadService/Get", { secretId: secret.id })).entries).toEqual([entry("b", "2")]);
  });

  it("says of a secret without a version that it has none", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const secret = responseOf(
      await api.call("SecretService/Create", { folderId: cloud.folderId, createVersion: false }),
    );

    expect(await api.refusal("PayloadService/Get", { secretId: secret.id })).toBe(
      `NOT_FOUND Secret ${secret.id} has no version`,
    );
  });

  it("refuses to destroy a version in the past or after more than a year", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "grpc");
    const secret = responseOf(
      await api.call("SecretService/Create", { folderId: cloud.folderId, versionPayloadEntries: [entry("a", "1")] }),
    );
    const request = { secretId: secret.id, versionId: secret.currentVersion.id };

    for (const seconds of [-1, 32_000_000])
      expect(
        await api.refusal("SecretService/ScheduleVersionDestruction", { ...request, pendingPeriod: `${seconds}s` }),
      ).toBe("INVALID_ARGUMENT Request validation error: pendingPeriod: Field must be between 0 and 366 days");
  });

  // The Terraform provider removes entries by an empty text.
  it("makes a version without the entries that are named with an empty text", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "grpc");
    const { id: secretId } = responseOf(
      await api.call("SecretService/Create", {
        folderId: cloud.folderId,
        versionPayloadEntries: [entry("a", "1"), entry("b", "2")],
      }),
    );

    await api.call("SecretService/AddVersion", { secretId, payloadEntries: [entry("a", "")] });

    expect((await api.call("PayloadService/Get", { secretId })).entries).toEqual([entry("b", "2")]);
  });

  it("generates a password by its specification, and another one for each version", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const specification = { passwordKey: "password", length: 12, includePunctuation: false };

    const { id: secretId, ...secret } = responseOf(
      await api.call("SecretService/Create", {
        folderId: cloud.folderId,
        passwordPayloadSpecification: specification,
      }),
    );
    const first = await api.call("PayloadService/Get", { secretId });
    await api.call("SecretService/AddVersion", { secretId });
    const second = await api.call("PayloadService/Get", { secretId });

    expect(secret.passwordPayloadSpecification).toMatchObject({ ...specification, length: "12" });
    expect(first.entries).toEqual([entry("password", expect.stringMatching(/^[A-Za-z0-9]{12}$/) as string)]);
    expect(second.entries[0].textValue).not.toBe(first.entries[0].textValue);
    await api.call("SecretService/Update", { secretId, updateMask: "passwordPayloadSpecification" });
    expect(await api.call("SecretService/Get", { secretId })).not.toHaveProperty("passwordPayloadSpecification");
  });

  it.each([
    ["a second entry of the same key", { versionPayloadEntries: [entry("a", "1"), entry("a", "2")] }, "unique"],
    ["a first version without entries", { createVersion: true }, "createVersion: needs versionPayloadEntries"],
    [
      "a password beside entries",
      { versionPayloadEntries: [entry("a", "1")], passwordPayloadSpecification: { passwordKey: "p" } },
      "cannot be set together",
    ],
    ["a password of one character", { passwordPayloadSpecification: { passwordKey: "p", length: 1 } }, "range 4-256"],
  ])("refuses %s", async (_, request, words) => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);

    expect(await api.refusal("SecretService/Create", { folderId: cloud.folderId, ...request })).toContain(words);
  });

  it("keeps what one operation changes while another one is under way", async () => {
    await using cloud = await startCloud({ switches: { operations: { polls: 1 } } });
    using api = openApi(cloud, transport);
    const finish = async ({ id }: Json) => responseOf(await api.call("OperationService/Get", { operationId: id }));
    const { id: secretId } = await finish(
      await api.call("SecretService/Create", { folderId: cloud.folderId, versionPayloadEntries: [entry("a", "1")] }),
    );

    const adding = await api.call("SecretService/AddVersion", { secretId, payloadEntries: [entry("a", "2")] });
    const request = { secretId, updateMask: "description", description: "new" };
    const updating = await api.call("SecretService/Update", request);
    const disabling = await api.call("SecretService/Deactivate", { secretId });
    const version = await finish(adding);
    await finish(disabling);
    await finish(updating);

    expect(await api.call("SecretService/Get", { secretId })).toMatchObject({
      description: "new",
      status: "INACTIVE",
      currentVersion: { id: version.id },
    });
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

  it("protects a secret from deletion where the request says so", async () => {
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
