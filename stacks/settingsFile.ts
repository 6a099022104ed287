import { readFileSync } from "node:fs";
import type { Mistake } from "../components/argumentErrors";

type Path = readonly (string | number)[];

/** What only the text of a stack's file tells: the engine hands its values over in alphabetical order, all in clear. */
export interface SettingsFile {
  /** As messages call it: `stacks/Pulumi.dev.yaml`. */
  name: string;
  /** Where values are encrypted; undefined where that is unknown. */
  secrets: readonly Path[] | undefined;
  /** Mistakes in the order of the file. */
  ordered(mistakes: readonly Mistake[], values: unknown): Mistake[];
}

/**
 * The file of a stack. It is read only where something depends on it: to find secrets, if there are any, and to tell
 * mistakes in its order.
 *
 * @param name its path, from the project's folder
 * @param hasSecrets whether the engine says that a value of the project is secret
 */
export function openSettingsFile(
  name: string,
  project: string,
  hasSecrets: boolean,
  read = (): string => readFileSync(name, "utf8"),
): SettingsFile {
  const settings = () => settingsIn(read, project);
  return {
    name,
    get secrets() {
      const found = hasSecrets ? secretsIn(settings()) : [];
      // A secret may come from elsewhere, such as an environment of Pulumi ESC.
      return hasSecrets && found.length === 0 ? undefined : found;
    },
    ordered: (mistakes, values) => inOrderOf(settings() ?? values, mistakes),
  };
}

/** The settings of the project as the file writes them, secrets as maps; undefined where it cannot be read. */
function settingsIn(read: () => string, project: string): unknown {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- most runs do without it
    const { parse } = require("yaml") as typeof import("yaml");
    const { config = {} } = parse(read()) as { config?: Record<string, unknown> };
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
    return Object.fromEntries(own.map(([key, value]) => [key.slice(project.length + 1), value]));
  } catch {
    return undefined;
  }
}

/** The places of values that are encrypted: `secure: …`, and nothing beside it. */
function secretsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value as object);
  if (entries.length === 1 && entries[0]![0] === "secure" && path.length > 0) return [path];
  return entries.flatMap(([key, each]: [string | number, unknown]) => secretsIn(each, [...path, key]));
}

function inOrderOf(values: unknown, mistakes: readonly Mistake[]): Mistake[] {
  const places = mistakes.map((mistake, index) => ({ mistake, place: [...placeOf(values, mistake.path), index] }));
  return places.sort((a, b) => compare(a.place, b.place)).map(({ mistake }) => mistake);
}

/** The number of each key among its neighbours; one that is missing precedes them. */
function placeOf(values: unknown, [key, ...rest]: Path): number[] {
  if (key === undefined) return [-1];
  const children = typeof values === "object" && values !== null ? values : {};
  return [Object.keys(children).indexOf(String(key)), ...placeOf((children as Record<string, unknown>)[key], rest)];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : a[at]! - (b[at] ?? -1);
}

/** Whether a place lies within another one, or is that one. */
export const isWithin = (path: Path, outer: Path): boolean => outer.every((part, index) => part === path[index]);
