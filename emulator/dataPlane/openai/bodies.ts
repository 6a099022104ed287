import { refuse } from "../../status";

/**
 * Checks of JSON bodies. The words of the OpenAI-compatible API for a field out of its range are not public; these name the field
 * as its messages name it.
 */
export const invalid = (field: string, problem: string): never => refuse("INVALID_ARGUMENT", `${field} ${problem}`);

type Body = Record<string, unknown>;

/** A number within a range, or undefined where the field is left out or null. */
export function numberIn(body: Body, field: string, least: number, most: number): number | undefined {
  const value = body[field] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !(value >= least && value <= most))
    return invalid(field, `must be a number from ${least} to ${most}`);
  return value;
}

export function integerIn(body: Body, field: string, least: number, most: number): number | undefined {
  const value = numberIn(body, field, least, most);
  if (value !== undefined && !Number.isInteger(value)) invalid(field, "must be a whole number");
  return value;
}

export function textIn(body: Body, field: string): string | undefined {
  const value = body[field] ?? undefined;
  return value === undefined || typeof value === "string" ? value : invalid(field, "must be a string");
}

/** A list of objects; left out or null it is empty. */
export function objectsIn(body: Body, field: string): Body[] {
  const value = body[field] ?? [];
  if (!Array.isArray(value)) return invalid(field, "must be a list");
  return value.map((item: unknown, position) =>
    isObject(item) ? item : invalid(`${field}[${position}]`, "must be an object"),
  );
}

export function objectIn(body: Body, field: string): Body | undefined {
  const value = body[field] ?? undefined;
  return value === undefined || isObject(value) ? value : invalid(field, "must be an object");
}

export const isObject = (value: unknown): value is Body =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** The text of a message's content, which is text or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return (content as unknown[])
    .map((part) => (isObject(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join(" ");
}
