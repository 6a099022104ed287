import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { AiStudioAccessArgs } from "../components";
import { argumentMistakes, type Mistake } from "../components/argumentErrors";
import { argumentRows, type Row, type Rows } from "../components/arguments";
import { now } from "../components/clock";
import { nearest } from "../components/suggestions";
import { writtenPath } from "../components/written";
import { exportMistakes } from "./exports";
import { isWithin, openSettingsFile, type SettingsFile } from "./settingsFile";
import { hidingSecrets, markSecrets } from "./secretSettings";

/** The arguments of the component, and the model that the stack names for the application. */
export type ApplicationSettings = AiStudioAccessArgs & { model?: string };

export interface Settings {
  /** By name. */
  apps: Record<string, ApplicationSettings>;
}

/** What a stack's file can say of one application. */
export const applicationRows: Rows = {
  ...argumentRows,
  model: { kind: "plainText", example: '"yandexgpt-lite/latest"' },
};

/** The settings of the stack that runs, from stacks/Pulumi.<stack>.yaml. */
export function readSettings(): Settings {
  const namespace = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  const values = own.map(([key, text]) => [key.slice(namespace.length), parsed(text)]);
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  const file = openSettingsFile(
    `stacks/Pulumi.${pulumi.getStack()}.yaml`,
    pulumi.getProject(),
    own.some(([key]) => isConfigSecret(key)),
  );
  return parseSettings(Object.fromEntries(values), file, now());
}

/** The engine hands a map over as JSON, and a text as it stands. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Checks and types what a file says.
 *
 * @throws RunError with all mistakes in the order of the file, each with the key it is about
 */
export function parseSettings(values: unknown, file: SettingsFile, now: Date): Settings {
  const read = withMoments(values);
  const senseless = applicationMistakes(read, now);
  const parsed = project.safeParse(read, { reportInput: true });
  const malformed = parsed.success ? [] : parsed.error.issues.flatMap(mistakesOf);
  const isNews = ({ path }: Mistake) => !senseless.some((one) => isWithin(one.path, path) || isWithin(path, one.path));
  const mistakes = hidingSecrets([...senseless, ...malformed.filter(isNews)], file.secrets, applicationRows);
  if (mistakes.length > 0 || !parsed.success)
    throw new pulumi.RunError(report(file.ordered(mistakes, values), file.name));
  return markSecrets(parsed.data, file.secrets) as Settings;
}

function report(mistakes: readonly Mistake[], file: string): string {
  const lines = mistakes.map(({ path, reason }) => `${writtenPath(path)} ${reason}`);
  return lines.length === 1 ? `${file}: ${lines[0]}` : [`${file} has ${lines.length} mistakes:`, ...lines].join("\n  ");
}

/** Arguments that cannot be deployed, and names of applications that cannot be exported. */
function applicationMistakes(values: unknown, now: Date): Mistake[] {
  const apps = isMap(values) && isMap(values["apps"]) ? values["apps"] : {};
  const each = Object.entries(apps).flatMap(([name, value]) => [
    ...(/^[A-Za-z][-A-Za-z0-9]*$/.test(name) ? [] : [{ path: ["apps", name], reason: APPLICATION_NAME }]),
    ...(isMap(value) ? argumentMistakes(value, now, applicationRows) : []).map(({ path, reason }) => ({
      path: ["apps", name, ...path],
      reason,
    })),
  ]);
  return [...each, ...exportMistakes(Object.keys(apps))];
}

const APPLICATION_NAME = "is not a name for an application; write a letter, then letters, digits and hyphens";

const APPLICATIONS = "name each application below it, with its capabilities";

const EMPTY = "is empty; write a value or leave the key out";

/** The type of an argument in a file, where nothing is an output. */
function typeOf({ kind, rows = {} }: Row): z.ZodType {
  switch (kind) {
    case "map":
      return shapeOf(rows);
    case "texts":
    case "words":
    case "capabilities":
      return z.array(z.string());
    case "labels":
      return z.record(z.string(), z.string());
    case "days":
      return z.number();
    case "flag":
      return z.boolean();
    case "plainText":
      return z.string().nullish();
    default:
      return z.string().trim().min(1, EMPTY);
  }
}

const shapeOf = (rows: Rows) =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(rows).map(([name, row]) => [name, row.required ? typeOf(row) : typeOf(row).optional()]),
    ),
  );

const project = z.strictObject({ apps: z.record(z.string(), shapeOf(applicationRows)) });

/** What the rows of the arguments do not know: the levels above them, and keys without a value. */
function mistakesOf(issue: z.core.$ZodIssue): Mistake[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], reason: unknownKey(key) }));
  }
  if (issue.code !== "invalid_type") return [{ path, reason: issue.message }];
  if (issue.input === undefined) return [{ path, reason: `is missing; ${APPLICATIONS}` }];
  if (path.length === 1) return [{ path, reason: `must be a map; ${APPLICATIONS}` }];
  if (issue.input === null && path.length > 2) return [{ path, reason: EMPTY }];
  return [{ path, reason: path.length > 2 ? `must be ${issue.expected}` : "must be a map" }];
}

function unknownKey(key: string): string {
  const known = Object.keys(project.shape);
  const meant = nearest(key, known);
  return `is not a known setting; ${meant ? `did you mean ${meant}?` : `there is ${known.join(", ")}`}`;
}

/** YAML makes a moment of a day or a moment without quotes, which the engine hands over as Go prints it. */
function withMoments(values: unknown): unknown {
  if (!isMap(values) || !isMap(values["apps"])) return values;
  const apps = Object.entries(values["apps"]).map(([name, app]) => [name, momentsIn(app, applicationRows)]);
  return { ...values, apps: Object.fromEntries(apps) as unknown };
}

function momentsIn(given: unknown, rows: Rows): unknown {
  if (!isMap(given)) return given;
  const entries = Object.entries(given).map(([name, value]) => {
    const { kind, rows: inner = {} } = Object.hasOwn(rows, name) ? rows[name]! : ({} as Partial<Row>);
    if (kind === "map") return [name, momentsIn(value, inner)];
    if (typeof value !== "string") return [name, value];
    if (kind === "day") return [name, writtenMoment(value).replace(/T00:00:00Z$/, "")];
    return [name, kind === "moment" ? writtenMoment(value) : value];
  });
  return Object.fromEntries(entries);
}

function writtenMoment(written: string): string {
  const [, day, time, hours, minutes] = /^(\S+) ([\d:.]+) ([+-]\d\d)(\d\d) \S+$/.exec(written) ?? [];
  if (day === undefined) return written;
  return `${day}T${time}${hours === "+00" && minutes === "00" ? "Z" : `${hours}:${minutes}`}`;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
