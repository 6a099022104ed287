describe("the quick project", () => {
  it("rejects a package that starts a process", () => {
    // Hidden from the graph of imports, as it is inside of a package.
    const { spawnSync } = jest.requireActual<typeof import("node:child_process")>("node:child_process");
    expect(() => spawnSync("true")).toThrow(
      'A quick test may start no process, but something called spawnSync("true")',
    );
  });
});
