import { chmodSync, copyFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "./cache.mjs";
import { digestOf, findPython, inPython, installPythonPackages } from "./install.mjs";
import { go } from "./pulumiBuild.mjs";
import { announce, say, stop } from "./report.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * By language: the program of its host, and what lies beside the program in its module and has to lie beside it where it is
 * run. The go.mod file in the folder of the host's name has its version.
 */
const hosts = {
  yaml: { program: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml", takes: "1 to 5 minutes" },
  python: {
    program: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
    beside: "../pulumi-language-python-exec",
    takes: "1 to 3 minutes",
  },
};

/** The folder with the host of a language (`yaml`, `python`), built from its Go module if the cache has none. */
export function ensureLanguageHost(language) {
  const { program, beside, takes } = hosts[language];
  const name = `pulumi-language-${language}`;
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const purpose = `building the host of ${language}`;
  return cached(`${name}-${digestOf([join(here, name, "go.sum")])}`, (draft) =>
    announce(`Building ${name} from its Go modules (${takes} on 2 cores, once per machine).`, async () => {
      const flags = ["-ldflags", "-s -w", "-buildvcs=false", "-mod=readonly"];
      await go(name, ["build", ...flags, "-o", join(draft, file), program], purpose);
      if (!beside) return;
      const source = (await go(name, ["list", "-f", "{{.Dir}}", program], purpose)).trim();
      copyFileSync(join(source, beside), join(draft, basename(beside)));
      chmodSync(join(draft, basename(beside)), 0o755);
    }),
  );
}

/** A Python with Pulumi's library: the folder of its programs. */
export async function ensurePython() {
  const python = findPython();
  if (!python) throw stop("python3 is not on PATH: install Python 3.10 or newer with venv, then run this again.");
  const requirements = join(here, "pulumi-language-python", "requirements.txt");
  const venv = await cached(`pulumi-python-${digestOf([requirements])}`, (draft) =>
    announce("Installing Pulumi's library for Python (20 s).", () =>
      installPythonPackages(
        "Pulumi's library for Python",
        python,
        requirements,
        draft,
        "--no-deps",
        "--only-binary",
        ":all:",
      ),
    ),
  );
  return dirname(inPython(venv, "python"));
}

/** Builds the Go program in `folder` into `file`, whose folder it answers. */
export async function buildGoProgram(folder, file) {
  await announce("Building a program in Go (10 s, the first time 1 to 3 minutes).", () =>
    go(folder, ["build", "-buildvcs=false", "-mod=readonly", "-o", file, "."], "building a program in Go"),
  );
  return dirname(file);
}

/** Everything that the tests of other languages need, before the tests share the machine with it. What is missing is said. */
export async function ensureLanguages() {
  for (const ensure of [...Object.keys(hosts).map((each) => () => ensureLanguageHost(each)), ensurePython])
    await ensure().catch((error) => say(error.message));
}
