import fc from "fast-check";

/**
 * Properties are tried with the same values each time, so that a change is judged by what it does, not by chance.
 * `PROPERTY_SEED=<number>` tries other values, and `PROPERTY_RUNS=<factor>` tries so many times as many.
 */
const seed = wholeNumber("PROPERTY_SEED", 2026);
const factor = wholeNumber("PROPERTY_RUNS", 1);

fc.configureGlobal({ seed, numRuns: runs(100) });

/** How often to try a property that is too dear, or too rich, for the usual 100 times. */
export function runs(usual: number): number {
  return usual * factor;
}

/** With anything else a property would not be tried at all, and would seem to hold. */
function wholeNumber(name: string, usual: number): number {
  const given = process.env[name] ?? String(usual);
  if (!/^[1-9]\d*$/.test(given)) throw new Error(`${name} is "${given}"; write a whole number from 1 on.`);
  return Number(given);
}

export { fc };
