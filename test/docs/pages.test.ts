import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const read = (...names: string[]): string => readFileSync(join(root, ...names), "utf8");

/** All that can say something to a user. */
const sources = ["provider", "commands", "components", "emulator", "stacks", "toolchain"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|mjs)$/.test(name) && !/(^|[\\/])(bin|node_modules)[\\/]/.test(name))
      .map((name) => read(folder, name)),
  )
  .join("\n");

/** The quoted words of each error on the page, without the names in them. */
const quoted = [...read("docs", "troubleshooting.md").matchAll(/^\| `([^`]+)` +\|/gm)].map(([, words = ""]) => words);

describe("the page on what went wrong", () => {
  it("has many errors", () => {
    expect(quoted.length).toBeGreaterThan(15);
  });

  it.each(quoted)("quotes what is still said: %s", (words) => {
    for (const part of words.split("…").map((each) => each.trim())) expect(sources).toContain(part);
  });
});

describe("the page that leads from the guide to code", () => {
  it("shows the example as it is", () => {
    const [, shown] = /```ts\n([\s\S]+?)```/.exec(read("docs", "guide.md")) ?? [];

    expect(shown).toBeDefined();
    expect(read("examples", "adopt", "index.ts")).toContain(shown);
  });

  it("runs only tasks that exist, and links only files that do", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const page = read("docs", "guide.md");
    const tasks = [...page.matchAll(/^npm (?:run )?(\S+)/gm)].map(([, task]) => task);

    expect(tasks.length).toBeGreaterThan(1);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(tasks));
    for (const [, link = ""] of page.matchAll(/\]\(([^)#]+)\)/g)) expect(read("docs", link)).not.toBe("");
  });
});
