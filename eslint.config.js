const { defineConfig, globalIgnores } = require("eslint/config");
const importX = require("eslint-plugin-import-x").importX;
const typescript = require("typescript-eslint");

const folders = [
  "bench",
  "commands",
  "components",
  "emulator",
  "examples",
  "policy",
  "provider",
  "review",
  "stacks",
  "toolchain",
];

/** Folder `target` may import of our own files only those of `allowed` and itself. */
const only = (target, ...allowed) => ({
  target: `./${target}`,
  from: folders.filter((each) => each !== target && !allowed.includes(each)).map((each) => `./${each}`),
  message: `${target} may import nothing of ours but ${[...allowed, "itself"].join(" and ")}.`,
});

/** Folders of `root`, the highest first: each may import those below it, and none the files that put all of them together. */
function layers(root, names) {
  const entries = [`./${root}/${root}.ts`, `./${root}/main.ts`];
  return names.map((name, at) => ({
    target: `./${root}/${name}`,
    from: [...entries, ...names.slice(0, at).map((above) => `./${root}/${above}`)],
    message: `${root}/${name} may import only the folders below it: ${names.slice(at + 1).join(", ") || "none"}.`,
  }));
}

const zones = [
  only("provider"),
  only("emulator"),
  only("review"),
  only("bench", "components", "emulator", "review"),
  only("policy"),
  only("stacks", "components"),
  only("components"),
  only("commands", "components", "provider", "stacks", "review"),
  {
    target: "./commands",
    from: "./provider",
    except: ["./cloud.ts", "./cloud/pages.ts", "./settings.ts", "./signIn.ts", "./signIn"],
    message: "A command signs in and asks the cloud by the provider's own door; of resources it knows nothing.",
  },
  { target: folders.map((each) => `./${each}`), from: "./test", message: "Nobody imports tests." },
  ...layers("emulator", ["control", "dataPlane", "services", "tokens", "transport", "calls", "catalogue", "store"]),
  {
    target: "./emulator/services",
    from: "./emulator/transport",
    message: "A rule knows no transport.",
  },
];

/** Time, chance and the environment are handed in, so that a test decides about them. */
const world = (why) => [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: `Date.now: ${why}` },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: `new Date(): ${why}` },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: `Math.random: ${why}` },
  { selector: "MemberExpression[object.name='process'][property.name='env']", message: `process.env: ${why}` },
  { selector: "CallExpression[callee.name=/^set(Timeout|Interval)$/]", message: `timers: ${why}` },
];

module.exports = defineConfig(
  globalIgnores(["**/bin/", "sdks/", ".work/", "node_modules/"]),
  {
    files: ["**/*.ts"],
    extends: [typescript.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [importX.createNodeResolver({ extensions: [".ts", ".js", ".json"] })],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-self-import": "error",
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-restricted-syntax": ["error", ...world("hand it in from the entry, so that tests decide about it.")],
    },
  },
  {
    // Where the outer world enters: entries, the clocks and waiters they hand on, and the tests that play the world.
    // In the emulator also latencies and deadlines, which are those of real clients.
    files: [
      "**/main.ts",
      "**/clock.ts",
      "emulator/{emulator,calls/calls,transport/grpc}.ts",
      "bench/**",
      "commands/**",
      "examples/**",
      "test/**",
    ],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    // Answers of the API as JSON, looked into field by field.
    files: ["test/**"],
    rules: { "@typescript-eslint/no-explicit-any": "off" },
  },
  {
    files: ["provider/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "@pulumi/pulumi", message: "It takes half a second to load; its proto folder does not." }] },
      ],
    },
  },
  {
    files: ["emulator/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@pulumi/*"], message: "The cloud knows no Pulumi." }] },
      ],
    },
  },
  {
    files: ["components/**/*.ts", "stacks/**/*.ts", "index.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@yandex-cloud/*", "@grpc/*", "nice-grpc"], message: "Only the provider talks to the cloud." },
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        ["process", "console", "fetch", "Buffer", "URL", "AbortController", "setTimeout", "setInterval"]
          .concat(["clearTimeout", "clearInterval", "require", "module", "__dirname"])
          .map((name) => [name, "readonly"]),
      ),
    },
    rules: {
      "max-lines": ["error", 250],
      "no-undef": "error",
      "no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
      "prefer-const": "error",
      eqeqeq: "error",
    },
  },
);
