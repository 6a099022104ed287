import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { programOf } from "../languages/page";

const docs = join(__dirname, "../../docs");
const read = (page: string): string => readFileSync(join(docs, page), "utf8");
const pages = ["_index.md", "installation-configuration.md"];

describe("a page for the Registry", () => {
  it.each(pages)("begins with what the Registry reads: %s", (page) => {
    const [, head = ""] = /^---\n([^]*?)\n---\n/.exec(read(page)) ?? [];

    expect(parse(head)).toEqual({ title: expect.any(String), meta_desc: expect.any(String), layout: "package" });
  });

  it("shows in each language the program that the tests of the languages run", () => {
    const page = read("_index.md");
    const [, languages = ""] = /\{\{< chooser language "([\w,]+)" >\}\}/.exec(page) ?? [];
    const shown = [...page.matchAll(/\{\{% choosable language (\w+) %\}\}\n\n```\w+\n([^]*?)```/g)];

    expect(shown.map(([, language]) => language)).toEqual(languages.split(","));
    expect(languages.split(",")).toEqual(["typescript", "python", "go", "yaml"]);
    for (const [, language = "", text] of shown) expect(text).toBe(programOf(language));
  });

  it.each(pages)("links only files and headings that exist: %s", (page) => {
    for (const [, file = "", heading] of read(page).matchAll(/\]\((?!https:)([^)#]+)#?([^)]*)\)/g)) {
      expect([file, existsSync(join(docs, file))]).toEqual([file, true]);
      if (heading) expect([file, headingsOf(read(file))]).toEqual([file, expect.arrayContaining([heading])]);
    }
  });
});

/** The names by which a page's headings are linked. */
const headingsOf = (text: string): string[] =>
  [...text.matchAll(/^##+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\d\s-]/gu, "")
      .replaceAll(" ", "-"),
  );
