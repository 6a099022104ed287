import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { announce, findMissing, lastLine, stop } from "./report.mjs";
import { findOnPath, runQuietly } from "./run.mjs";
import { pinned } from "./versions.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** Fills `folder` with a Pulumi CLI and its Node.js language host, built from their Go modules. */
export async function buildPulumi(folder) {
  mkdirSync(folder, { recursive: true });
  await announce(
    `Building the Pulumi CLI ${pinned.pulumi} from its Go modules (3 to 6 minutes on 2 cores and 3.5 GB in Go's caches, once per machine).`,
    async () => {
      await build("pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", pinned.pulumi, folder);
      // Later versions of the host are no longer part of a module that the Go proxy serves.
      const host = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
      await build("pulumi-language-nodejs", host, "3.68.0", folder);
    },
  );
  if (process.platform !== "win32") writeLaunchers(folder);
}

/** Runs go in one of the modules beside this file, or in the folder given whole, and answers what it printed; throws a sentence that names what is missing. */
export async function go(module, args, purpose) {
  const file = findOnPath("go");
  if (!file) throw stop(`Go is not on PATH, and ${purpose} needs it: install Go 1.21 or newer, then run this again.`);
  const { code, output } = await runQuietly(file, args, {
    cwd: resolve(here, module),
    // Some distributions forbid Go to fetch the toolchain that a module asks for; here that is wanted.
    env: { GOTOOLCHAIN: "auto", ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
  });
  if (code !== 0)
    throw stop(`${capital(purpose)} did not succeed (${reason(output)}): see to that, then run this again.`);
  return output;
}

function build(name, program, version, folder) {
  const file = join(folder, process.platform === "win32" ? `${name}.exe` : name);
  const flags = ["-ldflags", `-s -w -X ${versionVariable}=v${version}`, "-buildvcs=false", "-mod=readonly"];
  return go(name, ["build", ...flags, "-o", file, program], `building ${name}`);
}

function reason(output) {
  const tooOld = /requires go >= (\S+)|invalid go version '([^']+)'/.exec(output);
  if (tooOld) return `Go ${tooOld[1] ?? tooOld[2]} or newer is needed`;
  return findMissing(output) ?? lastLine(output);
}

/** The two small scripts that a release carries for dynamic providers and for policy packs. */
function writeLaunchers(folder) {
  const launchers = {
    "pulumi-resource-pulumi-nodejs": "dynamic-provider",
    "pulumi-analyzer-policy-nodejs": "run-policy-pack",
  };
  for (const [name, program] of Object.entries(launchers)) {
    const script = `#!/bin/sh\nexec node "$(node -p "require.resolve('@pulumi/pulumi/cmd/${program}')")" "$@"\n`;
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
