/** Answers that may be others a moment later. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Pauses between attempts, so that a service has 21 seconds to restart. FIRST_PAUSE_MS shortens them, for tests. */
export const pausesMs = [1, 4, 16].map((factor) => factor * Number(process.env.FIRST_PAUSE_MS || 1_000));

/** Whether a request that failed may succeed a moment later; `status` is undefined where there was no whole answer. */
export const mayPass = (status) => status === undefined || PASSING.has(status);
