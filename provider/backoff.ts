/** How long to wait between attempts, in milliseconds. */
export interface Schedule {
  first: number;
  longest: number;
  /** How much longer each wait is than the one before. Default: 2. */
  factor?: number;
  /**
   * The wait is spread around its length by up to this share, so that what failed together does not come back together.
   * Default: 0.5. 0 where one waits for something whose usual length is known.
   */
  spread?: number;
}

/**
 * How long to wait before the next attempt.
 *
 * @param attempt 0 after the first failure
 * @param random from 0 to 1
 */
export const backoff = ({ first, longest, factor = 2, spread = 0.5 }: Schedule, attempt: number, random: number) =>
  Math.round(Math.min(first * factor ** attempt, longest) * (1 - spread + 2 * spread * random));
