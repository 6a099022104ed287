import { readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { makeArchive } from "./archive.mjs";
import { sdks, sourcesOf } from "./sdk.mjs";

/** By language: the name of an SDK, and what its archive has beside the generated files. */
const forms = {
  // What pip installs.
  python: {
    name: (of) => `pulumi_${of.replace("-", "_")}`,
    more: (name, version, description) => ({
      "PKG-INFO": `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: ${description}\nLicense: Apache-2.0\n`,
    }),
  },
  // A module that a `replace` names.
  go: { name: (of) => `pulumi-${of}-go`, more: () => ({}) },
};

/** Writes into `folder` the SDKs for Python and Go as archives. Answers their names. */
export async function packSdks(root, folder, version) {
  const names = [];
  for (const sdk of sdks.filter(({ language }) => forms[language])) {
    const { name: nameOf, more } = forms[sdk.language];
    const source = join(root, sdk.folder);
    const name = nameOf(sdk.of);
    const { description } = JSON.parse(readFileSync(join(root, sdk.schema), "utf8"));
    const contents = {
      "README.md": `# ${name}\n\n${description}\n\nIt needs the plugins of the same release: docs/languages.md of the project that this comes from, Apache-2.0.\n`,
      LICENSE: readFileSync(join(root, "LICENSE")),
      ...more(name, version, description),
      ...Object.fromEntries(sourcesOf(source).map((file) => [file, readFileSync(join(source, file))])),
    };
    const base = `${name}-${version}`;
    const files = Object.entries(contents)
      .map(([file, content]) => ({ name: [base, ...file.split(sep)].join("/"), mode: 0o644, content }))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
    writeFileSync(join(folder, `${base}.tar.gz`), await makeArchive(files));
    names.push(`${base}.tar.gz`);
  }
  return names;
}
