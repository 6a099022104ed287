import { chainSeconds } from "./chain";
import type { Step } from "./cycle";
import { type Floor, PACE, type Size } from "./measure";

/** How far a ratio may be above the recorded one before it is worth a word. Machines differ, and so does their mood. */
const GENEROUS = 1.5;

const COMPARED: Step[] = ["preview of all that is new", "up", "preview, no change", "refresh", "destroy"];

/** What the step takes at least: a program with as many resources for which nothing is done, and the calls that wait for each other. */
export const leastSeconds = <S extends Step>(
  { nothing }: { nothing: Record<S, { seconds: number }> },
  step: S,
): number => nothing[step].seconds + chainSeconds(step, PACE);

/** What was measured, as numbers that do not depend on how fast the machine is. */
export function ratiosOf(floor: Floor, sizes: Size[]): Record<string, number> {
  const shares = COMPARED.map((step) => [
    `${step}, one application, above a provider that does nothing`,
    floor.ours[step].seconds / floor.nothing[step].seconds,
  ]);
  const least = sizes.flatMap((size) =>
    COMPARED.map((step) => [
      `${step}, ${size.size} applications, above the least`,
      size.ours[step].seconds / leastSeconds(size, step),
    ]),
  );
  const calls = sizes.map((size) => [`calls of up, ${size.size} applications, each`, callsOf(size) / size.size]);
  return Object.fromEntries([...shares, ...least, ...calls]) as Record<string, number>;
}

const callsOf = ({ ours }: Size): number => Object.values(ours.up.calls).reduce((sum, count) => sum + count, 0);

/** A sentence for each ratio that is much worse than the recorded one. */
export function regressions(measured: Record<string, number>, recorded: Record<string, number>): string[] {
  return Object.entries(measured).flatMap(([name, now]) => {
    const before = recorded[name];
    return before === undefined || now <= before * GENEROUS
      ? []
      : [`${name}: ${now.toFixed(2)} times, where ${before.toFixed(2)} is recorded`];
  });
}
