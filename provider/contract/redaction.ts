import { InitializationFailed } from "./resource";
import type { Context } from "./resource";
import { Secret } from "../properties/values";
import type { Properties, Value } from "../properties/values";

/**
 * A name or a member may be secret like anything else in a program. Resources see plain values and speak of them, so
 * what they say, and what they fail with, is gone through before it is passed on.
 */
export type Redact = (text: string) => string;

/** Shorter than any name; to take it out would make a text unreadable and hide nothing. */
const SHORTEST = 3;

/** Puts `[secret]` in place of every text that is secret in the properties, at any depth. */
export function redactor(...properties: Properties[]): Redact {
  const texts = properties.flatMap((value) => secretTexts(value)).filter(({ length }) => length >= SHORTEST);
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}

function secretTexts(value: Value, within = false): string[] {
  if (value instanceof Secret) return secretTexts(value.value, true);
  if (typeof value === "string") return within ? [value] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap((child) => secretTexts(child as Value, within));
}

/** Runs what knows the properties, and lets nothing of it be heard that is secret in them. */
export async function redacting<Result>(
  context: Context,
  properties: Properties[],
  run: (context: Context) => Promise<Result>,
): Promise<Result> {
  const hide = redactor(...properties);
  const discreet: Context = {
    ...context,
    log: (severity, message) => context.log(severity, hide(message)),
    logStatus: (message) => context.logStatus(hide(message)),
  };
  try {
    return await run(discreet);
  } catch (error) {
    const message = hide(error instanceof Error ? error.message : String(error));
    if (error instanceof InitializationFailed) throw new InitializationFailed(error.id, error.state, message);
    throw new Error(message, { cause: error });
  }
}
