import Ajv from "ajv/dist/2020";
import { generateSync, type JsonSchema } from "json-schema-faker";
import { refuse } from "../status";

export type { JsonSchema } from "json-schema-faker";

/** Bounds of a schema, so that a sample of it stays small. The vendor documents none. */
const longestSchema = 64 * 1024;
const largestBound = 1000;

/** A JSON schema that a request brings, checked. `field` names it in the refusal. */
export function requireSchema(field: string, schema: unknown): JsonSchema {
  if (schema === null || typeof schema !== "object" || Array.isArray(schema))
    return invalid(field, "must be a JSON object");
  const text = JSON.stringify(schema);
  if (text.length > longestSchema) invalid(field, `must not be longer than ${longestSchema} characters`);
  if (unbounded(schema)) invalid(field, `demands more than ${largestBound} characters, items or properties`);
  // Which draft it says it is does not matter here, and the validator knows one.
  const { $schema: _, ...rest } = schema as Record<string, unknown>;
  validatorOf(field, rest);
  return rest as JsonSchema;
}

/** Whether a value fits a schema that was checked. */
export const fits = (schema: JsonSchema, value: unknown): boolean => validatorOf("schema", schema as object)(value);

/**
 * A value that fits the schema, the same for the same schema and question. The numbers of the question fill lists of numbers,
 * and texts without a form of their own repeat what it asks to calculate, or say who wrote them.
 */
export function sampleOf(field: string, schema: JsonSchema, question: string): unknown {
  const validate = validatorOf(field, schema as object);
  for (const candidate of [withExamples(schema, examplesIn(question)), schema]) {
    for (const optionals of [true, false]) {
      const sample = generate(candidate, optionals);
      if (sample !== undefined && validate(sample)) return sample;
    }
  }
  return invalid(field, "has no value that the local cloud finds");
}

export const numbersIn = (text: string): number[] => (text.match(/-?\d+(?:\.\d+)?/g) ?? []).slice(0, 20).map(Number);

/** Without optional parts where a schema contains itself: what stands at the end of the recursion does not fit. */
function generate(schema: JsonSchema, optionals: boolean): unknown {
  try {
    return generateSync(schema, {
      seed: 1,
      alwaysFakeOptionals: optionals,
      ...(!optionals && { optionalsProbability: 0 }),
      useDefaultValue: true,
      useExamplesValue: true,
      maxDefaultItems: 2,
      refDepthMax: 3,
    });
  } catch {
    return undefined;
  }
}

function validatorOf(field: string, schema: object): (value: unknown) => boolean {
  try {
    return new Ajv({ strict: false, validateFormats: false, logger: false }).compile(schema);
  } catch (error) {
    return invalid(field, `is not a valid JSON schema: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const invalid = (field: string, problem: string): never =>
  refuse("INVALID_ARGUMENT", `${field} ${problem.slice(0, 300)}`);

const bounds = new Set(["minItems", "minLength", "minProperties", "minContains"]);

/** Whether a sample would be large: by a bound, or by a repetition in a pattern. */
function unbounded(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return Object.entries(value).some(
    ([key, part]) =>
      (bounds.has(key) && typeof part === "number" && part > largestBound) ||
      (key === "pattern" && typeof part === "string" && /\{\s*\d*\s*,?\s*\d{4,}/.test(part)) ||
      unbounded(part),
  );
}

const free = ["const", "enum", "default", "examples", "format", "pattern", "minLength", "maxLength"];

interface Examples {
  numbers: number[];
  text: string;
}

/** `7@8` and `2 + 3 * 4`, but no `2026-11-26`. */
const calculations = /\d+(?:\.\d+)?(?: ?[-+*/^@%] ?\d+(?:\.\d+)?)+/g;
const calculationIn = (text: string) => text.match(calculations)?.find((found) => /[+*/^@%]/.test(found));

const examplesIn = (question: string): Examples => ({
  numbers: numbersIn(question),
  text: calculationIn(question) ?? "written by a local stand-in",
});

function withExamples<T>(schema: T, from: Examples): T {
  if (schema === null || typeof schema !== "object") return schema;
  if (Array.isArray(schema)) return schema.map((part) => withExamples(part as unknown, from)) as T;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, withExamples(part, from)]));
  const examples = exampleOf(schema as Record<string, unknown>, from);
  return (examples === undefined ? copy : { ...copy, examples: [examples] }) as T;
}

function exampleOf(schema: Record<string, unknown>, { numbers, text }: Examples): unknown {
  if (free.some((keyword) => Object.hasOwn(schema, keyword))) return undefined;
  if (schema["type"] === "string") return text;
  if (numbers.length === 0) return undefined;
  const isNumeric = (type: unknown) => type === "integer" || type === "number";
  if (isNumeric(schema["type"])) return numbers[0];
  const items = schema["items"] as { type?: unknown } | undefined;
  return schema["type"] === "array" && isNumeric(items?.type) ? numbers : undefined;
}
