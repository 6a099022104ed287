import type { Exchange } from "./rest";

/** A place where a replayed answer is not the recorded one. */
export interface Difference {
  /** `12 POST /iam/v1/apiKeys`: the exchange, counted from 1. */
  exchange: string;
  /** `answer.status`, or a field of the answer. */
  path: string;
  recorded: unknown;
  now: unknown;
}

/** Sends a question whose placeholders have values, as the caller of that name. */
export type Ask = (question: Exchange["question"]) => Promise<{ status: number; body: unknown }>;

const PLACEHOLDER = /<(?:id|key|second|time|uuid) \d+>/g;

/**
 * Sends recorded questions again, in order, and compares each answer: status, codes, fields, and the order of lists. A
 * placeholder such as `<id 3>` stands for the value that the first answer with it has, and must be that value from then on.
 *
 * @param bound placeholders that are known beforehand, `<run>` among them
 * @param fallback the value of a placeholder that a question has before any answer had it, such as a time of expiry
 */
export async function replay(
  exchanges: readonly Exchange[],
  ask: Ask,
  bound: Map<string, string>,
  fallback: (placeholder: string) => string,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [at, { question, answer }] of exchanges.entries()) {
    const exchange = `${at + 1} ${question.method} ${question.path}`;
    const now = await ask(filled(question, bound, fallback));
    compare({ status: answer.status, body: answer.body as unknown }, now, "answer");

    function compare(recorded: unknown, actual: unknown, path: string): void {
      if (typeof recorded === "string" && (typeof actual === "string" || typeof actual === "number")) {
        if (!matches(recorded, String(actual), bound)) differences.push({ exchange, path, recorded, now: actual });
      } else if (isObject(recorded) && isObject(actual) && Array.isArray(recorded) === Array.isArray(actual)) {
        for (const key of new Set([...Object.keys(recorded), ...Object.keys(actual)]))
          compare(recorded[key], actual[key], `${path}.${key}`);
      } else if (recorded !== actual) differences.push({ exchange, path, recorded, now: actual });
    }
  }
  return differences;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function filled<T>(value: T, bound: Map<string, string>, fallback: (placeholder: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_key, text: unknown) => {
    if (typeof text !== "string") return text;
    return text
      .replaceAll("<run>", () => bound.get("<run>") ?? "")
      .replace(PLACEHOLDER, (placeholder) => {
        const known = bound.get(placeholder) ?? fallback(placeholder);
        bound.set(placeholder, known);
        return known;
      });
  }) as T;
}

/** Binds what is not bound yet. */
function matches(recorded: string, actual: string, bound: Map<string, string>): boolean {
  if (recorded === "[secret]" || recorded === "[not of this run]") return true;
  const names: string[] = [];
  const form = recorded
    .replaceAll("<run>", bound.get("<run>") ?? "")
    .split(new RegExp(`(${PLACEHOLDER.source})`))
    .map((part) => {
      if (!PLACEHOLDER.test(part)) return escaped(part);
      PLACEHOLDER.lastIndex = 0;
      const known = bound.get(part);
      if (known !== undefined && !/^<(time|second)/.test(part)) return escaped(known);
      names.push(part);
      return "(.+?)";
    })
    .join("");
  const found = new RegExp(`^${form}$`, "s").exec(actual);
  if (!found) return false;
  names.forEach((name, at) => bound.set(name, found[at + 1]!));
  return true;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
