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

  it("has a drawing with a second colour for dark pages instead of each", () => {
    const drawing = readFileSync(join(root, "docs/performance.svg"), "utf8");
    const colours = new Set([...drawing.matchAll(/ (?:fill|stroke)="(#[0-9a-f]+)"/g)].map(([, colour]) => colour));
    const ofClips = "#000";

    expect(drawing).toContain("@media (prefers-color-scheme: dark)");
    for (const colour of colours) if (colour !== ofClips) expect(drawing).toContain(`="${colour}"] {`);
  });
});
