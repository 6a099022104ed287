// @ts-expect-error It is JavaScript, because a task runs it without a compiler.
import { findTitles, findWords, findWordsInProgram, findWordsInScript } from "../../toolchain/words.js";

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

  it("looks at the comments of a script, and not at its commands", () => {
    expect(findWordsInScript("echo told\n# It was told.\nrun # is gone\n")).toMatchObject([{ line: 2 }, { line: 3 }]);
  });

  it.each([
    'it("the key is deleted", () => {})',
    'it.each([1])("%s is deleted", () => {})',
    "it(`without a key fails`, () => {})",
    'it.skip("that fails", () => {})',
  ])("refuses a title without a verb at its beginning: %s", (program) => {
    expect(findTitles(`describe("a key", () => {\n${program};\n});`)).toMatchObject([{ line: 2 }]);
  });

  it.each(['it("is deleted: %s", run)', 'describe("the key", run)', 'test("deletes", run)', 'call(it)("the key")'])(
    "accepts a title with a verb at its beginning, and other texts: %s",
    (program) => {
      expect(findTitles(program)).toEqual([]);
    },
  );
});
