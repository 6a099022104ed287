import { readFileSync } from "node:fs";
import { SENTENCES } from "../../review/risks";

describe("docs/review.md", () => {
  it("lists every kind of risk, in the order of the review, and no other", () => {
    const rows = readFileSync("docs/review.md", "utf8").matchAll(/^\| `([a-z ]+)` +\|.*\[test\]\[r\]/gm);

    expect(Array.from(rows, ([, kind]) => kind)).toEqual(Object.keys(SENTENCES));
  });
});
