/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2022", parser: { syntax: "typescript" }, keepClassNames: true },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/.work/", "<rootDir>/.*/bin/"],
  // Most tests start the real engine, which takes seconds even when nothing else runs.
  testTimeout: 120_000,
  maxWorkers: 2,
  // With `--coverage`: of the files that the tests have loaded into their own process.
  coverageProvider: "v8",
  coverageDirectory: "<rootDir>/.work/coverage",
  coverageReporters: ["text"],
  coveragePathIgnorePatterns: ["/node_modules/", "/test/", "/sdks/", "/bin/"],
};
