import { refuse } from "../status";

/** As deep as proto messages may be. What looks into a value, or writes it, may then call itself for each level. */
const MAX_DEPTH = 100;

/** The value of a JSON text. Throws a SyntaxError if it is not JSON, and refuses one that is nested too deeply to be worked with. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  let level: object[] = isNested(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) refuse("INVALID_ARGUMENT", `The JSON is nested more than ${MAX_DEPTH} levels deep`);
    level = level.flatMap((each) => Object.values(each).filter(isNested));
  }
  return value;
}

const isNested = (value: unknown): value is object => value !== null && typeof value === "object";
