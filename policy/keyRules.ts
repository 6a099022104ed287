import type { Subject } from "./resources";
import { isApiKey } from "./resources";

const DAY_MS = 86_400_000;

/** Why the key's scopes cannot stay as they are; undefined where they can, or where the resource is not an API key. */
export function scopeMistake(subject: Subject): string | undefined {
  if (!isApiKey(subject)) return undefined;
  const { scopes } = subject.props;
  if (Array.isArray(scopes) && scopes.length > 0) return undefined;
  return (
    `API key "${subject.name}" has no scopes, so it opens all that its account may do: ` +
    `list in "scopes" what the application calls, such as yc.ai.languageModels.execute.`
  );
}

/** Why the key's expiry cannot stay as it is. */
export function expiryMistake(subject: Subject, mostDays: number, nowMs: number): string | undefined {
  if (!isApiKey(subject)) return undefined;
  const { expiresAt } = subject.props;
  const key = `API key "${subject.name}"`;
  if (expiresAt === undefined || expiresAt === null || expiresAt === "") {
    return (
      `${key} never expires, so a copy that leaks works for ever: ` +
      `give the application "rotation", or the key an "expiresAt" at most ${mostDays} days ahead.`
    );
  }
  const days = (Date.parse(String(expiresAt)) - nowMs) / DAY_MS;
  if (days <= mostDays) return undefined;
  if (Number.isNaN(days)) {
    return `${key} expires at ${JSON.stringify(expiresAt)}, which is not a time: write it like 2027-01-31T00:00:00Z.`;
  }
  return (
    `${key} expires in ${Math.ceil(days)} days, and these rules allow ${mostDays}: ` +
    `choose an earlier "expiresAt", or a shorter "rotation".`
  );
}
