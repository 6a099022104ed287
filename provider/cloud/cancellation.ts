import type { TimeLimit, World } from "../world";
import { CloudError } from "./errors";

/** Why a signal was raised, for a sentence. */
export function reasonOf(signal: AbortSignal): string {
  const { name, message } = Object(signal.reason) as Partial<Error>;
  if (name === "TimeoutError") return "the time limit was reached";
  return name === "AbortError" || !message ? "interrupted" : message;
}

/** The error of a call that a signal has cut off. */
export const cancelled = (
  signal: AbortSignal,
  call: { method: string; requestId?: string; sent: boolean },
): CloudError =>
  new CloudError({ ...call, code: "CANCELLED", rawMessage: `the call was cut off: ${reasonOf(signal)}` });

/** The answer to a write is worth a short wait, above all one that holds a secret. */
const GRACE_MS = 5_000;

/**
 * For a write: a signal that is raised some seconds after the other one and for the same reason, so that a write under way
 * may still have its answer. It is raised at once if the other one is raised already, so that no write begins.
 */
export function withGrace(signal: AbortSignal, world: Pick<World, "timeLimit">): TimeLimit {
  if (signal.aborted) return { signal, [Symbol.dispose]: () => {} };
  const grace = new AbortController();
  let limit: TimeLimit | undefined;
  const begin = () => {
    limit = world.timeLimit(GRACE_MS);
    limit.signal.addEventListener("abort", () => grace.abort(signal.reason), { once: true });
  };
  signal.addEventListener("abort", begin, { once: true });
  return {
    signal: grace.signal,
    [Symbol.dispose]() {
      signal.removeEventListener("abort", begin);
      limit?.[Symbol.dispose]();
    },
  };
}

/** Raised once all of the signals are raised, for the reason of the last one in the list. */
export function allAborted(signals: AbortSignal[]): AbortSignal {
  const all = new AbortController();
  const look = () => signals.every(({ aborted }) => aborted) && all.abort(signals.at(-1)?.reason);
  for (const signal of signals) signal.addEventListener("abort", look, { once: true });
  look();
  return all.signal;
}

/** The same promise for somebody who does not wait any longer once the signal is raised; what it is of goes on. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined, method: string): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelled(signal, { method, sent: false }));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
