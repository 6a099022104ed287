import { severities } from "./findings";
import type { Inventory } from "./inventory";
import { COLUMNS, headingOf, rowsOf, totalsOf } from "./rows";

/** For a terminal. */
export function asText(inventory: Inventory): string {
  const keys = rowsOf(inventory).flatMap(([id, account, ...rest]) => {
    return ["", `${id} of ${account}`, ...rest.map((word, at) => `  ${(COLUMNS[at + 2] ?? "").padEnd(11)}  ${word}`)];
  });
  const findings = severities.flatMap((severity) => {
    const own = inventory.findings.filter((each) => each.severity === severity);
    if (own.length === 0) return [];
    return ["", severity.toUpperCase(), ...own.flatMap(({ text, next }) => [`  ${text}`, `    next: ${next}`])];
  });
  return `${[
    headingOf(inventory),
    ...keys,
    ...findings,
    "",
    `Findings: ${totalsOf(inventory)}`,
    `Not looked at: ${inventory.limits.join("; ")}.`,
    `Rules: ${inventory.standard}`,
  ].join("\n")}\n`;
}
