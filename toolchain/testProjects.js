const { globSync } = require("node:fs");
const { sep } = require("node:path");
const esbuild = require("esbuild");

/** By these a file starts processes: itself, or the Pulumi CLI, the compiler, a browser or any program. */
const STARTERS =
  /^(node:)?child_process$|^@pulumi\/pulumi\/automation|^esbuild$|^playwright-core$|^test\/support\/run\.ts$/;

/**
 * The test files in two groups: `quick` ones start no process, `engine` ones do. A file belongs to the second as soon as
 * it imports, itself or through another file, a module that starts processes; so no list has to be kept.
 */
module.exports.testProjects = (root) => {
  const tests = globSync("{test,examples}/**/*.test.ts", { cwd: root }).map(asPath).sort();
  const imports = importsOf(root, tests);
  const starts = (file, seen = new Set()) => {
    if (seen.has(file)) return false;
    seen.add(file);
    return (imports[file] ?? []).some(({ path, external }) => STARTERS.test(path) || (!external && starts(path, seen)));
  };
  const engine = tests.filter((file) => starts(file));
  return { quick: tests.filter((file) => !engine.includes(file)), engine };
};

/** What each file imports at run time. Types are left out. */
function importsOf(root, entries) {
  const { metafile } = esbuild.buildSync({
    stdin: { contents: entries.map((file) => `import "./${file}";`).join("\n"), resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    packages: "external",
    platform: "node",
    metafile: true,
    write: false,
    outdir: ".work",
    logLevel: "error",
  });
  return Object.fromEntries(Object.entries(metafile.inputs).map(([file, { imports }]) => [file, imports]));
}

const asPath = (file) => file.split(sep).join("/");
