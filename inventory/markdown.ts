import { KINDS } from "./findings";
import type { Inventory } from "./inventory";
import { COLUMNS, headingOf, rowsOf, totalsOf } from "./rows";

/** For an issue or a wiki. */
export function asMarkdown(inventory: Inventory): string {
  const findings = inventory.findings.map(({ severity, kind, text, next }) => [
    severity,
    text,
    `\`${next}\``,
    KINDS[kind][2],
  ]);
  return `${[
    `# ${headingOf(inventory)}`,
    `Findings: ${totalsOf(inventory)}.`,
    table(["severity", "finding", "next", "rule"], findings),
    table(COLUMNS, rowsOf(inventory)),
    `Not looked at: ${inventory.limits.join("; ")}.`,
    `Rules: ${inventory.standard}`,
  ].join("\n\n")}\n`;
}

const table = (head: readonly string[], rows: readonly string[][]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");

const cell = (text: string): string => text.replace(/[|<>]/g, (mark) => `\\${mark}`);
