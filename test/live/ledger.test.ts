import { assumptions } from "../../live/ledger";
import { probeNames } from "../../live/probes/names";
import { defaultSwitches } from "../../emulator/switches";

describe("the ledger of assumptions", () => {
  it("has each switch of the local cloud", () => {
    const switches = assumptions.flatMap((assumption) => assumption.switch ?? []);

    expect(switches.sort()).toEqual(Object.keys(defaultSwitches).sort());
  });

  it("names each assumption once, and each probe settles one at least", () => {
    const ids = assumptions.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    const probes = assumptions.flatMap(({ settledBy }) => (typeof settledBy === "string" ? settledBy : []));
    expect([...new Set(probes)].sort()).toEqual([...probeNames].sort());
  });
});
