import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

/** All that the provider has of the world around it; the plugin hands in the real one, tests their own. */
export interface World {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects when the signal is raised. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A limit of time for a call or an operation. */
  timeLimit(ms: number): TimeLimit;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** A name that nothing else has, such as a UUID. */
  randomId(): string;
  env: Record<string, string | undefined>;
  /** The text of a file. */
  readFile(path: string): Promise<string>;
  fetch: typeof fetch;
}

/** Why a file or an address could not be used, without quoting it: node's own messages quote paths and addresses. */
export const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException | undefined)?.code ?? "no reason given";

export interface TimeLimit extends Disposable {
  /** Raised with a `TimeoutError` once the time is over, unless the limit has been disposed of before. */
  signal: AbortSignal;
}

/** The longest that a timer can be set to, about 25 days; a longer limit never ends. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The real limit. Its timer holds it until it ends or is disposed of: the signal of `AbortSignal.timeout` can be lost to the
 * garbage collector, and with it the limit (node 22.15; later versions while nothing listens).
 */
export function startTimeLimit(ms: number): TimeLimit {
  const limit = new AbortController();
  const end = () => limit.abort(new DOMException("the time limit was reached", "TimeoutError"));
  const timer = setTimeout(end, Math.min(Math.ceil(ms), LONGEST_TIMER_MS)).unref();
  return { signal: limit.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/**
 * The world as it is: for the plugin, for the commands that ask the cloud as it does, and for tests that change a part.
 *
 * @param fetchOf of the proxy that the environment names
 */
export const realWorld = (env: World["env"], fetchOf: (env: World["env"]) => typeof fetch): World => ({
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).then(() => {}),
  timeLimit: startTimeLimit,
  random: () => Math.random(),
  randomId: () => randomUUID(),
  env,
  readFile: (path) => readFile(path, "utf8"),
  fetch: fetchOf(env),
});
