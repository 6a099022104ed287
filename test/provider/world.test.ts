import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startTimeLimit } from "../../provider/world";
import { until } from "../support/until";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe("a time limit", () => {
  it("survives garbage collections while nothing listens to it", async () => {
    const limit = startTimeLimit(30);
    const { signal: other } = new AbortController();
    const signal = AbortSignal.any([other, limit.signal]);

    await until(() => {
      collectGarbage();
      return signal.aborted;
    });

    expect(signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("does not end once it is disposed of", async () => {
    const disposed = startTimeLimit(1);
    disposed[Symbol.dispose]();
    const later = startTimeLimit(20);

    await until(() => later.signal.aborted);

    expect(disposed.signal.aborted).toBe(false);
  });
});
