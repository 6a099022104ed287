const { defineConfig, globalIgnores } = require("eslint/config");
const importX = require("eslint-plugin-import-x").importX;
const typescript = require("typescript-eslint");

const folders = [
  "bench",
  "commands",
  "components",
  "emulator",
  "examples",
  "inventory",
  "languages",
  "live",
  "policy",
  "provider",
  "review",
  "stacks",
  "testing",
  "toolchain",
];

/** Folder `target` may import of our own files only those of `allowed` and itself. */
const only = (target, ...allowed) => ({
  target: `./${target}`,
  from: folders.filter((each) => each !== target && !allowed.includes(each)).map((each) => `./${each}`),
  message: `${target} may import nothing of ours but ${[...allowed, "itself"].join(" and ")}.`,
});

/**
 * The layers of a folder, the top one first: a file may import its own layer and those below it, never one above.
 * A layer is a file or a folder, or a list of them.
 */
function layers(folder, levels) {
  const paths = (level) => [level].flat().map((name) => `./${folder}/${name}`);
  return levels.slice(1).map((level, at) => ({
    target: paths(level),
    from: levels.slice(0, at + 1).flatMap(paths),
    message: `${folder}/${[level].flat()[0]} may import only its own layer and those below it: ${
      levels
        .slice(at + 2)
        .flat()
        .join(", ") || "none"
    }.`,
  }));
}

const zones = [
  ...layers("provider", [
    "main.ts",
    "protocol",
    "provider.ts",
    "schema.ts",
    ["functions.ts", "resources"],
    ["ownership", "lookups"],
    "contract",
    ["cloud.ts", "cloud"],
    ["signIn.ts", "signIn"],
    ["settings.ts", "settings"],
    ["properties.ts", "properties"],
    ["schema", "backoff.ts", "world.ts"],
  ]),
  ...layers("emulator", [
    ["main.ts", "emulator.ts"],
    "control",
    "dataPlane",
    "services",
    "tokens",
    "transport",
    "calls",
    "catalogue",
    "store",
  ]),
  only("provider"),
  only("emulator"),
  only("review", "policy"),
  only("inventory", "components", "policy", "provider", "review"),
  {
    target: "./inventory",
    from: "./provider",
    except: ["./ownership/marker.ts"],
    message: "The inventory knows the marks that the provider leaves, and nothing else of it.",
  },
  only("bench", "components", "emulator", "review"),
  only("policy", "components"),
  only("testing", "components", "emulator"),
  only("stacks", "components"),
  only("components"),
  only("languages", "components"),
  only("commands", "components", "inventory", "live", "policy", "provider", "stacks", "review"),
  only("live", "components", "emulator", "provider"),
  {
    target: "./live",
    from: "./emulator",
    except: ["./switches.ts", "./catalogue/scopes.ts"],
    message: "A probe knows the local cloud's switches and their defaults, and nothing else of it.",
  },
  {
    target: "./live",
    from: "./provider",
    except: [
      "./cloud.ts",
      "./resources/aiStudioKeyValidation/probes.ts",
      "./settings.ts",
      "./settings/addresses.ts",
      "./signIn.ts",
      "./world.ts",
    ],
    message: "A probe signs in and asks by the provider's own doors.",
  },
  ...layers("live", [
    ["session.ts", "replay.ts", "report.ts"],
    ["run.ts", "leftovers.ts", "connection.ts"],
    ["probes.ts", "probes/accountNames.ts", "probes/bindings.ts", "probes/capabilities.ts"],
    ["lab.ts", "journal.ts", "recording.ts", "finding.ts"],
    ["rest.ts", "ledger.ts", "ledger"],
    "probes/names.ts",
  ]),
  {
    target: "./commands",
    from: "./provider",
    except: [
      "./cloud.ts",
      "./cloud/pages.ts",
      "./lookups/secrets.ts",
      "./ownership/deliveredKey.ts",
      "./settings.ts",
      "./settings/serviceAccountKey.ts",
      "./world.ts",
      "./signIn.ts",
      "./signIn",
    ],
    message:
      "A command signs in and asks the cloud by the provider's own door, and finds what it has delivered; of resources it knows nothing.",
  },
  { target: folders.map((each) => `./${each}`), from: "./test", message: "Nobody imports tests." },
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
      "provider/world.ts",
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
    ignores: ["test/support/properties.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "fast-check", message: "Take it from support/properties: the same values each time." }] },
      ],
    },
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
