import { capabilityNames, capabilityTable } from "../../components/capabilities";

/** The capability table as the reference page shows it, as a list in Markdown: a table would be too wide for a page. */
export function capabilityMarkdown(): string {
  const rows = capabilityNames.map((name) => {
    const { sentence, roles, scopes, scope, alsoOpens = [], documentation } = capabilityTable[name];
    const inferred = scope === "inferred" ? " (inferred)" : "";
    const also = alsoOpens.length > 0 ? ` Also opens ${code(alsoOpens)}.` : "";
    return `- **\`${name}\`**: ${sentence} Roles: ${code(roles)}. Scopes: ${code(scopes)}${inferred}.${also} [Vendor's page](${documentation})`;
  });
  return rows.join("\n");
}

const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(", ");
