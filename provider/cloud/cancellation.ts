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

/** An answer to a write is worth a wait, above all one that tells a secret; but whoever interrupts wants to go. */
const GRACE_MS = 5_000;

/**
 * For a write: raised some seconds after the other signal and for the same reason, so that a write under way may still
 * have its answer; at once if the other is raised already, so that none begins.
 */
export function withGrace(signal: AbortSignal): AbortSignal {
  if (signal.aborted) return signal;
  const grace = new AbortController();
  const end = () => grace.abort(signal.reason);
  const begin = () => AbortSignal.timeout(GRACE_MS).addEventListener("abort", end, { once: true });
  signal.addEventListener("abort", begin, { once: true });
  return grace.signal;
}

/** Raised when all of them are, for the reason of the last. */
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
