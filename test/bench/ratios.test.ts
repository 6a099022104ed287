import { chainSeconds } from "../../bench/chain";
import { type Cycle, steps } from "../../bench/cycle";
import { PACE, SLOW_ROLES } from "../../bench/measure";
import { ratiosOf, regressions } from "../../bench/ratios";
import { countBy, median } from "../../bench/statistics";
import { table } from "../../bench/table";

const cycle = (seconds: number, calls: Record<string, number> = {}): Cycle => {
  const run = { seconds, cpuSeconds: seconds, pluginMiB: 60, allMiB: 300, calls };
  return Object.fromEntries(steps.map((step) => [step, run])) as Cycle;
};

describe("a benchmark", () => {
  it("compares with what a step takes at least: the same resources for which nothing is done, and the chain of calls", () => {
    // Nine calls at 50 ms and two operations of 400 ms follow each other in `up` of one application.
    expect(chainSeconds("up", PACE)).toBeCloseTo(1.25);
    expect(chainSeconds("up", SLOW_ROLES)).toBeCloseTo(3.25);

    const sizes = [{ size: 2, parallel: 1000, nothing: cycle(1.75), ours: cycle(6, { "ApiKeyService/Create": 2 }) }];
    const ratios = ratiosOf({ empty: cycle(1), nothing: cycle(2), ours: cycle(3) }, sizes);

    expect(ratios["up, one application, above a provider that does nothing"]).toBe(1.5);
    expect(ratios["up, 2 applications, above the least"]).toBeCloseTo(2);
    expect(ratios["calls of up, 2 applications, each"]).toBe(1);
  });

  it("says a word about what is half as slow again as recorded, and about nothing else", () => {
    expect(regressions({ up: 1.6, refresh: 1.4, "not recorded": 9 }, { up: 1, refresh: 1 })).toEqual([
      "up: 1.60 times, where 1.00 is recorded",
    ]);
  });

  it("tells the middle of its rounds and the most frequent call first", () => {
    expect(median([9, 1, 3])).toBe(3);
    expect(median([4, 1, 9, 2])).toBe(3);
    expect(Object.entries(countBy(["get", "list", "get"], (name) => name))).toEqual([
      ["get", 2],
      ["list", 1],
    ]);
  });

  it("shows numbers to the right", () => {
    expect(table(["", "seconds"], [["up", "1.5"]])).toBe(
      ["|     | seconds |", "| --- | ------: |", "| up  |     1.5 |"].join("\n"),
    );
  });
});
