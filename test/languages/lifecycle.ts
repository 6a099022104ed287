import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputMap, PulumiFn } from "@pulumi/pulumi/automation";
import ts from "typescript";
import * as components from "../../components/index";
import type { Emulator } from "../../emulator/emulator";
import { advanceTo, chat, startStackOn } from "../support/access";
import { startCloud } from "../support/cloud";
import type { Plan, Stack } from "../support/stack";
import { dayAfter, liveKeys } from "../components/rotationDays";
import { programOf } from "./page";

/** A way to write programs, besides TypeScript. */
export interface Language {
  /** The runtime of the project. */
  runtime: string | { name: string; options: object };
  /** The file of the program, and its text. */
  file: string;
  text: string;
  /** The same program, whose application `search` may generate images as well. */
  wider: string;
  /** What the engine has to find first on PATH. */
  path: string;
  /** More of the environment of the CLI. */
  env?: Record<string, string>;
  /** Runs the file for a verb, where no language host does it. */
  drive?(verb: "up" | "preview", folder: string, env: Record<string, string>): Promise<Plan>;
}

/** The program of docs/languages.md in TypeScript, which says the same as that of each language. */
const inTypeScript: PulumiFn = async () => {
  const { outputText } = ts.transpileModule(programOf("typescript"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS },
  });
  const exported: Record<string, unknown> = {};
  const load = (name: string) => ({ "yandex-aistudio": components })[name];
  new Function("require", "exports", outputText)(load, exported);
  return exported;
};

/** A stack on a cloud of its own, whose project has the runtime and the program of a language. */
export async function startIn(language: Language, cloud: Emulator): Promise<Stack> {
  const stack = await startStackOn(cloud, inTypeScript, { projectOptions: { runtime: language.runtime } });
  // For the CLI, and so for all that it starts.
  stack.engine.workspace.envVars = { ...stack.engine.workspace.envVars, PATH: language.path, ...language.env };
  write(stack, language, language.text);
  return language.drive ? drivenBy(language.drive, stack) : stack;
}

/** The stack, with updates and previews that `drive` runs where it has no program in TypeScript. */
function drivenBy(drive: NonNullable<Language["drive"]>, stack: Stack): Stack {
  const { workspace } = stack.engine;
  let said = "";
  const by = async (verb: "up" | "preview"): Promise<Plan> => {
    const plan = await drive(verb, stack.folder, workspace.envVars);
    said += plan.output;
    return plan;
  };
  return {
    ...stack,
    printed: () => stack.printed() + said,
    up: async () =>
      workspace.program ? stack.up() : Object.assign(await by("up"), { outputs: await stack.outputs() }),
    preview: () => (workspace.program ? stack.preview() : by("preview")),
  };
}

/** Lets the next run run this text by the language's host. */
export function write(stack: Stack, { file }: Language, text: string): void {
  writeFileSync(join(stack.folder, file), text);
  stack.program(undefined);
}

const secrets = (outputs: OutputMap) => Object.entries(outputs).flatMap(([name, { secret }]) => (secret ? [name] : []));

const values = (outputs: OutputMap) =>
  Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));

/** The life of two applications, each step by the real engine, the language's host and the plug-in as a process. */
export async function livesALife(language: Language): Promise<void> {
  await using cloud = await startCloud();
  await using stack = await startIn(language, cloud);
  advanceTo(cloud, stack, dayAfter(3));

  const created = await stack.up();
  const first = created.outputs.shopApiKey?.value as string;
  expect(new Set(Object.values(created.steps))).toEqual(new Set(["create"]));
  expect(secrets(created.outputs)).toEqual(expect.arrayContaining(["shopApiKey", "searchEnv"]));
  expect(created.outputs.shopAccount?.secret).toBe(false);
  expect(await chat(cloud, first)).toBe("200");
  expect(liveKeys(cloud)).toHaveLength(2);

  advanceTo(cloud, stack, dayAfter(61));
  const rotated = await stack.up();
  const second = rotated.outputs.shopApiKey?.value as string;
  expect(new Set(Object.values(rotated.steps))).not.toContain("replace");
  expect(second).not.toBe(first);
  // Both work during the overlap.
  expect([await chat(cloud, first), await chat(cloud, second)]).toEqual(["200", "200"]);

  advanceTo(cloud, stack, dayAfter(92));
  await stack.up();
  expect([await chat(cloud, first), await chat(cloud, second)]).toEqual([expect.stringContaining("401"), "200"]);
  expect(liveKeys(cloud)).toHaveLength(2);

  write(stack, language, language.wider);
  const widened = await stack.up();
  expect(Object.keys(widened.steps).filter((name) => !name.startsWith("search"))).toEqual([]);
  expect(cloud.snapshot().grants.map(({ roleId }) => roleId)).toContain("ai.imageGeneration.user");
  expect((await stack.preview()).steps).toEqual({});

  await stack.destroy();
  expect(liveKeys(cloud)).toEqual([]);
  for (const key of [first, second]) expect(stack.printed()).not.toContain(key);
}

/** A stack made by TypeScript previews empty in the language, and the other way, with the same outputs. */
export async function isTheStackOfTypeScript(language: Language): Promise<void> {
  await using cloud = await startCloud();
  await using stack = await startIn(language, cloud);
  advanceTo(cloud, stack, dayAfter(3));

  stack.program(inTypeScript);
  const byTypeScript = await stack.up();
  const names = Object.keys(await stack.resources()).sort();
  stack.program(undefined);
  expect((await stack.preview()).steps).toEqual({});
  const byLanguage = await stack.up();
  expect(byLanguage.steps).toEqual({});
  expect(values(byLanguage.outputs)).toEqual(values(byTypeScript.outputs));
  expect(Object.keys(await stack.resources()).sort()).toEqual(names);
  stack.program(inTypeScript);
  expect((await stack.preview()).steps).toEqual({});
}
