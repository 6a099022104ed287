import type { Connection } from "./connection";
import { queryCli } from "./cli";
import type { Environment } from "./environment";
import { findObstacle, findPassphraseObstacle, localEnvironment, realEnvironment } from "./environment";
import { ensureEmulator } from "./localCloud";
import type { Workspace } from "./workspace";
import { ensureLocal, findLocalObstacle, LOCAL, readSettings, stacksWithSettings, startCommand } from "./workspace";

/** A stack that is ready for the engine to work on. */
export interface Stack {
  name: string;
  env: Environment;
  /** The emulator, for stack `local`. */
  connection?: Connection;
}

/** Makes the stack ready: its cloud, its settings and its entry in the backend. */
export async function openStack(workspace: Workspace, name: string, inherited: Environment): Promise<Stack> {
  const stack = await prepareStack(workspace, name, inherited);
  // Choosing it makes it the one that `npm run pulumi` works on.
  await queryCli(["stack", "select", "--create", name], stack.env);
  return stack;
}

/** Makes everything ready but the stack's entry in the backend, for what only looks. */
export const prepareStack = async (workspace: Workspace, name: string, inherited: Environment): Promise<Stack> =>
  name === LOCAL ? openLocal(workspace, inherited) : openReal(workspace, name, inherited);

async function openLocal(workspace: Workspace, inherited: Environment): Promise<Stack> {
  ensureLocal(workspace);
  const connection = await ensureEmulator(workspace);
  return { name: LOCAL, connection, env: localEnvironment(inherited, workspace, connection) };
}

async function openReal(workspace: Workspace, name: string, inherited: Environment): Promise<Stack> {
  const env = realEnvironment(inherited, workspace);
  const obstacle = await findObstacle(name, readSettings(workspace, name), env, stacksWithSettings(workspace));
  if (obstacle) throw new Error(obstacle);
  return { name, env };
}

/** The outputs of a stack, with its secrets. Creates nothing: a stack that does not exist is an error. */
export async function readOutputs(
  workspace: Workspace,
  name: string,
  inherited: Environment,
): Promise<Record<string, unknown>> {
  const env = name === LOCAL ? localEnvironment(inherited, workspace) : realEnvironment(inherited, workspace);
  const obstacle =
    name === LOCAL
      ? findLocalObstacle(workspace)
      : findPassphraseObstacle(name, readSettings(workspace, name) ?? "", env);
  if (obstacle) throw new Error(obstacle);
  const outputs = await queryCli(["stack", "output", "--stack", name, "--show-secrets", "--json"], env).catch(
    (error: Error) => {
      if (!/no stack named/.test(error.message)) throw error;
      throw noSuchStack(name);
    },
  );
  return JSON.parse(outputs) as Record<string, unknown>;
}

/** Instead of the engine's sentence, which names another command. */
export const noSuchStack = (name: string): Error =>
  new Error(`There is no stack ${name}: make it with \`${startCommand(name)}\`.`);
