import { capabilityNames, capabilityTable } from "../../components/capabilities";

/** The capability table as the reference page shows it, in Markdown. */
export function capabilityMarkdown(): string {
  const rows = capabilityNames.map((name) => {
    const { sentence, roles, scopes, scope, alsoOpens = [], documentation } = capabilityTable[name];
    const inferred = scope === "inferred" ? " (inferred)" : "";
    return `| \`${name}\` | ${sentence} [Vendor's page](${documentation}) | ${code(roles)} | ${code(scopes)}${inferred} | ${code(alsoOpens) || "–"} |`;
  });
  return ["| capability | what for | roles | scopes | also opens |", "| --- | --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}

const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(", ");
