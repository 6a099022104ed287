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
});
