import { ServerError, Status } from "nice-grpc";
import { connect } from "../../../provider/cloud";
import { isAmbiguous } from "../../../provider/cloud/errors";
import { grantsOf } from "../../../provider/resources/resourcemanagerFolderIamMember/grants";
import { settingsFor, startSmallCloud, testWorld } from "../../support/smallCloud";

const SECOND = 1000;
const GRANT = { folderId: "b1g00000000000000001", role: "ai.languageModels.user", member: "serviceAccount:aje1" };
const UPDATE = "FolderService/UpdateAccessBindings";

/** A world whose clock moves by its pauses alone, and a time limit of a resource on that clock. */
function fastWorld(limitMs: number) {
  const limit = new AbortController();
  const end = () => limit.abort(new DOMException("the time limit was reached", "TimeoutError"));
  let passed = 0;
  const world = testWorld({
    now: () => passed,
    sleep: async (ms, signal) => {
      passed += ms;
      if (passed >= limitMs) end();
      signal?.throwIfAborted();
    },
  });
  return { world, signal: limit.signal, passed: () => passed };
}

/** A folder on which another change is under way until the moment given. */
const busyFolder = (isBusy: () => boolean, isGranted = false) => {
  let granted = isGranted;
  return startSmallCloud({
    "FolderService/ListAccessBindings": () => ({
      accessBindings: granted ? [{ roleId: GRANT.role, subject: { type: "serviceAccount", id: "aje1" } }] : [],
      nextPageToken: "",
    }),
    [UPDATE]: () => {
      if (isBusy()) throw new ServerError(Status.ABORTED, "another change of the folder is under way");
      granted = !granted;
      return { id: "op1", description: "", createdBy: "", done: true };
    },
  });
};

describe("a grant on a folder that somebody else is changing", () => {
  it.each(["add", "remove"] as const)("waits for as long as its own time limit says (%s)", async (action) => {
    const { world, signal, passed } = fastWorld(30 * 60 * SECOND);
    await using server = await busyFolder(() => passed() < 20 * 60 * SECOND, action === "remove");
    using cloud = connect(settingsFor(server.address), world);

    await grantsOf({ ...world, cloud })[action]("grant", GRANT, signal);

    expect(passed()).toBeGreaterThanOrEqual(20 * 60 * SECOND);
  });

  it("gives up at its own time limit, says why, and knows that nothing was granted", async () => {
    const { world, signal, passed } = fastWorld(30 * SECOND);
    await using server = await busyFolder(() => true);
    using cloud = connect(settingsFor(server.address), world);

    const error: unknown = await grantsOf({ ...world, cloud })
      .add("grant", GRANT, signal)
      .catch((reason: unknown) => reason);

    expect(String(error)).toMatch(/another change of the folder is under way.*run again when it is over/);
    expect(isAmbiguous(error)).toBe(false);
    expect(passed()).toBeLessThan(33 * SECOND);
  });
});
