import type { Emulator } from "../../emulator/emulator";
import type { ProbeName } from "../../live/probes/names";
import type { Connection } from "../../live/rest";
import { startCloud } from "../support/cloud";
import { journalFolder, sessionOn } from "./support";

/** All that create something, the longest one apart. */
const PROBES: ProbeName[] = ["operations", "names", "bindings", "conflicts", "keys", "keyScopes", "secrets"];

/** A process that dies at request `at`, before it is sent or before its answer arrives: from then on nothing happens. */
function dyingAt(at: number, moment: "before" | "after") {
  let sent = 0;
  return (fetch: Connection["fetch"]): Connection["fetch"] =>
    async (url, request) => {
      sent++;
      if (sent < at) return fetch(url, request);
      if (sent === at && moment === "after") await fetch(url, request);
      throw new Error("the process is dead");
    };
}

/** Everything that is there, Lockbox secrets included. */
async function allOf(cloud: Emulator): Promise<unknown> {
  const url = `${cloud.url}/lockbox/v1/secrets?folderId=${cloud.folderId}`;
  const secrets = await fetch(url, { headers: { authorization: `Bearer ${cloud.token}` } });
  return { ...cloud.snapshot(), secrets: await secrets.json() };
}

/** Runs until request `at`, and dies; true if the run got to its end before. */
async function dies(cloud: Emulator, journals: string, at: number, moment: "before" | "after"): Promise<boolean> {
  const session = sessionOn(cloud, journals, { around: dyingAt(at, moment), pid: 1 });
  try {
    await session.probe(PROBES, () => {});
    return true;
  } catch {
    return false;
  } finally {
    session.close();
  }
}

async function removesAll(cloud: Emulator, journals: string): Promise<void> {
  const session = sessionOn(cloud, journals, { isAlive: () => false });
  try {
    await session.remove(await session.leftovers(false));
    const { accounts, secrets, journals: runs, ofOthers } = await session.leftovers(true);
    expect([accounts, secrets, runs, ofOthers]).toEqual([[], [], [], []]);
  } finally {
    session.close();
  }
}

describe("a live run that was killed", () => {
  it.each(["before", "after"] as const)(
    "leaves nothing after the next run, at whatever request it died (%s it was answered)",
    async (moment) => {
      // Grants of deleted accounts stay listed: the worst case for their removal.
      await using cloud = await startCloud({ switches: { orphanGrants: true } });
      using journals = journalFolder();
      const before = await allOf(cloud);
      let at = 1;
      for (; !(await dies(cloud, journals.path, at, moment)); at++) {
        await removesAll(cloud, journals.path);
        expect([at, await allOf(cloud)]).toEqual([at, before]);
      }
      expect(at).toBeGreaterThan(50);
    },
  );

  it("is left alone by another machine for two hours, unless --clean says otherwise", async () => {
    await using cloud = await startCloud();
    using here = journalFolder();
    using elsewhere = journalFolder();
    await dies(cloud, elsewhere.path, 3, "after");
    const session = sessionOn(cloud, here.path);

    const young = await session.leftovers(false);
    const onPurpose = await session.leftovers(true);
    cloud.clock.advance(2 * 60 * 60 * 1000 + 1000);
    const old = await session.leftovers(false);
    session.close();

    expect(young.accounts).toEqual([]);
    expect(young.ofOthers.length).toBeGreaterThan(0);
    expect(onPurpose.accounts).toEqual(young.ofOthers);
    expect(old.accounts).toEqual(young.ofOthers);
  });

  it("touches no account that has no label of its own", async () => {
    await using cloud = await startCloud();
    using journals = journalFolder();
    cloud.addAccount({ name: "live-shop", roles: ["ai.languageModels.user"] });
    const before = await allOf(cloud);

    await removesAll(cloud, journals.path);

    expect(await allOf(cloud)).toEqual(before);
  });
});
