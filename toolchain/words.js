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
  found(
    [
      "{bench,ci,commands,components,emulator,inventory,languages,live,policy,provider,review,stacks,test,testing,toolchain}/**/*.{ts,mjs,js}",
      "index.ts",
    ],
    root,
  );

/** The scripts and settings whose comments begin with `#`. */
const scripts = (root) =>
  found(
    [
      "{.github,.sourcecraft,ci,examples,stacks,test,toolchain}/**/*.{sh,py,yaml,yml}",
      "{.ci/run,.gitlab-ci.yml,Pulumi.yaml}",
    ],
    root,
  );

const found = (patterns, root) =>
  patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((file) => !/(^|\/)(bin|node_modules)\/|^(test\/)?toolchain\/words\./.test(file))
    .sort();

let last = {};
/** The syntax tree of a program, which several rules look at one after the other. */
function parseProgram(text) {
  if (last.text !== text) last = { text, tree: parse(text, { comment: true, tokens: true, range: true, loc: true }) };
  return last.tree;
}

/** The findings in comments, texts and templates of a program; words of the code itself are not looked at. */
function findWordsInProgram(program) {
  const { comments, tokens } = parseProgram(program);
  const texts = tokens.filter(({ type }) => type === "String" || type === "Template");
  return [...comments, ...texts].flatMap(({ value, loc }) =>
    findWords(value).map((finding) => ({ ...finding, line: loc.start.line + finding.line - 1 })),
  );
}

/** The findings in the comments of a script or a settings file. */
const findWordsInScript = (text) => findWords(text.replace(/^[^#\n]*/gm, "").replaceAll("`", "'"));

/** With these no title of a test begins: it begins with a verb, whose subject is the title of its group. */
const NO_VERB =
  /^(?:[^a-z]|(?:a|an|the|of|to|in|on|at|by|for|from|with|without|while|where|when|what|that|this|these|there|it|its|no|not|but|only|also|still|then|later|after|before|as|if|and|or|one|two|each|every|all|any|nobody|nothing|somebody)\b)/;

/** The titles of tests that do not begin with a verb. */
function findTitles(program) {
  const titles = [];
  visit(parseProgram(program), (node) => {
    const [title] = node.type === "CallExpression" && isTest(node.callee) ? node.arguments : [];
    const text = title?.type === "Literal" ? title.value : title?.quasis?.[0].value.raw;
    if (typeof text === "string" && NO_VERB.test(text))
      titles.push({ line: title.loc.start.line, word: text, better: "a title that begins with a verb" });
  });
  return titles;
}

/** `it`, `it.each(…)`, `it.skip` and `test`, as jest knows them. */
const isTest = ({ name, object, callee }) =>
  object || callee ? isTest(object ?? callee) : name === "it" || name === "test";

function visit(node, look) {
  if (typeof node?.type !== "string") return;
  look(node);
  for (const child of Object.values(node).flat()) if (child !== node.parent) visit(child, look);
}

/** `npm run check`: prints each finding; returns an exit code. */
function lintWords(root, print = console.log) {
  const read = (file) => readFileSync(join(root, file), "utf8");
  const named = (find) => (file) => find(read(file)).map((finding) => ({ file, ...finding }));
  const findings = [
    ...files(root).flatMap(named(findWords)),
    ...scripts(root).flatMap(named(findWordsInScript)),
    ...sources(root).flatMap(named((text) => [...findWordsInProgram(text), ...findTitles(text)])),
  ];
  for (const { file, line, word, better } of findings) print(`${file}:${line}: "${word}": write ${better}`);
  return findings.length > 0 ? 1 : 0;
}

module.exports = { findTitles, findWords, findWordsInProgram, findWordsInScript, lintWords };
