import type { Result } from "./run";

const VERDICTS = { holds: "holds    ", differs: "DIFFERS  ", notTried: "not tried" } as const;

/** The report of a run in text: one line for each assumption, and for each difference what to do. */
export function describeResults(results: readonly Result[]): string {
  const lines = results.flatMap(({ assumption, finding }) => [
    `${VERDICTS[finding.verdict]} ${assumption.id}: ${assumption.sentence}`,
    `            ${finding.observed}`,
    ...(finding.verdict === "differs" ? [`            It matters for: ${assumption.dependsOn}.`] : []),
    ...(finding.verdict === "differs" && finding.set
      ? [`            The local cloud behaves so with the switch ${JSON.stringify(finding.set)}.`]
      : []),
  ]);
  const count = (verdict: Result["finding"]["verdict"]) =>
    results.filter(({ finding }) => finding.verdict === verdict).length;
  return [
    ...lines,
    "",
    `${count("holds")} hold, ${count("differs")} differ, ${count("notTried")} could not be tried.`,
  ].join("\n");
}

/** One line for each step of the acceptance. */
export const describeSteps = (steps: readonly { name: string; problem?: string }[]): string =>
  steps
    .map(({ name, problem }) => (problem === undefined ? `ok       ${name}` : `FAILED   ${name}\n         ${problem}`))
    .join("\n");

/** The report for programs, with the exchanges of each difference. Has no secret, and no ID of the account. */
export const resultsAsJson = (run: string, at: string, results: readonly Result[]): string =>
  `${JSON.stringify(
    {
      run,
      at,
      results: results.map(({ assumption, finding, exchanges }) => ({
        id: assumption.id,
        sentence: assumption.sentence,
        ...finding,
        ...(exchanges.length > 0 ? { exchanges } : {}),
      })),
    },
    null,
    2,
  )}\n`;
