import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Environment = { global: typeof globalThis; teardown(): Promise<void> };

const TestEnvironment = jest.requireActual<new (config: object, context: object) => Environment>("./environment.js");

const waiting = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe("the environment of a file of tests", () => {
  it("ends with the timers that the file has left behind", async () => {
    const projectConfig = { testEnvironmentOptions: {}, globals: {} };
    const environment = new TestEnvironment({ projectConfig, globalConfig: {} }, {});
    const before = waiting();
    environment.global.setTimeout(() => {}, 30 * 60_000);
    environment.global.setInterval(() => {}, 30 * 60_000);
    const during = waiting();

    await environment.teardown();

    expect([during, waiting()]).toEqual([before + 2, before]);
  });

  it("says the line and the column of an error in the first line of a module, and in a later one", () => {
    const folder = mkdtempSync(join(tmpdir(), "module-"));
    try {
      const file = join(folder, "thrower.js");
      writeFileSync(
        file,
        "module.exports = [() => { throw new Error('first'); },\n  () => { throw new Error('second'); }];\n",
      );
      const throwers = jest.requireActual<(() => void)[]>(file);

      expect(throwers.map((thrower) => placeOf(thrower))).toEqual(["1:33", "2:17"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Line and column at which a function throws. */
function placeOf(thrower: () => void): string | undefined {
  try {
    thrower();
  } catch (error) {
    return /thrower\.js:(\d+:\d+)/.exec((error as Error).stack ?? "")?.[1];
  }
  return undefined;
}
