import { type Assumption, settledBy } from "./ledger";
import { type Finding, type Findings, notTried } from "./finding";
import { type Lab, Refused } from "./lab";
import { type Asking, probes } from "./probes";
import type { ProbeName } from "./probes/names";
import type { Exchange } from "./rest";

/** What a run found out about one assumption. */
export interface Result {
  assumption: Assumption;
  finding: Finding;
  /** Of the probe, where the cloud differs. */
  exchanges: readonly Exchange[];
}

/**
 * Runs probes one after the other. What the cloud refuses ends a probe, and its assumptions could not be tried; whatever
 * else goes wrong ends the run.
 */
export async function runProbes(
  names: readonly ProbeName[],
  lab: Lab,
  asking: Asking,
  onProbe: (name: ProbeName) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const name of names) {
    onProbe(name);
    lab.exchanges = [];
    const findings = await probes[name].run(lab, asking).catch((error: unknown): Findings => {
      if (!(error instanceof Refused)) throw error;
      return Object.fromEntries(settledBy(name).map(({ id }) => [id, notTried(error.message)]));
    });
    for (const assumption of settledBy(name)) {
      const finding = findings[assumption.id] ?? notTried("The probe did not get so far.");
      results.push({ assumption, finding, exchanges: finding.verdict === "differs" ? lab.exchanges : [] });
    }
  }
  return results;
}
