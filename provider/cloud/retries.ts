import { quotaOf } from "./errors";
import type { CloudError, Code } from "./errors";

/**
 * How often a call may be made: a read as often as one likes; a write as often as one likes too, if the cloud knows the
 * repeat by its idempotency key; once, where the answer of a first call that did take effect cannot be had again.
 */
export type Idempotency = "read" | "write" | "once";

/** The answer holds a secret that the cloud tells a single time. */
const TOLD_ONCE = new Set(["ApiKeyService/Create"]);

/** @param method as `ApiKeyService/Create` */
export function idempotencyOf(method: string): Idempotency {
  if (TOLD_ONCE.has(method)) return "once";
  // A token made twice is one that nobody uses.
  return /\/(Get|List)[A-Za-z]*$|^IamTokenService\//.test(method) ? "read" : "write";
}

const PASSING: Code[] = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "UNKNOWN", "RESOURCE_EXHAUSTED"];

/** Whether the same call may be made again after a failure, and has a chance to end better. */
export function isRetryable(error: CloudError): boolean {
  const harm = idempotencyOf(error.method);
  if (!error.sent) return true;
  if (harm === "once") return false;
  // Whoever changes bindings reads them again before the next attempt.
  if (error.code === "ABORTED") return !error.method.endsWith("AccessBindings") || harm === "read";
  return PASSING.includes(error.code) && quotaOf(error) === undefined;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * How long to wait before a repeat: twice as long each time, and spread, so that calls that failed together do not come
 * back together.
 *
 * @param attempt 0 after the first failure
 * @param random from 0 to 1
 */
export const backoff = (attempt: number, random: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * (0.5 + random);
