import { createProvider } from "../../../provider/provider";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { testWorld } from "../../support/smallCloud";

const log = { log: () => {}, logStatus: () => {}, close: () => {} };
const urn = "urn:pulumi:dev::shop::yandex:index/iamServiceAccount:IamServiceAccount::app";

async function createAccount(cloud: Emulator, id: string | undefined): Promise<string> {
  const env = { YC_ENDPOINT: cloud.endpoint, YC_PLAINTEXT: "true", YC_TOKEN: cloud.token };
  const provider = createProvider(testWorld({ env }), () => log);
  try {
    provider.configure({}, id);
    const newInputs = { name: "shop-dev", folderId: cloud.folderId };
    return (await provider.create({ urn, timeout: 0, newInputs, preview: false })).id;
  } finally {
    provider.close();
  }
}

describe("an account that a run began and no state knows", () => {
  it("is taken over by the next run with the same ID of the provider", async () => {
    await using cloud = await startCloud();
    const id = await createAccount(cloud, "one");

    expect(await createAccount(cloud, "one")).toBe(id);
    await expect(createAccount(cloud, "two")).rejects.toThrow("the state of this run did not");
  });

  it("is not taken over where an older engine gives the provider no ID", async () => {
    await using cloud = await startCloud();
    const id = await createAccount(cloud, undefined);

    await expect(createAccount(cloud, undefined)).rejects.toThrow(`take it over with YC_TAKE_OVER=${id} for one run`);
    expect(cloud.snapshot().accounts).toHaveLength(1);
  });
});
