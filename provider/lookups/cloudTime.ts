import type { Context } from "../contract/resource";
import { formatTimestamp } from "../properties/timestamps";

const ANSWER_WITHIN_MS = 5_000;

/**
 * The cloud's own time, to the second, in RFC 3339: the header `Date` of an answer of AI Studio's endpoint. Every answer
 * has it, an error too, so the request needs no credentials and costs nothing.
 */
export async function cloudTime({ cloud, settings: { aiEndpoint }, signal }: Context): Promise<string> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  const answer = await cloud.fetch(`${aiEndpoint}/`, { method: "GET", headers: {}, body: "", signal: within });
  const moment = Date.parse(answer.date ?? "");
  if (Number.isNaN(moment)) throw new Error(`${aiEndpoint} answered without a date`);
  return formatTimestamp(new Date(moment))!;
}
