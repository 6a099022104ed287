import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeArchive } from "./archive.mjs";
import { launcherOf } from "./bundle.mjs";

const systems = ["linux", "darwin", "windows"];
const machines = ["amd64", "arm64"];

/** By the name of the package: the folder with its program, the files beside the program, and its schema. */
const plugins = {
  yandex: { bin: "provider/bin", beside: ["openpgp.mjs"], schema: "provider/schema/schema.json" },
  "yandex-aistudio": { bin: "languages/bin", beside: [], schema: "languages/schema.json" },
};

/**
 * Writes into `folder` each plugin for every platform, under the name by which the engine looks for it, and its schema, from
 * which `pulumi package gen-sdk` makes an SDK. Answers the names of the files.
 */
export async function packPlugins(root, folder, version) {
  const names = [];
  for (const [name, { schema }] of Object.entries(plugins)) {
    for (const system of systems) {
      const archive = await makeArchive(filesOfPlugin(root, name, system));
      for (const machine of machines) {
        const file = `pulumi-resource-${name}-v${version}-${system}-${machine}.tar.gz`;
        writeFileSync(join(folder, file), archive);
        names.push(file);
      }
    }
    const file = `${name}-${version}.schema.json`;
    copyFileSync(join(root, schema), join(folder, file));
    names.push(file);
  }
  return names;
}

/**
 * The files of a plugin, one folder for all. It is JavaScript, so only what starts it differs by platform, and the files for
 * Windows serve every platform.
 */
export function filesOfPlugin(root, name, system) {
  const program = `pulumi-resource-${name}`;
  const { bin, beside } = plugins[name];
  const built = (name) => readFileSync(join(root, bin, name));
  const files = [
    { name: program, mode: 0o755, content: built(program) },
    ...beside.map((name) => ({ name, mode: 0o644, content: built(name) })),
    // Or a package.json further up, such as one in the user's home, would decide how node reads the program.
    { name: "package.json", mode: 0o644, content: Buffer.from('{ "type": "commonjs" }\n') },
    { name: "LICENSE", mode: 0o644, content: readFileSync(join(root, "LICENSE")) },
  ];
  if (system === "windows") files.push({ name: `${program}.cmd`, mode: 0o755, content: launcherOf(program) });
  return files;
}
