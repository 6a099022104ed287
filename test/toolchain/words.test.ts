import { join } from "node:path";
// @ts-expect-error It is JavaScript, because a task runs it without a compiler.
import { findWords, findWordsInProgram, lintWords } from "../../toolchain/words.js";

const root = join(__dirname, "../..");

describe("The word lint", () => {
  it("finds a word with its line and a better one", () => {
    expect(findWords("The first line.\nThe provider is not told.\n")).toEqual([
      { line: 2, word: "told", better: "said, shown or known" },
    ]);
  });

  it.each([
    "a key that is made anew",
    "whoever may bind",
    "it is none of these",
    "This is no argument.",
    "The account is gone.",
    "a note that stands in the file",
  ])("refuses: %s", (text) => {
    expect(findWords(text)).toHaveLength(1);
  });

  it.each([
    "There is no such file.",
    "a key that is no longer used",
    "a local cloud that stands in for the real one",
    "`.work/passphrase is gone` quotes a message",
    "a message of `two\nlines is gone` in code",
    "```\nthe block is gone\n```",
  ])("accepts: %s", (text) => {
    expect(findWords(text)).toEqual([]);
  });

  it("looks at the comments, texts and templates of a program, and not at its own words", () => {
    const program = [
      "// It was told.",
      "const told = `${whoever} is made anew`;",
      'throw new Error("The key is gone.");',
    ].join("\n");

    expect(findWordsInProgram(program).map(({ line, word }: { line: number; word: string }) => [line, word])).toEqual([
      [1, "told"],
      [2, "anew"],
      [3, "is gone"],
    ]);
  });

  it("passes on the pages, the schema and the sources of this repository", () => {
    const lines: string[] = [];

    lintWords(root, (line: string) => lines.push(line));

    expect(lines).toEqual([]);
  });
});
