import { join } from "node:path";
import { cached } from "./cache.mjs";
import { digestOf, install, installNpmPackages, manifestsIn } from "./install.mjs";
import { announce } from "./report.mjs";

/**
 * How a test starts Chromium: `{ executablePath, env }`. On Linux on x64 it comes, with the libraries it needs, from an
 * npm package in the version pinned in toolchain/browser; elsewhere Chrome must be there, and `{ channel }` names it.
 */
export async function ensureBrowser(root) {
  if (process.platform !== "linux" || process.arch !== "x64") return { channel: "chrome" };
  const source = join(root, "toolchain", "browser");
  const folder = await cached(`chromium-${digestOf(manifestsIn(source))}`, (draft) =>
    announce("Installing Chromium for the tests (10 s).", async () => {
      await installNpmPackages("Chromium", source, draft);
      // The package unpacks into the folder for temporary files.
      const env = { ...process.env, TMPDIR: draft };
      await install("Chromium", process.execPath, ["--input-type=module", "--eval", unpack], { cwd: draft, env });
    }),
  );
  return { executablePath: join(folder, "chromium"), env: { LD_LIBRARY_PATH: join(folder, "al2023", "lib") } };
}

const unpack = `
  import chromium, { inflate } from "@sparticuz/chromium";
  await chromium.executablePath();
  await inflate("node_modules/@sparticuz/chromium/bin/al2023.tar.br");`;
