import { connect } from "../../provider/cloud";
import type { Cloud } from "../../provider/cloud";
import { readProviderSettings } from "../../provider/settings";
import type { Settings } from "../../provider/settings";
import type { Environment } from "./environment";
import { localEnvironment, missingSettings, realEnvironment } from "./environment";
import { findEmulator } from "./localCloud";
import { providerConfig } from "./stackFile";
import { LOCAL, readSettings, stacksWithSettings, type Workspace } from "./workspace";
import { realWorld } from "./world";

/**
 * The cloud for a command that needs no engine: signed in by the environment, or as a stack does.
 *
 * @throws a sentence where the stack has no settings, the local cloud does not run, or a setting is wrong
 */
export async function openCloud(
  workspace: Workspace,
  stack: string | undefined,
  inherited: Environment,
): Promise<{ cloud: Cloud; settings: Settings; env: Environment }> {
  const { config, env } = await placeOf(workspace, stack, inherited);
  const { settings, failures } = readProviderSettings(config, env);
  const [failure] = failures;
  if (failure) throw new Error(`${failure.property} ${failure.reason}.`);
  return { settings, env, cloud: connect(settings, realWorld(env)) };
}

async function placeOf(workspace: Workspace, stack: string | undefined, inherited: Environment) {
  if (stack === undefined) return { config: {}, env: inherited };
  if (stack === LOCAL) {
    const connection = await findEmulator(workspace);
    if (!connection) throw new Error("The local cloud does not run. Start it: npm start");
    return { config: {}, env: localEnvironment(inherited, workspace, connection) };
  }
  const settings = readSettings(workspace, stack);
  if (settings === undefined) throw new Error(missingSettings(stack, stacksWithSettings(workspace)));
  return { config: providerConfig(settings), env: realEnvironment(inherited, workspace) };
}
