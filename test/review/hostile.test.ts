import { capabilityTable } from "../../components/capabilities";
import { type Format, formatNames, render, review } from "../../review";
import { markup, previewOf } from "./hostileNames";
import { fc } from "../support/properties";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const show = (digest: string, format: Format) => render(review(digest, capabilityTable, NOW), format, NOW);

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...markup), fc.string({ unit: "grapheme", maxLength: 6 })), { maxLength: 6 })
  // `::` ends a part of an URN, so a name in one cannot be distinguished from the next part.
  .map((parts) => parts.join(""));

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"];
const random = (length: number) =>
  fc
    .string({ unit: fc.constantFrom(...letters), minLength: length, maxLength: length + 12 })
    .filter((text) => /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text));
const secret = fc.oneof(
  random(35).map((rest) => `AQVN${rest}`),
  fc.tuple(random(30), random(86)).map(([head, tail]) => `t1.${head}.${tail}`),
  random(40).map((rest) => `y0_${rest}`),
  random(30),
  // Of small letters alone, so that only the beginning tells what it is.
  fc.string({ unit: fc.constantFrom(..."abcdefghij"), minLength: 35, maxLength: 40 }).map((rest) => `AQVN${rest}`),
);

/** Characters that move a cursor, hide, or turn the direction of reading. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const linesOf = (text: string) => text.split("\n");

/** What is left of Markdown when the code spans, in which nothing is read but the end of a table cell, are emptied. */
const frame = (text: string) => linesOf(text).map((line) => line.replace(/`[^`|]+`/g, "``"));

describe("hostile names in a preview", () => {
  it("appear in Markdown only where no markup is read, and add nothing to the text around them", () => {
    const expected = frame(show(previewOf("x"), "markdown"));

    fc.assert(fc.property(hostile, (text) => expect(frame(show(previewOf(text), "markdown"))).toEqual(expected)));
  });

  it("begin no line of the text, and hold nothing that a terminal obeys", () => {
    const firstWords = (text: string) => linesOf(text).map((line) => /^ *[a-z]*/i.exec(line)?.[0]);
    const expected = firstWords(show(previewOf("x"), "text"));

    fc.assert(
      fc.property(hostile, (text) => {
        const shown = show(previewOf(text), "text");
        expect(firstWords(shown)).toEqual(expected);
        expect(linesOf(shown).filter((line) => UNSEEN.test(line) || line.includes("##"))).toEqual([]);
      }),
    );
  });

  it("stay inside of the labels of a graph", () => {
    const nodes = (text: string) => linesOf(text).map((line) => line.replace(/"[^"<>#;`[\]{}]+"/g, '""'));
    const expected = nodes(show(previewOf("x"), "mermaid"));

    fc.assert(fc.property(hostile, (text) => expect(nodes(show(previewOf(text), "mermaid"))).toEqual(expected)));
  });

  it("are texts in JSON and nothing in the counts", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(Object.keys(JSON.parse(show(previewOf(text), "json")))).toEqual(
          Object.keys(JSON.parse(show(previewOf("x"), "json"))),
        );
        expect(show(previewOf(text), "gitlab")).toBe(show(previewOf("x"), "gitlab"));
      }),
    );
  });
});

describe("secrets in a preview", () => {
  it.each(formatNames)(
    "show no piece of themselves as %s, wherever they stand and whatever stands before them",
    (format) => {
      fc.assert(
        fc.property(secret, hostile, (it, text) => {
          const shown = show(previewOf(`${text} ${it}`), format);
          const pieces = Array.from({ length: it.length - 15 }, (_, at) => it.slice(at, at + 16));
          expect(pieces.filter((piece) => shown.includes(piece))).toEqual([]);
        }),
      );
    },
  );

  it.each(formatNames)("are not shown as %s when they are values, even if they look like a word", (format) => {
    const words = fc.constantFrom(
      "correct horse",
      "hunter2",
      "Passw0rd!",
      "swordfish",
      "пароль",
      "2026-11-25",
      "a=b.c",
    );

    fc.assert(fc.property(words, (word) => !show(previewOf("x", word), format).includes(word)));
  });
});
