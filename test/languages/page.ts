import { readFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf } from "../docs/document";

const page = readFileSync(join(__dirname, "../../docs/languages.md"), "utf8");

/** The program that docs/languages.md shows for a language. */
export function programOf(language: string): string {
  const [, text] = new RegExp("```" + language + "\\n([^]*?)```").exec(page) ?? [];
  if (!text) throw new Error(`docs/languages.md shows no program in ${language}.`);
  return text;
}

/** The shell lines below a heading of the page. */
export const linesOf = (heading: string): string => blocksOf("languages.md")[heading] ?? "";

/** The files of `dist` that these lines install. */
export const filesOf = (heading: string): string[] =>
  Array.from(linesOf(heading).matchAll(/"\$DIST\/([^"]+)"/g), ([, name = ""]) => name);
