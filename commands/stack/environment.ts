import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Connection } from "./connection";
import { nearest } from "../../components/suggestions";
import { askMetadata } from "../../provider/signIn/metadata";
import { readProviderSettings } from "../../provider/settings";
import { providerConfig } from "./stackFile";
import { settingsFile, shortName, type Workspace } from "./workspace";
import { realWorld } from "./world";

export type Environment = Record<string, string | undefined>;

/**
 * What makes the engine quick here. The type check of a program at every run costs more than all the rest, and
 * `npm run check` does it anyway; and four operations per core, the engine's default, keep a machine waiting that
 * does nothing but wait for a cloud.
 */
const quick = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  PULUMI_PARALLEL: "1000",
};

/**
 * The engine's library keeps a stack trace with each of its many promises. Four calls of it tell a mistake as well as
 * ten, and with a hundred applications save a quarter of a preview. What the user has set for node has the last word.
 */
const shortTraces = ({ NODE_OPTIONS = "" }: Environment) => ({
  NODE_OPTIONS: `--stack-trace-limit=4 ${NODE_OPTIONS}`.trim(),
});

/** Where node keeps what it has compiled, which saves a third of the time that a program takes to start. */
const compileCache = ({ home }: Workspace, { NODE_COMPILE_CACHE }: Environment) => ({
  NODE_COMPILE_CACHE: NODE_COMPILE_CACHE ?? join(home, "compile-cache"),
});

/**
 * The clone's own state. Without `metadata=skip` the CLI keeps a file of check sums beside each file. Nothing reads them, and
 * with a hundred applications they cost a tenth of `up`.
 */
const ownState = ({ state }: Workspace): string => `${pathToFileURL(state).href}?metadata=skip`;

/**
 * The engine writes the whole state after each step, of a preview too, which keeps none; from some dozens of
 * applications on that takes most of the time. What is to be kept is kept as always.
 */
export const forPreview = (env: Environment): Environment => ({ ...env, PULUMI_SKIP_CHECKPOINTS: "true" });

/** How the engine is run for stack `local`: the emulator as its cloud, and nothing of what the user has set for another. */
export function localEnvironment(inherited: Environment, workspace: Workspace, connection?: Connection): Environment {
  const unrelated = Object.keys(inherited).filter((name) => /^YC_|^PULUMI_CONFIG_PASSPHRASE/.test(name));
  return {
    ...inherited,
    ...Object.fromEntries(unrelated.map((name) => [name, undefined])),
    ...quick,
    ...shortTraces(inherited),
    ...compileCache(workspace, inherited),
    PULUMI_HOME: workspace.home,
    PULUMI_BACKEND_URL: ownState(workspace),
    PULUMI_CONFIG_PASSPHRASE_FILE: workspace.passphrase,
    ...(connection && {
      YC_TOKEN: connection.token,
      YC_CLOUD_ID: connection.cloudId,
      YC_FOLDER_ID: connection.folderId,
      YC_ENDPOINT: connection.endpoint,
      YC_AI_ENDPOINT: connection.aiEndpoint,
      YC_PLAINTEXT: "true",
    }),
  };
}

/** How the engine is run for a real account: as the user has set it, with this clone's state and home as defaults. */
export function realEnvironment(inherited: Environment, workspace: Workspace): Environment {
  return {
    ...quick,
    ...compileCache(workspace, inherited),
    PULUMI_HOME: workspace.home,
    PULUMI_BACKEND_URL: ownState(workspace),
    ...inherited,
    ...shortTraces(inherited),
  };
}

/** Whether a stack still has the folder of stacks/Pulumi.dev.example.yaml. */
export const hasExampleFolder = (settings: string): boolean => /^\s*yandex:folderId:\s*["']?b1g0{17}\b/m.test(settings);

/** The stacks that have settings are named, because a stack without is mostly a slip of the pen. */
export function missingSettings(stack: string, others: readonly string[]): string {
  const there = others.length === 0 ? "" : ` The stacks that have settings are ${others.join(", ")}.`;
  const meant = nearest(shortName(stack), [...others]);
  const next =
    "to make a new stack, copy stacks/Pulumi.dev.example.yaml to it, put your folder in, then run this again.";
  return `${settingsFile(stack)} does not exist${meant === undefined ? `: ${next}${there}` : `; did you mean stack ${meant}? Or ${next}`}`;
}

/**
 * Why the engine cannot be run for a real account, as one sentence, or undefined if nothing is missing.
 *
 * @param settings the text of the stack's file, undefined if it has no file
 * @param others the stacks that have such a file
 */
export async function findObstacle(
  stack: string,
  settings: string | undefined,
  environment: Environment,
  others: readonly string[] = [],
): Promise<string | undefined> {
  const file = settingsFile(stack);
  if (settings === undefined) return missingSettings(stack, others);
  if (hasExampleFolder(settings)) {
    return `${file} still has the folder of the example: put the ID of your own there (yc resource-manager folder list).`;
  }
  const names = new RegExp(`^\\s*(?:[\\w-]+:)?folderId\\s*:\\s*["']?[^\\s"'#]`, "m").test(settings);
  if (!environment.YC_FOLDER_ID?.trim() && !names) {
    return `No folder is named for stack ${stack}: write folderId into ${file}, or set YC_FOLDER_ID.`;
  }
  return (await findSignInObstacle(settings, environment)) ?? findPassphraseObstacle(stack, settings, environment);
}

/** The provider decides how to sign in, so that its way is every command's way. Only the machine's metadata is asked here. */
async function findSignInObstacle(settings: string, environment: Environment): Promise<string | undefined> {
  const { signIn } = readProviderSettings(providerConfig(settings), environment).settings;
  if (signIn.kind !== "metadata") return undefined;
  try {
    await askMetadata(signIn.address, realWorld(environment));
    return undefined;
  } catch {
    return (
      'No credentials for Yandex Cloud: set YC_SERVICE_ACCOUNT_KEY_FILE, or YC_TOKEN="$(yc iam create-token)". ' +
      `The instance metadata at ${signIn.address} gives no token either.`
    );
  }
}

/**
 * Why the secrets of a stack would not be protected, as one sentence, or undefined. An empty passphrase is what an
 * unset CI secret turns into; the engine would take it.
 */
export function findPassphraseObstacle(stack: string, settings: string, environment: Environment): string | undefined {
  if (/^https?:/.test(environment.PULUMI_BACKEND_URL ?? "") || /^secretsprovider:\s*(?!passphrase)\S/m.test(settings)) {
    return undefined;
  }
  const { PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (passphrase !== undefined && passphrase.trim() === "") {
    return `PULUMI_CONFIG_PASSPHRASE is empty, which would leave the secrets of stack ${stack} open: set it to the stack's passphrase.`;
  }
  if (passphrase === undefined && !file) {
    return `No passphrase for stack ${stack}: set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE.`;
  }
  return undefined;
}
