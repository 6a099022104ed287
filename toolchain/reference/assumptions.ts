import { type Assumption, assumptions } from "../../live/ledger";
import { defaultSwitches } from "../../emulator/switches";

const AREAS: [area: string, title: string][] = [
  ["wire", "Calls, errors and operations"],
  ["sign-in", "Sign-in"],
  ["account", "Service accounts"],
  ["binding", "Access bindings"],
  ["key", "API keys"],
  ["role", "When access takes effect"],
  ["capability", "Capabilities"],
  ["model", "Models"],
  ["lockbox", "Lockbox"],
];

/** The ledger in Markdown, by area. */
export function assumptionMarkdown(): string {
  const left = new Set(assumptions);
  const parts = AREAS.map(([area, title]) => {
    const rows = assumptions.filter(({ id }) => id.startsWith(`${area}-`));
    rows.forEach((row) => left.delete(row));
    return `## ${title}\n\n${rows.map(describe).join("\n")}`;
  });
  if (left.size > 0) throw new Error(`no area for ${[...left].map(({ id }) => id).join(", ")}`);
  return parts.join("\n\n");
}

const describe = (assumption: Assumption): string =>
  [
    `- **${assumption.id}** (${assumption.ground}). ${assumption.sentence}`,
    `  Source: ${assumption.source}.`,
    `  Depends on it: ${assumption.dependsOn}.`,
    assumption.switch && `  Switch \`${assumption.switch}\`, default ${shown(defaultSwitches[assumption.switch])}.`,
    typeof assumption.settledBy === "string"
      ? `  Probe: \`${assumption.settledBy}\`.`
      : `  No probe: ${assumption.settledBy.notTried}.`,
  ]
    .filter(Boolean)
    .join("\n");

const shown = (value: unknown): string =>
  Array.isArray(value) && value.length > 5 ? `a list of ${value.length}` : `\`${JSON.stringify(value) ?? "off"}\``;
