import { quotaOf } from "./errors";
import type { CloudError, Code } from "./errors";
import type { Schedule } from "../backoff";

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
  // Of two tokens, the first is simply not used.
  return /\/(Get|List)[A-Za-z]*$|^IamTokenService\//.test(method) ? "read" : "write";
}

const PASSING: Code[] = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "UNKNOWN", "RESOURCE_EXHAUSTED"];

/** Whether the same call may be made again after a failure, and has a chance to end better. */
export function isRetryable(error: CloudError): boolean {
  const idempotency = idempotencyOf(error.method);
  if (!error.sent) return true;
  if (idempotency === "once") return false;
  // The code that changes bindings reads them again before the next attempt.
  if (error.code === "ABORTED") return !error.method.endsWith("AccessBindings") || idempotency === "read";
  return PASSING.includes(error.code) && quotaOf(error) === undefined;
}

/** The waits between the attempts of a call. */
export const RETRY_SCHEDULE: Schedule = { first: 100, longest: 5000 };
