import { join } from "node:path";
import { cached } from "./cache.mjs";
import { digestOf, installNpmPackages, manifestsIn } from "./install.mjs";
import { announce } from "./report.mjs";

/** The folder with the packages that only tests look through, in the versions pinned in toolchain/testTools. */
export async function ensureTestTools(root) {
  const source = join(root, "toolchain", "testTools");
  return cached(`test-tools-${digestOf(manifestsIn(source))}`, (draft) =>
    announce("Installing what the tests look at reviews and packages with (10 s).", () =>
      installNpmPackages("The tools of the tests", source, draft),
    ),
  );
}
