import { InitializationFailed } from "./resource";
import type { Context } from "./resource";
import { Secret } from "../properties/values";
import type { Failure } from "../properties/check";
import type { Properties, Value } from "../properties/values";

/**
 * Takes the secrets of a resource's own properties out of messages. A name or a member may be a secret, too; resources see
 * plain values and quote them in log lines and errors.
 */
export type Redact = (text: string) => string;

/** Shorter than any name; to take it out would make a text unreadable and hide nothing. */
const SHORTEST = 3;

/** Replaces every text that is secret in the properties, at any depth, by `[secret]`. */
export function redactor(...properties: Properties[]): Redact {
  const secrets = properties.flatMap((value) => secretTexts(value));
  // A message may quote a text, and then as JSON writes it.
  const texts = secrets
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1)])
    .filter(({ length }) => length >= SHORTEST);
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}

/** Failures whose words quote nothing that is secret in the properties. */
export function redactFailures(failures: Failure[], properties: Properties): Failure[] {
  const redact = redactor(properties);
  return failures.map(({ property, reason }) => ({ property: redact(property), reason: redact(reason) }));
}

/** The texts that are secret in a value, at any depth; of a secret map also its keys. */
export function secretTexts(value: Value, within = false): string[] {
  if (value instanceof Secret) return secretTexts(value.value, true);
  if (typeof value === "string") return within ? [value] : [];
  if (value === null || typeof value !== "object") return [];
  const children = Object.values(value).flatMap((child) => secretTexts(child as Value, within));
  return within && !Array.isArray(value) ? [...Object.keys(value), ...children] : children;
}

/** Runs code that knows the properties, and redacts their secrets from its log lines and errors. */
export async function redacting<Result>(
  context: Context,
  properties: Properties[],
  run: (context: Context) => Promise<Result>,
): Promise<Result> {
  const redact = redactor(...properties);
  const redacted: Context = {
    ...context,
    log: (severity, message) => context.log(severity, redact(message)),
    logStatus: (message) => context.logStatus(redact(message)),
  };
  try {
    return await run(redacted);
  } catch (error) {
    const message = redact(error instanceof Error ? error.message : String(error));
    if (error instanceof InitializationFailed) throw new InitializationFailed(error.id, error.state, message);
    throw new Error(message, { cause: error });
  }
}
