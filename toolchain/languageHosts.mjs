import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "./cache.mjs";
import { digestOf } from "./install.mjs";
import { go } from "./pulumiBuild.mjs";
import { announce } from "./report.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** By language: the program of its host. The go.mod file in the folder of its name has its version. */
const hosts = {
  yaml: { program: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml", takes: "1 to 5 minutes" },
  python: { program: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python", takes: "1 to 3 minutes" },
};

/** The folder with the host of a language (`yaml`, `python`), built from its Go module if the cache has none. */
export function ensureLanguageHost(language) {
  const { program, takes } = hosts[language];
  const name = `pulumi-language-${language}`;
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const purpose = `building the host of ${language}`;
  return cached(`${name}-${digestOf([join(here, name, "go.sum")])}`, (draft) =>
    announce(`Building ${name} from its Go modules (${takes} on 2 cores, once per machine).`, () =>
      go(
        name,
        ["build", "-ldflags", "-s -w", "-buildvcs=false", "-mod=readonly", "-o", join(draft, file), program],
        purpose,
      ),
    ),
  );
}
