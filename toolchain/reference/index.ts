import { capabilityMarkdown } from "./capabilities";
import { clientTable, coverage } from "./coverage";
import { assumptionMarkdown } from "./assumptions";
import { providerMarkdown, settingsMarkdown } from "./provider";

export { componentSchema } from "../../languages/schema";
export { schema } from "../../provider/schema";
export { addresses, version } from "../../provider/schema/package";

/** A generated part of a page: `write` gets the Markdown of the page and returns it with the part replaced. */
export interface GeneratedPage {
  file: string;
  write(page: string): string;
}

/** The pages whose tables follow from the sources. `npm run generate` writes them, `-- --check` compares them. */
export const pages: GeneratedPage[] = [
  { file: "docs/component.md", write: replacing("capabilities", capabilityMarkdown) },
  { file: "docs/installation-configuration.md", write: replacing("settings", settingsMarkdown) },
  { file: "docs/provider.md", write: replacing("provider", providerMarkdown) },
  { file: "emulator/ASSUMPTIONS.md", write: replacing("assumptions", assumptionMarkdown) },
  {
    file: "emulator/COVERAGE.md",
    write: (page) => replacing("clients", clientTable)(replacing("coverage", coverage)(page)),
  },
];

/** Replaces the lines between `<!-- generated: name -->` and `<!-- end of name -->`. */
function replacing(name: string, content: () => string) {
  const place = new RegExp(`(<!-- generated: ${name} -->\n)[^]*(<!-- end of ${name} -->)`);
  return (page: string): string => {
    if (!place.test(page)) throw new Error(`no place for the generated ${name}: <!-- generated: ${name} -->`);
    return page.replace(place, (_all, begin: string, end: string) => `${begin}\n${content()}\n\n${end}`);
  };
}
