const { TestEnvironment } = require("jest-environment-node");

// A worker that is done exits at once. By default node first frees the memory of all files that it has run. That takes longer
// than the half second after which jest kills the worker and says that a test leaves something open.
if (process.send) process.on("exit", () => process.exit());

module.exports = TestEnvironment;
