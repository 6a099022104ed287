import { openApi } from "../../support/api";
import { startCloud } from "../../support/cloud";

describe("proto JSON over REST", () => {
  it("takes names in snake_case, masks of either spelling, and unknown fields", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "shop" });
    const headers = { authorization: `Bearer ${cloud.token}`, "content-type": "application/json" };
    const url = `${cloud.url}/iam/v1/serviceAccounts/${account}`;
    for (const mask of [{ update_mask: "description" }, { updateMask: "description" }]) {
      const body = JSON.stringify({ ...mask, description: "d", name: "other", nothing: 1 });
      expect((await fetch(url, { method: "PATCH", headers, body })).status).toBe(200);
    }
    const keyed = JSON.stringify({ service_account_id: account, expires_at: "2027-01-01T00:00:00Z" });
    const made = await fetch(`${cloud.url}/iam/v1/apiKeys`, { method: "POST", headers, body: keyed });

    expect(await (await fetch(url, { headers })).json()).toMatchObject({ name: "shop", description: "d" });
    expect(await made.json()).toMatchObject({
      apiKey: { serviceAccountId: account, expiresAt: "2027-01-01T00:00:00Z" },
    });
  });

  it.each([
    ["description", { a: 1 }],
    ["expiresAt", 5],
    ["expiresAt", "tomorrow"],
    ["scopes", "yc.ai.foundationModels.execute"],
  ])("refuses %s of the wrong type, and names it: %j", async (field, value) => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "rest");
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    expect(await api.refusal("ApiKeyService/Create", { serviceAccountId, [field]: value })).toBe(
      `INVALID_ARGUMENT Request does not fit its definition: ${field}`,
    );
  });

  it("shows no status of an account, which has none here", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "rest");
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    expect(Object.keys(await api.call("ServiceAccountService/Get", { serviceAccountId }))).toEqual([
      ...["id", "folderId", "createdAt", "name"],
    ]);
  });

  it("refuses a query parameter of the wrong type, and names it", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "rest");

    expect(await api.refusal("ServiceAccountService/List", { folderId: cloud.folderId, pageSize: "abc" })).toBe(
      "INVALID_ARGUMENT Request does not fit its definition: pageSize",
    );
  });

  it("reads a duration as text, keeps empty labels and shows 64-bit numbers as text", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "rest");
    const labels = { a: "", b: "x" };
    const payload = [{ key: "password", textValue: "s3cret" }];
    const made = await api.call("SecretService/Create", {
      folderId: cloud.folderId,
      name: "s",
      labels,
      versionPayloadEntries: payload,
    });
    const secretId = made.metadata.secretId as string;
    const versionId = made.metadata.versionId as string;
    await api.call("SecretService/AddVersion", { secretId, payloadEntries: payload });
    const pendingPeriod = "604800s";
    const { response } = await api.call("SecretService/ScheduleVersionDestruction", {
      secretId,
      versionId,
      pendingPeriod,
    });

    expect(await api.call("SecretService/Get", { secretId })).toMatchObject({ labels });
    expect(response).toMatchObject({ status: "SCHEDULED_FOR_DESTRUCTION" });
    const week = 7 * 24 * 60 * 60 * 1000;
    expect(Date.parse(response.destroyAt as string)).toBeGreaterThanOrEqual(cloud.clock.now() + week - 60_000);
    const { secret } = cloud.addApiKey(cloud.addAccount({ name: "app", roles: ["ai.languageModels.user"] }));
    const tokens = await fetch(`${cloud.url}/foundationModels/v1/tokenize`, {
      method: "POST",
      headers: { authorization: `Api-Key ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ modelUri: `gpt://${cloud.folderId}/yandexgpt/latest`, text: "hello" }),
    });
    expect(await tokens.json()).toMatchObject({ tokens: [{ id: expect.stringMatching(/^\d+$/) }] });
  });
});
