/** One line of a checklist. */
export interface Finding {
  level: "ok" | "warning" | "problem";
  text: string;
  /** What to do about it. */
  next?: string;
}

export const ok = (text: string): Finding => ({ level: "ok", text });
export const warning = (text: string, next: string): Finding => ({ level: "warning", text, next });
export const problem = (text: string, next: string): Finding => ({ level: "problem", text, next });

const LABELS = { ok: "ok     ", warning: "warning", problem: "PROBLEM" };

/** The checklist for a terminal, with what it comes to. */
export function describeFindings(findings: Finding[]): string {
  const lines = findings.flatMap(({ level, text, next }) => [
    `${LABELS[level]}  ${text}`,
    ...(next ? [`         ${next}`] : []),
  ]);
  const count = (level: Finding["level"]) => {
    const number = findings.filter((finding) => finding.level === level).length;
    return `${number} ${level}${number === 1 ? "" : "s"}`;
  };
  return [...lines, "", `${count("problem")}, ${count("warning")}`].join("\n");
}
