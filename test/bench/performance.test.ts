import { readFileSync } from "node:fs";
import { join } from "node:path";
import { report } from "../../bench/report";
import type { Results } from "../../bench/results";

const root = join(__dirname, "../..");

describe("docs/performance.md", () => {
  it("shows what is recorded, and nothing else", () => {
    const recorded = JSON.parse(readFileSync(join(root, "bench/results.json"), "utf8")) as Results;
    const page = readFileSync(join(root, "docs/performance.md"), "utf8");
    const shown = /<!-- measured -->\n\n([^]*)\n\n<!-- end of measured -->/.exec(page)?.[1];
    expect(shown).toBe(report(recorded));
  });
});
