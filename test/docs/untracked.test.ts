import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blocksOf } from "./document";

const root = join(__dirname, "../..");

describe("what pages and examples write into the clone", () => {
  it("stays out of git", () => {
    const folder = mkdtempSync(join(tmpdir(), "untracked-"));
    try {
      execFileSync("git", ["init", "--quiet", folder]);
      copyFileSync(join(root, ".gitignore"), join(folder, ".gitignore"));
      const exported =
        Object.values(blocksOf("state.md"))
          .join("\n")
          .match(/(?<=--file )\S+/g) ?? [];
      const examples = readdirSync(join(root, "examples"), { withFileTypes: true }).filter((each) =>
        each.isDirectory(),
      );
      const written = [...new Set(exported), ...examples.map(({ name }) => `examples/${name}/Pulumi.local.yaml`)];

      expect(exported).not.toEqual([]);
      const ignored = execFileSync("git", ["check-ignore", ...written, ".env", ".work/passphrase"], {
        cwd: folder,
        encoding: "utf8",
      });

      expect(ignored.trim().split("\n")).toEqual([...written, ".env", ".work/passphrase"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
