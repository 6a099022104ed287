const { TestEnvironment } = require("jest-environment-node");

// A worker that is done exits at once. By itself node would first take apart the memory of all files that it has run, which
// takes longer than the half second that jest waits before it kills the worker and says that a test leaves something open.
if (process.send) process.on("exit", () => process.exit());

module.exports = TestEnvironment;
