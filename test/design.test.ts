import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..");

/** The rows of the comparison: test file and the words of a title in it. */
function comparison(): [file: string, title: string][] {
  const design = readFileSync(join(root, "DESIGN.md"), "utf8");
  const section = design.split("\n## ").find((part) => part.startsWith("Beside the official Terraform provider"));
  return [...(section ?? "").matchAll(/\| `([\w/]+)`: (.+?) +\|$/gm)].map((row) => [row[1]!, row[2]!]);
}

describe("the comparison in DESIGN.md", () => {
  it("has a test for each of its rows", () => {
    expect(comparison().length).toBeGreaterThan(20);
  });

  it.each(comparison())("names what %s shows: %s", (file, title) => {
    expect(readFileSync(join(__dirname, `${file}.test.ts`), "utf8")).toContain(title);
  });
});
