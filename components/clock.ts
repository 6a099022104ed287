import * as pulumi from "@pulumi/pulumi";

/** Names the moment by which keys rotate, for tests and for rehearsals of a later day with `pulumi preview`. */
export const CLOCK_VARIABLE = "AI_STUDIO_ACCESS_NOW";

/**
 * The time of this machine, or the moment (RFC 3339) that AI_STUDIO_ACCESS_NOW names.
 *
 * @throws RunError if the variable names no moment
 */
export function now(): Date {
  const named = process.env[CLOCK_VARIABLE];
  if (!named) return new Date();
  const moment = new Date(named);
  if (Number.isNaN(moment.getTime())) {
    throw new pulumi.RunError(`${CLOCK_VARIABLE} is "${named}", not a moment; write it like 2027-01-31T00:00:00Z.`);
  }
  return moment;
}

/** Waits, and keeps the program alive meanwhile. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
