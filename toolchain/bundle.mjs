import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { diskTime, isFresh, keepRecord } from "./freshBundles.mjs";
import { stop } from "./report.mjs";
import { oldest } from "./versions.mjs";
import { writeIfChanged } from "./write.mjs";

/** The engine starts the first node on its PATH. In words that every node since 4 can read, before anything else is read. */
const nodeCheck = (name) => `(function (version) {
  var parts = version.split("."), oldest = "${oldest.node}".split(".");
  if (+parts[0] > +oldest[0] || (+parts[0] === +oldest[0] && +parts[1] >= +oldest[1])) return;
  process.stderr.write("${name} needs Node.js ${oldest.node} or newer; the first node on PATH is " + version + " (" + process.execPath + ")\\n");
  process.exit(1);
})(process.versions.node);`;

/** Packages that read .proto files beside their own sources. */
const OF_GRPC = ["@grpc/reflection", "@grpc/proto-loader", "grpc-health-check"];

/** The programs that are built from the sources. Each is bundled when it is used and anything that it is made from has changed. */
const programs = {
  // One file that the engine can start anywhere, hence with all it imports and with a line that names node.
  provider: {
    entry: "provider/main.ts",
    target: "provider/bin/pulumi-resource-yandex",
    options: {
      minify: true,
      // For `node --enable-source-maps`; node reads it only then, and a release does not hold it.
      sourcemap: "linked",
      sourcesContent: false,
      banner: { js: `#!/usr/bin/env node\n${nodeCheck("pulumi-resource-yandex")}` },
      // Only wanted by services of gRPC that the provider does not offer.
      external: ["@grpc/proto-loader"],
      // As large as half of the rest and rarely wanted, so a file of its own that is read when it is.
      plugins: [
        { name: "openpgp", setup: (build) => build.onResolve({ filter: /^openpgp$/ }, () => beside("openpgp")) },
      ],
    },
  },
  // The component for programs in other languages.
  languages: {
    entry: "languages/main.ts",
    target: "languages/bin/pulumi-resource-yandex-aistudio",
    options: {
      minify: true,
      keepNames: true,
      banner: { js: `#!/usr/bin/env node\n${nodeCheck("pulumi-resource-yandex-aistudio")}` },
      external: ["@grpc/proto-loader", "ts-node"],
      // The engine's library loads a compiler for functions that a program serializes; no program runs here.
      plugins: [
        {
          name: "compiler",
          setup(build) {
            build.onResolve({ filter: /typescript-shim$|^typescript$/ }, () => ({
              path: "compiler",
              namespace: "absent",
            }));
            build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "" }));
          },
        },
      ],
    },
  },
  openpgp: { entry: "openpgp", target: "provider/bin/openpgp.mjs", options: { minify: true, format: "esm" } },
  emulator: {
    entry: "emulator/main.ts",
    target: "emulator/bin/emulator.js",
    options: { external: OF_GRPC },
  },
  // The emulator for the tests of others, as a library and as a program beside it. `npm run package` packs both.
  testing: { entry: "testing/index.ts", target: "testing/bin/index.js", options: { minify: true } },
  "testing/main": {
    entry: "testing/main.ts",
    target: "testing/bin/main.js",
    options: {
      minify: true,
      banner: { js: "#!/usr/bin/env node" },
      plugins: [
        {
          name: "library",
          setup: (build) => build.onResolve({ filter: /^\.$/ }, () => ({ path: "./index.js", external: true })),
        },
      ],
    },
  },
  // It holds an emulator, and the emulator holds packages that are modules only, which a bundle of this form cannot require.
  "bench/main": {
    entry: "bench/main.ts",
    target: "bench/bin/main.js",
    options: { external: [...OF_GRPC, "esbuild", "@pulumi/*"], sourcemap: "inline" },
  },
  "test/fuzz/main": {
    entry: "test/fuzz/main.ts",
    target: "test/fuzz/bin/main.js",
    options: { external: OF_GRPC, sourcemap: "inline" },
  },
  // A provider that does nothing, to measure ours beside.
  nothing: {
    entry: "bench/nothing.ts",
    target: "bench/bin/pulumi-resource-nothing",
    options: { banner: { js: "#!/usr/bin/env node" }, external: ["@grpc/proto-loader"] },
  },
};

const beside = (name) => ({ path: `./${name}.mjs`, external: true });

/** A command is only ever run from this folder, so its packages stay where they are. */
const command = (name) => ({
  entry: `${name}.ts`,
  target: `${name.replace("/", "/bin/")}.js`,
  options: { packages: "external", sourcemap: "inline" },
});

/** Bundles the named programs (`provider`, `emulator`, or commands/<name>); answers the files made. */
export function bundle(root, names) {
  const parts = names.flatMap((name) => (name === "provider" ? ["openpgp", "provider"] : name));
  return bundlePrograms(
    root,
    parts.map((name) => ({ name, ...(programs[name] ?? command(name)) })),
  );
}

/** Bundles those of the programs that are not fresh; answers the files of all. */
export async function bundlePrograms(root, wanted) {
  const stale = wanted.filter(({ name }) => !isFresh(root, name));
  if (stale.length > 0) await bundleAll(root, stale);
  return wanted.map(({ target }) => join(root, target));
}

async function bundleAll(root, stale) {
  const folders = stale.map(({ target }) => join(root, dirname(target)));
  // First of all, because a new folder is a change of the one above, which may hold sources.
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const esbuild = await import("esbuild");
  const began = diskTime(folders[0]);
  try {
    await Promise.all(stale.map((program) => bundleOne(esbuild, root, program, began)));
  } catch (error) {
    throw stop("The sources could not be bundled for the reasons above.", error);
  } finally {
    await esbuild.stop();
  }
}

async function bundleOne(esbuild, root, { name, entry, target, options }, began) {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: target,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node22",
    logLevel: "error",
    ...options,
  });
  const file = join(root, target);
  const outputs = {};
  for (const { path, contents } of outputFiles)
    outputs[path] = writeIfChanged(path, contents, path === file ? 0o755 : 0o644);
  if (process.platform === "win32" && options.banner)
    outputs[`${file}.cmd`] = writeIfChanged(`${file}.cmd`, launcherOf(basename(file)));
  keepRecord(root, name, { began, inputs: Object.keys(metafile.inputs), outputs });
}

/** What starts a program on Windows, where #! lines mean nothing: the engine takes `<name>.cmd` if there is no .exe. */
export const launcherOf = (name) => Buffer.from(`@node "%~dp0${name}" %*\r\n`);
