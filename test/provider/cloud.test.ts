import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import { connect } from "../../provider/cloud";
import { startSmallCloud, settingsFor, testWorld, TOKEN } from "./smallCloud";

const ACCOUNT = ServiceAccount.fromPartial({ id: "aje00000000000000001", name: "app" });

describe("a call", () => {
  it("goes to the address that the cloud tells, with the deployer's token", async () => {
    await using server = await startSmallCloud({ "ServiceAccountService/Get": () => ACCOUNT });
    const cloud = connect(settingsFor(server.address), testWorld());

    const account = await cloud.iam.serviceAccounts.get({ serviceAccountId: ACCOUNT.id });
    cloud.close();

    expect(account.name).toBe("app");
    expect(server.calls.map(({ method }) => method)).toEqual(["ApiEndpointService/List", "ServiceAccountService/Get"]);
    expect(server.calls[0]!.metadata.authorization).toBeUndefined();
    expect(server.calls[1]!.metadata.authorization).toBe(`Bearer ${TOKEN}`);
  });
});
