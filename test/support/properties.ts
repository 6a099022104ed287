import fc from "fast-check";

/**
 * Properties are tried with the same values each time, so that a change is judged by what it does, not by chance.
 * `PROPERTY_SEED=<number>` tries other values, and `PROPERTY_RUNS=<factor>` tries so many times as many.
 */
fc.configureGlobal({ seed: Number(process.env["PROPERTY_SEED"] ?? 2026), numRuns: runs(100) });

/** How often to try a property that is too dear, or too rich, for the usual 100 times. */
export function runs(usual: number): number {
  return usual * Number(process.env["PROPERTY_RUNS"] ?? 1);
}

export { fc };
