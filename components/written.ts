import * as pulumi from "@pulumi/pulumi";

/** A path as it is written in a program or a file: `apps.shop.capabilities[0]`. */
export const writtenPath = (path: readonly (string | number)[]): string =>
  path.map((part, index) => (typeof part === "number" ? `[${part}]` : index > 0 ? `.${part}` : part)).join("");

/** What stands where something else is wanted, as a sentence shows it: `"90"`, `NaN`, `an output`. */
export function writtenValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (isLater(value)) return "an output";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a Date";
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "a map" : String(value);
}

/** Whether a value comes to be known only while the program runs. */
export const isLater = (value: unknown): boolean => pulumi.Output.isInstance(value) || value instanceof Promise;

/** The reason of an invoke that failed, without the names of the engine's and the provider's own calls. */
export function cloudReason(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/^(?:invocation of \S+ returned an error|Invoke of '\S+' failed): /, "");
}
