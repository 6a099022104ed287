import * as pulumi from "@pulumi/pulumi";

const CLOCK_VARIABLE = "AI_STUDIO_ACCESS_NOW";

/** The moment (RFC 3339) by which keys are to rotate in a test, or in a preview of a later day; undefined if none is set. */
export const namedMoment = (): string | undefined => process.env[CLOCK_VARIABLE] || undefined;

/**
 * The time of this machine, or the moment that AI_STUDIO_ACCESS_NOW names.
 *
 * @throws RunError if the variable names no moment
 */
export function now(): Date {
  const named = namedMoment();
  if (!named) return new Date();
  const moment = new Date(named);
  if (Number.isNaN(moment.getTime())) {
    throw new pulumi.RunError(`${CLOCK_VARIABLE} is "${named}", not a moment; write it like 2027-01-31T00:00:00Z.`);
  }
  return moment;
}

/** Waits, and keeps the program alive until then. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
