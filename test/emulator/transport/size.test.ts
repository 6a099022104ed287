import { join } from "node:path";
import type { Seeds } from "../../../emulator/control/seed";
import { startCloud } from "../../support/cloud";
import { temporaryFolder } from "../../support/folder";
import { openApi, pagesOf } from "../../support/api";

/** 1,000 accounts, 10,000 keys and 20,000 grants; answers the IDs of the accounts. */
function fill(seeds: Seeds): string[] {
  const accountIds = Array.from({ length: 1_000 }, (_, n) => seeds.addAccount({ name: `app-${n}` }));
  for (let n = 0; n < 10_000; n += 1) seeds.addApiKey(accountIds[n % 1_000] ?? "");
  for (let n = 0; n < 20_000; n += 1)
    seeds.addGrant({ roleId: "viewer", subject: { id: `person-${n}`, type: "userAccount" } });
  return accountIds;
}

describe("a cloud of 1,000 accounts, 10,000 keys and 20,000 grants", () => {
  it("starts in less than a second, counted in the processor's time", async () => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    const before = await startCloud({ stateFile, seed: (seeds) => void fill(seeds) });
    await before.close();

    const started = process.cpuUsage();
    await using cloud = await startCloud({ stateFile });
    const { user, system } = process.cpuUsage(started);

    expect(cloud.snapshot().apiKeys).toHaveLength(10_000);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  it("is listed page by page, each of them once", async () => {
    let accountIds: string[] = [];
    await using cloud = await startCloud({ seed: (seeds) => void (accountIds = fill(seeds)) });
    using api = openApi(cloud, "grpc");
    const { folderId } = cloud;
    const [serviceAccountId, resourceId] = [accountIds[7], folderId];

    const accounts = await pagesOf(api, "ServiceAccountService/List", { folderId }, "serviceAccounts");
    const keys = await pagesOf(api, "ApiKeyService/List", { serviceAccountId }, "apiKeys");
    const grants = await pagesOf(api, "FolderService/ListAccessBindings", { resourceId }, "accessBindings");

    expect(accounts.flat().map(({ id }) => id as string)).toEqual(accountIds);
    expect(keys.flat()).toHaveLength(10);
    expect(new Set(grants.flat().map(({ subject }) => subject.id as string)).size).toBe(20_000);
    expect([grants.flat().length, grants.length]).toEqual([20_000, 20]);
  });

  it("counts its keys by cloud, also where another cloud has more", async () => {
    await using cloud = await startCloud({
      switches: { quotas: { serviceAccounts: 100, apiKeys: 2, authorizedKeys: 1, accessBindings: 100 } },
    });
    const elsewhere = cloud.addAccount({ name: "there", folderId: cloud.addFolder({ cloudId: cloud.addCloud() }) });
    for (let n = 0; n < 5; n += 1) cloud.addApiKey(elsewhere);
    const serviceAccountId = cloud.addAccount({ name: "here" });
    using api = openApi(cloud, "grpc");

    await api.call("ApiKeyService/Create", { serviceAccountId });
    await api.call("ApiKeyService/Create", { serviceAccountId });

    expect(await api.refusal("ApiKeyService/Create", { serviceAccountId })).toBe(
      "RESOURCE_EXHAUSTED Quota limit iam.apiKeys.count exceeded",
    );
  });
});
