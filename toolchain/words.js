const { globSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require("@typescript-eslint/parser");

/** Words that a reader with English as a second language has to read twice, and the plain ones. */
const words = [
  [/\btold\b/i, "said, shown or known"],
  [/\b(?<!there )(is|are) no\b(?! longer| more than)/i, "is not a"],
  [/\b(is|are) none\b(?! of)/i, "is not, or does not exist"],
  [/\bis none of\b/i, "must be one of"],
  [/\banew\b/i, "again, or create and replace"],
  [/\b(taken|takes|take) away\b/i, "deleted or removed"],
  [/\b(is|are) let in\b/i, "is accepted or authorized"],
  [/\bin so many words\b/i, "explicitly"],
  [/\bsomebody's\b/i, "another person's, or of another stack"],
  [/\bwhoever\b/i, "a person who, or you"],
  [/\bmeanwhile\b/i, "until then, or at the same time"],
  [/\bpassed over\b/i, "ignored or skipped"],
  [/\bin the midst of\b/i, "during"],
  [/\bcomes? by itself\b/i, "is installed, or is created"],
  [/\bin place of\b/i, "instead of"],
  [/\b(is|are) gone\b/i, "no longer exists"],
  [/\bnames nothing\b/i, "is empty"],
  [/\bstands? in\b(?! for)/i, "is in"],
  [/\bare nowhere\b|\bis nowhere\b/i, "does not exist"],
  [/\bof its own accord\b/i, "without being asked"],
];

/** The words to replace in a text. Text in code quotes is left to its owner. */
function findWords(text) {
  const plain = text
    .replace(/```[^]*?```/g, (block) => block.replace(/[^\n]/g, " "))
    .replace(/`[^`\n]*\n?[^`\n]*`/g, (code) => code.replace(/[^\n]/g, " "));
  return plain.split("\n").flatMap((line, at) =>
    words.flatMap(([word, better]) => {
      const found = word.exec(line);
      return found ? [{ line: at + 1, word: found[0], better }] : [];
    }),
  );
}

/** Every page, and the schema, whose descriptions the SDK and the Registry show. */
const files = (root) =>
  ["*.md", "docs/*.md", "examples/**/*.md", "emulator/*.md", "provider/schema/schema.json"]
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .sort();

/** The sources whose messages and comments are checked. The words themselves, and what machines write, are left out. */
const sources = (root) =>
  ["{bench,ci,commands,components,live,policy,provider,review,stacks,toolchain}/**/*.{ts,mjs,js}", "index.ts"]
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((file) => !/(^|\/)(bin|node_modules)\/|^toolchain\/words\.js$/.test(file))
    .sort();

/** The findings in comments, texts and templates of a program; words of the code itself are not looked at. */
function findWordsInProgram(program) {
  const { comments, tokens } = parse(program, { comment: true, tokens: true, range: true, loc: true });
  const texts = tokens.filter(({ type }) => type === "String" || type === "Template");
  return [...comments, ...texts].flatMap(({ value, loc }) =>
    findWords(value).map((finding) => ({ ...finding, line: loc.start.line + finding.line - 1 })),
  );
}

/** `npm run check`: prints each finding; returns an exit code. */
function lintWords(root, print = console.log) {
  const read = (file) => readFileSync(join(root, file), "utf8");
  const named = (find) => (file) => find(read(file)).map((finding) => ({ file, ...finding }));
  const findings = [...files(root).flatMap(named(findWords)), ...sources(root).flatMap(named(findWordsInProgram))];
  for (const { file, line, word, better } of findings) print(`${file}:${line}: "${word}": write ${better}`);
  return findings.length > 0 ? 1 : 0;
}

module.exports = { findWords, findWordsInProgram, lintWords };
