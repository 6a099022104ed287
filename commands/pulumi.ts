import { queryCli, runCli } from "./stack/cli";
import type { Environment } from "./stack/environment";
import {
  findObstacle,
  findPassphraseObstacle,
  forPreview,
  localEnvironment,
  realEnvironment,
} from "./stack/environment";
import { ensureEmulator, findEmulator } from "./stack/localCloud";
import { rulesOptions } from "./stack/rules";
import type { Workspace } from "./stack/workspace";
import { ensureLocal, LOCAL, openWorkspace, readSettings, shortName, stacksWithSettings } from "./stack/workspace";

/** The commands in which the engine starts the provider, and the provider calls the cloud. */
const OPERATIONS = ["up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "import", "watch"];

/** Those of them that keep nothing. */
const PREVIEWS = ["preview", "pre"];

/** Groups of commands, in which the same words (`config refresh`, `stack import`) concern only what the engine keeps. */
const GROUPS = ["config", "stack", "state", "plugin"];

/** Stands for the policy pack and the team's settings of it, so that every run of a stack checks the same rules. */
const RULES = "--rules";

/** `npm run pulumi -- <args>`: the CLI as it is, in this clone's environment and for the stack that is chosen in it. */
export async function main(given: string[]): Promise<number> {
  const workspace = openWorkspace(process.cwd());
  const stack = findStackArgument(given) ?? process.env.PULUMI_STACK ?? (await findSelected(workspace));
  const args = given.flatMap((each) => (each === RULES ? rulesOptions(workspace, stack ?? LOCAL) : each));
  const command = args.find((each) => OPERATIONS.includes(each) || GROUPS.includes(each)) ?? "";
  const needsCloud = OPERATIONS.includes(command);
  if (stack && stack !== LOCAL) return runForReal(workspace, stack, args, needsCloud);

  ensureLocal(workspace);
  const connection = await (needsCloud ? ensureEmulator : findEmulator)(workspace);
  const env = localEnvironment(process.env, workspace, connection);
  if (!stack && needsCloud) await queryCli(["stack", "select", "--create", LOCAL], env);
  return runCli(args, environmentOf(args, env));
}

/** Only a first word is surely a command, and not the name of a stack: an update must keep what it has done. */
export const environmentOf = ([command = ""]: string[], env: Environment): Environment =>
  PREVIEWS.includes(command) ? forPreview(env) : env;

/** Refuses what the engine would only find out half way, or not at all. */
async function runForReal(workspace: Workspace, stack: string, args: string[], needsCloud: boolean): Promise<number> {
  const env = realEnvironment(process.env, workspace);
  const settings = readSettings(workspace, stack);
  const makesStack = args.includes("init") || args.includes("--create") || args.includes("-c");
  const obstacle = needsCloud
    ? await findObstacle(stack, settings, env, stacksWithSettings(workspace))
    : makesStack && findPassphraseObstacle(stack, settings ?? "", env);
  if (obstacle) throw new Error(obstacle);
  return runCli(args, environmentOf(args, env));
}

/** The stack that the arguments name, without organization and project. */
export function findStackArgument(args: string[]): string | undefined {
  const given = args.flatMap((each, index) => {
    if (each === "--stack" || each === "-s") return args[index + 1] ?? [];
    if (args[index - 2] === "stack" && /^(?:init|select|rm)$/.test(args[index - 1] ?? "") && !each.startsWith("-"))
      return each;
    return /^(?:--stack=|-s=?)(.+)$/.exec(each)?.[1] ?? [];
  });
  const last = given.at(-1);
  return last === undefined ? undefined : shortName(last);
}

/** The stack that was chosen last in the user's backend, if any. */
async function findSelected(workspace: Workspace): Promise<string | undefined> {
  const name = await queryCli(["stack", "--show-name"], realEnvironment(process.env, workspace)).catch(() => "");
  return name.trim() || undefined;
}
