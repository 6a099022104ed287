import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const read = (...names: string[]): string => readFileSync(join(root, ...names), "utf8");
const page = read("CONTRIBUTING.md");

/** What looks like a path of this repository, in code. */
const paths = [...new Set(Array.from(page.matchAll(/`([\w.]+(?:\/[\w.-]*)+)`/g), ([, path = ""]) => path))];

describe("CONTRIBUTING.md", () => {
  it.each(paths)("names a path that exists: %s", (path) => {
    expect(existsSync(join(root, path)) || existsSync(join(root, `${path}.test.ts`))).toBe(true);
  });

  it("has a line for each folder with sources", () => {
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^[a-z]/.test(entry.name))
      .map(({ name }) => name)
      .filter((name) => !["docs", "node_modules", "dist"].includes(name));

    for (const folder of folders) expect(page).toMatch(new RegExp(`^\\| \`${folder}/\``, "m"));
  });
});

describe("The face of a folder in provider/", () => {
  const faces = ["cloud.ts", "signIn.ts", "settings.ts", "properties.ts", "contract/resource.ts", "resources/index.ts"];

  it.each(faces)("says what the folder is for, what it may import, and where to start: %s", (face) => {
    const [head = ""] = /^\/\*\*\n[^]*?\*\/\n/.exec(read("provider", face)) ?? [];

    for (const words of [/^ \* \w+\/: /m, /may import/, /Start with/]) expect(head).toMatch(words);
    for (const [, file = ""] of head.matchAll(/\b([a-z]\w*\/\w+\.ts)\b/g))
      expect(existsSync(join(root, "provider", file))).toBe(true);
  });
});
