/** The module as it is loaded where these variables are set. */
function load(variables: Record<string, string>): typeof import("./properties") {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    let loaded: typeof import("./properties");
    jest.isolateModules(() => (loaded = jest.requireActual<typeof import("./properties")>("./properties")));
    return loaded!;
  } finally {
    process.env = before;
  }
}

describe("properties", () => {
  it("are tried with the values of one seed, so many times as usual", () => {
    const { fc, runs } = load({ PROPERTY_SEED: "7", PROPERTY_RUNS: "3" });

    expect(fc.readConfigureGlobal()).toMatchObject({ seed: 7, numRuns: 300 });
    expect(runs(2)).toBe(6);
  });

  it.each(["", "0", "-1", "0.5", "many"])("are refused, and not passed untried, where PROPERTY_RUNS is %j", (given) => {
    expect(() => load({ PROPERTY_RUNS: given })).toThrow(
      `PROPERTY_RUNS is "${given}"; write a whole number from 1 on.`,
    );
  });
});
