/** Time as the emulated cloud sees it: the real one plus whatever a test has moved it by. */
export interface Clock {
  /** Ms since 1970. */
  now(): number;
  /** Moves the clock forward by `ms`. */
  advance(ms: number): void;
}

export function startClock(real: () => number = Date.now): Clock {
  let moved = 0;
  return {
    now: () => real() + moved,
    advance(ms) {
      moved += ms;
    },
  };
}

/** The machine's own time in ms since 1970: TLS libraries judge certificates by it, even where a test has moved `Date`. */
export const machineTime = (): number => performance.timeOrigin + performance.now();
