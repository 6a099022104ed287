import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { AiStudioAccessArgs } from "../components";
import { capabilityNames } from "../components/capabilities";
import { now } from "../components/clock";
import { argumentMistakes, type Mistake, type UncheckedArguments } from "../components/argumentErrors";
import { nearest } from "../components/suggestions";
import { writtenPath } from "../components/written";
import { exportMistakes } from "./exports";

const text = z.string().trim().min(1, "is empty; write a value or leave the key out");
const words = z.array(z.string());
const moment = text.transform(writtenMoment);

/** What an environment's file says of one application. */
const application = z.strictObject({
  capabilities: words,
  folderId: text.optional(),
  serviceAccount: z
    .strictObject({
      id: text.optional(),
      existingName: text.optional(),
      name: text.optional(),
      description: z.string().optional(),
      labels: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  apiKey: z.strictObject({ description: z.string().optional(), expiresAt: moment.optional() }).optional(),
  rotation: z
    .strictObject({
      everyDays: z.number(),
      overlapDays: z.number(),
      anchor: moment.transform((anchor) => anchor.replace(/T00:00:00Z$/, "")),
      // Of whatever kind, so that the check of the arguments says what is wrong with it.
      trigger: z.unknown().optional(),
    })
    .optional(),
  extraRoles: words.optional(),
  extraScopes: words.optional(),
  waitUntilReady: z.boolean().optional(),
  baseUrl: text.optional(),
  model: text.optional(),
});

const project = z.strictObject({ apps: z.record(z.string(), application) });

/** A day or a moment without quotes is no text to YAML; the engine then hands it over as Go prints it. */
function writtenMoment(written: string): string {
  const [, day, time, hours, minutes] = /^(\S+) ([\d:.]+) ([+-]\d\d)(\d\d) \S+$/.exec(written) ?? [];
  if (day === undefined) return written;
  return `${day}T${time}${hours === "+00" && minutes === "00" ? "Z" : `${hours}:${minutes}`}`;
}

/** The arguments of the component, and the model that the stack names for the application. */
export type ApplicationSettings = AiStudioAccessArgs & { model?: string };

export interface Settings {
  /** By name, in the order of the file. */
  apps: Record<string, ApplicationSettings>;
}

/** The settings of the stack that runs, from stacks/Pulumi.<stack>.yaml. */
export function readSettings(): Settings {
  const namespace = `${pulumi.getProject()}:`;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(namespace));
  const config = new pulumi.Config();
  const values = keys.map((key) => key.slice(namespace.length)).map((key) => [key, config.getObject(key)]);
  return parseSettings(Object.fromEntries(values), `stacks/Pulumi.${pulumi.getStack()}.yaml`, now());
}

/**
 * Checks and types what a file says.
 *
 * @throws RunError with every mistake, each with the key it is about
 */
export function parseSettings(values: unknown, file: string, now: Date): Settings {
  const parsed = project.safeParse(values, { reportInput: true });
  const malformed = parsed.success ? [] : parsed.error.issues.flatMap(mistakesOf);
  const senseless = applicationMistakes(values, now).filter(
    ({ path }) => !malformed.some((one) => isWithin(path, one.path)),
  );
  const mistakes = [...malformed, ...senseless];
  if (!parsed.success || mistakes.length > 0) throw new pulumi.RunError(told(mistakes, file));
  return parsed.data as Settings;
}

function told(mistakes: readonly Mistake[], file: string): string {
  const lines = mistakes.map(({ path, reason }) => `${writtenPath(path)} ${reason}`);
  return lines.length === 1 ? `${file}: ${lines[0]}` : [`${file} has ${lines.length} mistakes:`, ...lines].join("\n  ");
}

/** What the shape of the file does not tell: names of capabilities, policies, names of applications. */
function applicationMistakes(values: unknown, now: Date): Mistake[] {
  const apps = isRecord(values) && isRecord(values["apps"]) ? values["apps"] : {};
  const each = Object.entries(apps).flatMap(([name, value]) => [
    ...(/^[A-Za-z][-A-Za-z0-9]*$/.test(name) ? [] : [{ path: ["apps", name], reason: APPLICATION_NAME }]),
    ...argumentMistakes(wellFormedPart(value), now).map(({ path, reason }) => ({
      path: ["apps", name, ...path],
      reason,
    })),
  ]);
  return [...each, ...exportMistakes(Object.keys(apps))];
}

const APPLICATION_NAME = "is no name for an application; write a letter, then letters, digits and hyphens";

/** The arguments whose own shape is right, whatever is wrong beside them, so that all mistakes are told at once. */
function wellFormedPart(value: unknown): UncheckedArguments {
  const given = isRecord(value) ? value : {};
  const { capabilities, serviceAccount, rotation, apiKey, extraRoles, extraScopes } = application.shape;
  return {
    capabilities: capabilities.safeParse(given["capabilities"]).data,
    serviceAccount: serviceAccount.safeParse(given["serviceAccount"]).data,
    rotation: rotation.unwrap().strip().safeParse(given["rotation"]).data,
    apiKey: apiKey.safeParse(given["apiKey"]).data,
    extraRoles: extraRoles.safeParse(given["extraRoles"]).data,
    extraScopes: extraScopes.safeParse(given["extraScopes"]).data,
  };
}

function mistakesOf(issue: z.core.$ZodIssue): Mistake[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ path: [...path, key], reason: unknownKey(key, path) }));
    case "invalid_type":
      return [
        {
          path,
          reason:
            issue.input === undefined
              ? `is missing; ${whatIsMissing(path.at(-1))}`
              : `must be ${KINDS[issue.expected] ?? issue.expected}`,
        },
      ];
    default:
      return [{ path, reason: issue.message }];
  }
}

function whatIsMissing(key?: string | number): string {
  if (key === "apps") return "name each application below it, with its capabilities";
  if (key === "capabilities") return `name what the application needs, of ${capabilityNames.join(", ")}`;
  return "rotation takes everyDays, overlapDays and anchor";
}

const KINDS: Record<string, string> = {
  array: "a list",
  boolean: "true or false",
  number: "a number",
  object: "a map",
  record: "a map",
  string: "text",
};

function unknownKey(key: string, path: (string | number)[]): string {
  const known = knownKeys(path);
  const meant = nearest(key, known);
  return `is no setting; ${meant ? `did you mean ${meant}?` : `what may stand here: ${known.join(", ")}`}`;
}

/** The keys that the map at this place may have. */
function knownKeys([first, , part]: (string | number)[]): string[] {
  if (first === undefined) return Object.keys(project.shape);
  const { serviceAccount, apiKey, rotation } = application.shape;
  const inner = { serviceAccount, apiKey, rotation }[String(part)];
  return Object.keys((inner?.unwrap() ?? application).shape);
}

const isWithin = (path: (string | number)[], outer: (string | number)[]): boolean =>
  outer.every((part, index) => part === path[index]);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
