import { readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { makeArchive } from "./archive.mjs";
import { sdks, sourcesOf } from "./sdk.mjs";

/** Writes into `folder` the SDKs for Python as archives that pip installs. Answers their names. */
export async function packPython(root, folder, version) {
  const names = [];
  for (const sdk of sdks.filter(({ language }) => language === "python")) {
    const source = join(root, sdk.folder);
    const name = `pulumi_${sdk.of.replace("-", "_")}`;
    const { description } = JSON.parse(readFileSync(join(root, sdk.schema), "utf8"));
    const about = `# ${name}\n\n${description}\n\nIt needs the plugins of the same release: docs/languages.md of the project that this comes from, Apache-2.0.\n`;
    const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: ${description}\nLicense: Apache-2.0\n`;
    const contents = {
      "PKG-INFO": metadata,
      "README.md": about,
      LICENSE: readFileSync(join(root, "LICENSE")),
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
