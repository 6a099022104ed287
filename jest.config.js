const { availableParallelism } = require("node:os");
const { testProjects } = require("./toolchain/testProjects.js");

const { quick, engine } = testProjects(__dirname);

const compiled = (syntax) => [
  "@swc/jest",
  {
    jsc: { target: "es2022", parser: { syntax }, keepClassNames: true },
    module: { type: "commonjs" },
    sourceMaps: "inline",
  },
];

const project = (displayName, testMatch) => ({
  displayName,
  testMatch: testMatch.map((file) => `<rootDir>/${file}`),
  testEnvironment: "<rootDir>/test/support/environment.js",
  setupFiles: ["<rootDir>/test/support/shiftedClock.js"],
  // Some packages are modules of the new kind only, which jest's own loader does not take: they are compiled as our code is.
  transform: { "^.+\\.ts$": compiled("typescript"), "/json-schema-faker/.+\\.js$": compiled("ecmascript") },
  transformIgnorePatterns: ["/node_modules/(?!json-schema-faker/)"],
  moduleNameMapper: { "^json-schema-faker$": "<rootDir>/node_modules/json-schema-faker/dist/index.js" },
  modulePathIgnorePatterns: ["<rootDir>/.work/", "<rootDir>/.*/bin/"],
});

// A worker with a CLI, an engine and a plug-in beside it.
const WORKER_BYTES = 1.5 * 2 ** 30;

/** @type {import("jest").Config} */
module.exports = {
  projects: [
    { ...project("quick", quick), setupFilesAfterEnv: ["<rootDir>/test/support/noProcesses.ts"] },
    project("engine", engine),
    // Needs Python and Go, so it has a task of its own.
    project("conformance", ["test/conformance/*.conformance.ts"]),
  ],
  // Most tests start the real engine, which takes a second even when nothing else runs.
  testTimeout: 120_000,
  // One more than there are cores, because each waits for processes and disks a good part of its time.
  maxWorkers: Math.max(1, Math.min(availableParallelism() + 1, Math.floor(process.availableMemory() / WORKER_BYTES))),
  // With `--coverage`: of the files that the tests have loaded into their own process.
  coverageProvider: "v8",
  coverageDirectory: "<rootDir>/.work/coverage",
  coverageReporters: ["text"],
  coveragePathIgnorePatterns: ["/node_modules/", "/test/", "/sdks/", "/bin/"],
};
