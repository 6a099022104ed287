import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const read = (...names: string[]): string => readFileSync(join(root, ...names), "utf8");

/** The rows of the comparison: test file and the words of a title in it. */
function comparison(): [file: string, title: string][] {
  const section = read("DESIGN.md")
    .split("\n## ")
    .find((part) => part.startsWith("Beside the official Terraform provider"));
  return [...(section ?? "").matchAll(/\| `([\w/]+)`: (.+?) +\|$/gm)].map((row) => [row[1]!, row[2]!]);
}

describe("the comparison in DESIGN.md", () => {
  it("has a test for each of its rows", () => {
    expect(comparison().length).toBeGreaterThan(20);
  });

  it.each(comparison())("names what %s shows: %s", (file, title) => {
    expect(read("test", `${file}.test.ts`)).toContain(title);
  });
});

/** The packages that DESIGN.md gives a reason for: the first column of its table. */
function explained(): string[] {
  const rows = (read("DESIGN.md").split("\n## Dependencies")[1] ?? "").split("\n");
  const cells = rows.filter((row) => row.startsWith("| `")).map((row) => row.split("|")[1] ?? "");
  return cells.flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = ""]) => name));
}

describe("the dependencies in DESIGN.md", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, object>;

  it("are all of package.json but types and the SDK, which is ours", () => {
    const wanted = Object.keys({ ...dependencies, ...devDependencies });
    const others = wanted.filter((name) => !name.startsWith("@types/") && name !== "@pulumi/yandex");

    expect(explained()).toEqual(expect.arrayContaining(others));
  });

  it("are wanted by something still", () => {
    const folder = ["toolchain", "linters"];
    const packages = ["browser", "testTools"].map((name) => read("toolchain", name, "package.json"));
    const tools = [...packages, read(...folder, "requirements.txt")];
    const wanted = [read("package.json"), ...tools, read(...folder, "go.mod")].join("\n");

    for (const name of explained()) expect(wanted).toContain(name);
  });
});
