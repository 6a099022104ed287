import { setImmediate } from "node:timers/promises";
import { connect } from "../../../provider/cloud";
import { grantsOf } from "../../../provider/resources/resourcemanagerFolderIamMember/grants";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { settingsFor, startSmallCloud, testWorld } from "../../support/smallCloud";

const ROLE = "ai.languageModels.user";

/** Grants the role to all members at once, or takes it away, as the engine does it with independent resources. */
async function grantAll(cloud: Emulator, members: string[], action: "add" | "remove" = "add") {
  const world = testWorld();
  const door = connect(settingsFor(cloud.endpoint, { token: cloud.token }), world);
  try {
    const grants = grantsOf({ cloud: door, ...world });
    const { signal } = new AbortController();
    return await Promise.allSettled(
      members.map((member) => grants[action](member, { folderId: cloud.folderId, role: ROLE, member }, signal)),
    );
  } finally {
    door.close();
  }
}

const accounts = (cloud: Emulator, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `serviceAccount:${cloud.addAccount({ name: `app-${at}` })}`);

const callsOf = (cloud: Emulator, name: string): number => cloud.calls.filter(({ method }) => method === name).length;

const UPDATE = "FolderService/UpdateAccessBindings";

describe("gathered grants", () => {
  it("need at most 12 calls for forty that are good and one that is refused", async () => {
    await using cloud = await startCloud();
    const good = accounts(cloud, 40);
    const bad = "serviceAccount:ajes9999999999999999";

    const results = await grantAll(cloud, [...good.slice(0, 13), bad, ...good.slice(13)]);

    expect(results.filter(({ status }) => status === "rejected")).toEqual([
      { status: "rejected", reason: expect.objectContaining({ message: expect.stringContaining(bad) }) },
    ]);
    expect(results.findIndex(({ status }) => status === "rejected")).toBe(13);
    expect(cloud.snapshot().grants.filter(({ roleId }) => roleId === ROLE)).toHaveLength(40);
    expect(cloud.calls.length).toBeLessThanOrEqual(12);
  });

  it("finds the refused one by halves where the refusal does not name it", async () => {
    await using cloud = await startCloud();
    const good = accounts(cloud, 40);
    const bad = "serviceAccount:nobody";
    cloud.fault({ method: UPDATE, code: "INVALID_ARGUMENT", message: "a subject is wrong" });

    const results = await grantAll(cloud, [...good, bad]);

    expect(results.map(({ status }) => status)).toEqual([...good.map(() => "fulfilled"), "rejected"]);
    expect(callsOf(cloud, UPDATE)).toBeLessThanOrEqual(8);
  });

  it("fill each call where the engine works on four at a time", async () => {
    const granted = new Set<string>();
    let callComes = () => {};
    const called = new Promise<void>((resolve) => (callComes = resolve));
    await using server = await startSmallCloud({
      "FolderService/ListAccessBindings": () => ({
        accessBindings: [...granted].map((id) => ({ roleId: ROLE, subject: { type: "serviceAccount", id } })),
        nextPageToken: "",
      }),
      [UPDATE]: ({ accessBindingDeltas }) => {
        const deltas = accessBindingDeltas as { accessBinding: { subject: { id: string } } }[];
        for (const { accessBinding } of deltas) granted.add(accessBinding.subject.id);
        callComes();
        return { id: "op1", description: "", createdBy: "", done: false };
      },
      "OperationService/Get": () => ({ id: "op1", description: "", createdBy: "", done: true }),
    });
    // The clock moves by pauses alone, and in a pause others have their turn.
    let passed = 0;
    const sleep = async (ms: number) => {
      passed += ms;
      await setImmediate();
    };
    const world = testWorld({ now: () => passed, sleep });
    using door = connect(settingsFor(server.address), world);
    const grants = grantsOf({ cloud: door, ...world });
    const members = Array.from({ length: 16 }, (_, at) => `serviceAccount:aje${at}`);
    /** One of the engine's places: a little after an answer it has the next grant. */
    const work = async () => {
      for (let member = members.shift(); member !== undefined; member = members.shift()) {
        await grants.add(member, { folderId: "b1g1", role: ROLE, member }, new AbortController().signal);
        for (const _ of [1, 2, 3]) await setImmediate();
      }
    };

    // Two come too late for the first call.
    const late = called.then(() => Promise.all([work(), work()]));
    await Promise.all([work(), work(), late]);

    expect(granted.size).toBe(16);
    expect(server.made(UPDATE).length).toBeLessThanOrEqual(5);
  });

  it.each(["PERMISSION_DENIED", "UNAUTHENTICATED"] as const)("ask once where the folder answers %s", async (code) => {
    await using cloud = await startCloud();
    const good = accounts(cloud, 40);
    cloud.fault({ method: UPDATE, code, times: "always" });

    const results = await grantAll(cloud, good);

    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["rejected"]));
    expect(callsOf(cloud, UPDATE)).toBeLessThanOrEqual(2);
  });

  // A call is repeated five times where the connection fails.
  it.each([
    ["add", "UNAVAILABLE", UPDATE],
    ["add", "UNAVAILABLE", "*AccessBindings"],
    ["remove", "UNAVAILABLE", UPDATE],
    ["remove", "UNAVAILABLE", "*AccessBindings"],
    ["add", "DEADLINE_EXCEEDED", UPDATE],
    ["add", "RESOURCE_EXHAUSTED", UPDATE],
  ] as const)(
    "go as one, however many they are, where nothing comes through (%s, %s, %s)",
    async (action, code, method) => {
      await using cloud = await startCloud();
      const good = accounts(cloud, 40);
      if (action === "remove") await grantAll(cloud, good);
      const before = cloud.calls.length;
      cloud.fault({ method, code, times: "always" });

      const results = await grantAll(cloud, good, action);

      expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["rejected"]));
      expect(callsOf(cloud, UPDATE)).toBeLessThanOrEqual(7);
      // Discovery, and two lists that are repeated as well.
      expect(cloud.calls.length - before).toBeLessThanOrEqual(1 + 3 * 6);
    },
  );
});
