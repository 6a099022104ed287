import { refuse } from "../status";

/**
 * Checks of request fields, in the words of the API ("Request validation error: …", seen in a public issue; the words after
 * the field's name are not documented). Names are camelCase, over gRPC too.
 */
export function invalid(field: string, problem: string): never {
  refuse("INVALID_ARGUMENT", `Request validation error: ${field}: ${problem}`);
}

export function required(field: string, value: string): void {
  if (value === "") invalid(field, "Field is required");
}

/** An id that must be given: at most 50 characters, whatever it names. */
export function id(field: string, value: string): void {
  required(field, value);
  maxLength(field, value, 50);
}

export function maxLength(field: string, value: string, max: number): void {
  if ([...value].length > max) invalid(field, `Field length must be at most ${max}`);
}

export function pattern(field: string, value: string, expression: RegExp): void {
  if (!expression.test(value)) invalid(field, `Field does not match the pattern /${expression.source.slice(1, -1)}/`);
}

export function size(field: string, count: number, min: number, max: number): void {
  if (count < min || count > max) invalid(field, `Number of elements must be in the range ${min}-${max}`);
}

/** Names of accounts, folders, clouds and MCP gateways. */
export const accountName = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

export function description(value: string): void {
  maxLength("description", value, 256);
}

/** Most services allow less in labels than that of MCP gateways (their definitions). */
const labelPatterns = {
  plain: { key: /^[a-z][-_0-9a-z]{0,62}$/, value: /^[-_0-9a-z]{0,63}$/ },
  wide: { key: /^[a-z][-_./\\@0-9a-z]{0,62}$/, value: /^[-_./\\@0-9a-z]{0,63}$/ },
};

export function labels(value: Record<string, string>, kind: keyof typeof labelPatterns = "plain"): void {
  size("labels", Object.keys(value).length, 0, 64);
  for (const [key, text] of Object.entries(value)) {
    pattern("labels.key", key, labelPatterns[kind].key);
    pattern("labels.value", text, labelPatterns[kind].value);
  }
}

const lastMoment = Date.parse("2105-12-31T23:59:59.999Z");

/** A moment the API accepts, as ms since 1970; undefined stays undefined. */
export function moment(field: string, value: Date | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = value.getTime();
  if (Number.isNaN(ms)) invalid(field, "Invalid timestamp");
  if (ms < 0 || ms > lastMoment)
    invalid(field, "Field must be in the range 1970-01-01T00:00:00Z-2105-12-31T23:59:59.999999999Z");
  return ms;
}

/**
 * The fields an update changes. Without a mask all of them, as the API guide says; a path outside `known` is refused.
 * Paths come in snake_case (the protocol's) or camelCase (what some clients send over REST).
 */
export function maskedFields<F extends string>(mask: { paths: string[] } | undefined, known: readonly F[]): F[] {
  const paths = mask?.paths ?? [];
  if (paths.length === 0) return [...known];
  return paths.map((path) => {
    const camel = path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return known.find((field) => field === camel) ?? invalid("updateMask", `Unknown field "${camel}"`);
  });
}
