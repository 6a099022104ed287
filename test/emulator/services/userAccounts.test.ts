import { openApi, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

describe.each<Transport>(["grpc", "rest"])("User accounts over %s", (transport) => {
  it("are found by login and by id", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const id = cloud.addUser({ name: "person" });

    const found = await api.call("YandexPassportUserAccountService/GetByLogin", { login: "person" });

    expect(found).toMatchObject({ id, yandexPassportUserAccount: { login: "person" } });
    expect(await api.call("UserAccountService/Get", { userAccountId: id })).toEqual(found);
  });

  it("are refused if they do not exist, and to callers without a token", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    using stranger = openApi(cloud, transport, "");
    const request = { login: "nobody" };

    expect(await api.refusal("YandexPassportUserAccountService/GetByLogin", request)).toMatch(/^NOT_FOUND .*nobody/);
    expect(await api.refusal("UserAccountService/Get", { userAccountId: "ajeu1" })).toMatch(/^NOT_FOUND .*ajeu1/);
    expect(await stranger.refusal("YandexPassportUserAccountService/GetByLogin", request)).toMatch(/^UNAUTHENTICATED/);
  });
});
