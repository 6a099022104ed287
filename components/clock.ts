/**
 * The time by which keys rotate: the machine's clock, or the moment (RFC 3339) that AI_STUDIO_ACCESS_NOW names, so that
 * a test, or a rehearsal of the next rotation with `pulumi preview`, can move it.
 */
export function now(): Date {
  const told = process.env["AI_STUDIO_ACCESS_NOW"];
  if (!told) return new Date();
  const moment = new Date(told);
  if (Number.isNaN(moment.getTime())) {
    throw new Error(`AI_STUDIO_ACCESS_NOW is "${told}", which is no moment; write it like 2027-01-31T00:00:00Z.`);
  }
  return moment;
}

/** Waits, and keeps the program alive meanwhile. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
