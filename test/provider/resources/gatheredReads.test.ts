import { connect } from "../../../provider/cloud";
import { accountReads } from "../../../provider/lookups/accountReads";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { settingsFor, testWorld } from "../../support/smallCloud";

const GET = "ServiceAccountService/Get";
const LIST = "ServiceAccountService/List";

/** The reads of one run. Its clock is the test's. */
function openReads(cloud: Emulator, now: () => number = () => 0) {
  const world = testWorld();
  const door = connect(settingsFor(cloud.endpoint, { token: cloud.token }), world);
  const { signal } = new AbortController();
  const reads = accountReads(cloud.folderId, { cloud: door, now });
  return {
    read: async (id: string) => (await reads.read(id, signal))?.name,
    forget: () => reads.forget(),
    [Symbol.dispose]: () => door.close(),
  };
}

const calls = (cloud: Emulator) => ({
  gets: cloud.calls.filter(({ method }) => method === GET).length,
  lists: cloud.calls.filter(({ method }) => method === LIST).length,
});

const addAccounts = (cloud: Emulator, count: number): string[] =>
  Array.from({ length: count }, (_, at) => cloud.addAccount({ name: `app-${at}` }));

describe("gathered reads of accounts", () => {
  it("ask for a single account by itself", async () => {
    await using cloud = await startCloud();
    const [id] = addAccounts(cloud, 1);
    using run = openReads(cloud);

    expect(await run.read(id!)).toBe("app-0");
    expect(calls(cloud)).toEqual({ gets: 1, lists: 0 });
  });

  it("ask for many with one list, whether they come at once or one after the other", async () => {
    await using cloud = await startCloud();
    const ids = addAccounts(cloud, 40);
    using run = openReads(cloud);

    const atOnce = await Promise.all(ids.slice(0, 30).map(run.read));
    const later: (string | undefined)[] = [];
    for (const id of ids.slice(30)) later.push(await run.read(id));

    expect([...atOnce, ...later]).toEqual(ids.map((_, at) => `app-${at}`));
    expect(calls(cloud)).toEqual({ gets: 1, lists: 1 });
  });

  it("take an account for gone only after they have asked for it by itself", async () => {
    await using cloud = await startCloud();
    const ids = addAccounts(cloud, 3);
    const elsewhere = cloud.addAccount({ name: "elsewhere", folderId: cloud.addFolder() });
    using run = openReads(cloud);

    const names = await Promise.all([...ids, "ajes9999999999999999", elsewhere].map(run.read));

    expect(names).toEqual(["app-0", "app-1", "app-2", undefined, "elsewhere"]);
    expect(calls(cloud)).toEqual({ gets: 3, lists: 1 });
  });

  it("ask for each account beyond the first thousand of a folder by itself", async () => {
    await using cloud = await startCloud();
    const ids = addAccounts(cloud, 1010);
    using run = openReads(cloud);

    const names = await Promise.all(ids.map(run.read));

    expect(names).toEqual(ids.map((_, at) => `app-${at}`));
    expect(calls(cloud).lists).toBe(1);
    expect(calls(cloud).gets).toBeLessThanOrEqual(13);
  });

  it("ask for each account by itself where the caller may not list", async () => {
    await using cloud = await startCloud();
    const ids = addAccounts(cloud, 4);
    cloud.fault({ method: LIST, code: "PERMISSION_DENIED", times: "always" });
    using run = openReads(cloud);

    expect(await Promise.all(ids.map(run.read))).toEqual(["app-0", "app-1", "app-2", "app-3"]);
    expect(calls(cloud)).toEqual({ gets: 4, lists: 1 });
  });

  it("list again after the run has changed an account, and after some seconds", async () => {
    await using cloud = await startCloud();
    const ids = addAccounts(cloud, 2);
    let now = 0;
    using run = openReads(cloud, () => now);
    await Promise.all(ids.map(run.read));

    run.forget();
    await run.read(ids[1]!);
    expect(calls(cloud).lists).toBe(2);

    now += 10_000;
    await run.read(ids[1]!);
    expect(calls(cloud).lists).toBe(3);
  });
});
