import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "../../toolchain/reference";

const root = join(__dirname, "../..");

/** The lines without the padding that the formatter gives to cells. */
const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) =>
      line
        .replace(/-{3,}/g, "---")
        .replace(/ *\| */g, "|")
        .trim(),
    )
    .filter(Boolean);

describe("A generated page", () => {
  it.each(pages)("matches its sources: $file (npm run generate writes it)", ({ file, write }) => {
    const page = readFileSync(join(root, file), "utf8");

    expect(linesOf(write(page))).toEqual(linesOf(page));
  });

  it.each(pages)("shows a change of its sources: $file", ({ file, write }) => {
    const page = readFileSync(join(root, file), "utf8");
    const [begin = ""] = /<!-- generated: .*-->/.exec(page) ?? [];

    expect(linesOf(write(page.replace(begin, `${begin}\nnot current`)))).toEqual(linesOf(page));
  });
});
