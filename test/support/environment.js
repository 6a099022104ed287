const { TestEnvironment } = require("jest-environment-node");
const { compileOnce } = require("./compiledOnce.js");
const { startElsewhere } = require("./starter.js");

// A worker that is done exits at once. By default node first frees the memory of all files that it has run. That takes longer
// than the half second after which jest kills the worker and says that a test leaves something open.
if (process.send) process.on("exit", () => process.exit());

/**
 * Clears the timers that a file of tests leaves behind. A client of gRPC sets one for half an hour, and node would keep all
 * that the file has loaded for as long: 30 MB for each file, which every start of a process would have to copy, too.
 */
module.exports = class extends TestEnvironment {
  #pending = new Set();

  constructor(config, context) {
    super(config, context);
    // Coverage counts in the text that jest itself compiles.
    if (!config.globalConfig.collectCoverage) compileOnce();
    this.global.startElsewhere = startElsewhere;
    this.#watch("setTimeout", "clearTimeout", (timer) => this.#pending.delete(timer));
    this.#watch("setInterval", "clearInterval", () => {});
  }

  async teardown() {
    for (const timer of this.#pending) clearTimeout(timer);
    await super.teardown();
  }

  #watch(setName, clearName, fired) {
    const { [setName]: set, [clearName]: clear } = this.global;
    const watched = (run, ...rest) => {
      const timer = set(
        (...args) => {
          fired(timer);
          run(...args);
        },
        ...rest,
      );
      this.#pending.add(timer);
      return timer;
    };
    this.global[setName] = Object.defineProperties(watched, Object.getOwnPropertyDescriptors(set));
    this.global[clearName] = (timer) => {
      this.#pending.delete(timer);
      clear(timer);
    };
  }
};
