/* global AbortSignal */
import { setTimeout as wait } from "node:timers/promises";
import { mayPass, pausesMs } from "../toolchain/retry.mjs";

/** How long a service may take for an answer. */
const ANSWER_LIMIT_MS = 20_000;
/** A service that asks for a longer pause is not waited for. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * The answer of a service as JSON. Asks again where the failure may pass. Throws one sentence, with `status` where there
 * was an answer. The text of an answer may quote a credential, so no sentence contains it.
 */
export async function ask(who, url, request = {}, hint = "run the job again.") {
  const { origin } = new URL(url);
  for (let attempt = 0; ; attempt++) {
    const { answer, status, reason, retryAfter } = await tryOnce(url, request);
    if (answer) return answer.value;
    const pauseMs = Math.max(pausesMs[attempt] ?? 0, retryAfter ?? 0);
    if (mayPass(status) && attempt < pausesMs.length && pauseMs <= LONGEST_PAUSE_MS) {
      await wait(pauseMs);
      continue;
    }
    const tries = attempt > 0 ? `, ${attempt + 1} attempts` : "";
    const what = status === undefined ? `cannot be reached at ${origin}` : `refused the call to ${origin}`;
    throw Object.assign(new Error(`${who} ${what} (${status ?? reason}${tries}): ${hint}`), { status });
  }
}

async function tryOnce(url, request) {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    if (response.status === 204) return { answer: { value: undefined } };
    if (response.ok) return { answer: { value: await response.json() } };
    const seconds = Number(response.headers.get("retry-after"));
    return { status: response.status, retryAfter: seconds > 0 ? seconds * 1000 : undefined };
  } catch (error) {
    if (error.name === "TimeoutError") return { reason: `no answer within ${ANSWER_LIMIT_MS / 1000} s` };
    if (error instanceof SyntaxError) return { reason: "its answer is not JSON" };
    return { reason: error.cause?.code ?? error.cause?.message ?? error.message };
  }
}
