import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { capabilityMarkdown } from "../../components/documentation";
import { parseSettings } from "../../stacks/settings";

const page = join(__dirname, "..", "..", "docs", "component.md");
const PLACE = /(<!-- capabilities: [^>]*-->\n)[^]*(<!-- capabilities end -->)/;

/** Cells without the padding that the formatter gives them. */
const cells = (text: string) => text.replace(/ +/g, " ").replace(/-{3,}/g, "---").trim();

describe("the page about the component", () => {
  it("has the capability table of the component; WRITE_DOCS=1 writes it anew", async () => {
    const text = await readFile(page, "utf8");
    const current = text.replace(PLACE, `$1\n${capabilityMarkdown()}\n\n$2`);

    if (process.env.WRITE_DOCS) await writeFile(page, current);
    else expect(cells(text)).toBe(cells(current));
  });

  it("names every argument that the settings take", async () => {
    const text = await readFile(page, "utf8");
    const message = (() => {
      try {
        parseSettings({ apps: { shop: { nothingLikeIt: 1, capabilities: ["search"] } } }, "file");
      } catch (error) {
        return (error as Error).message;
      }
    })();

    const names = /what may stand here: (.*)$/.exec(message ?? "")?.[1]?.split(", ") ?? [];
    expect(names).toContain("capabilities");
    for (const name of names) expect(text).toContain(`\`${name}`);
  });
});
