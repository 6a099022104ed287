import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeFolder, type Readers } from "./fileModes";
import { isPassphraseOf } from "./passphrase";

/** The stack whose cloud is the emulator. */
export const LOCAL = "local";

/** The command that creates or updates a stack. */
export const startCommand = (stack: string): string => `npm start${stack === LOCAL ? "" : ` -- --stack ${stack}`}`;

/** The stack's own name, without organization and project, as its file has it. */
export const shortName = (stack: string): string => stack.split("/").at(-1) ?? stack;

/** Where the settings of a stack are. */
export const settingsFile = (stack: string): string => `stacks/Pulumi.${shortName(stack)}.yaml`;

/** Where a clone keeps what it makes: the local cloud, the engine's state, home and passphrase. */
export interface Workspace {
  root: string;
  emulatorState: string;
  emulatorLog: string;
  /** Which build of the emulator was started last. */
  emulatorVersion: string;
  connection: string;
  state: string;
  home: string;
  passphrase: string;
  /** Held by the one command that creates or deletes. */
  turn: string;
  /** Of `npm run live`: what its runs have begun. */
  live: string;
  /** Who can read all this. */
  readers: Readers;
}

/** The working folder of the clone at `root`, created if it does not exist, and closed to other users. */
export function openWorkspace(root: string): Workspace {
  const work = join(root, ".work");
  const emulator = join(work, "emulator");
  const state = join(work, "state");
  const home = join(work, "pulumi-home");
  for (const folder of [work, emulator, state, home]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    root,
    emulatorState: join(emulator, "state.json"),
    emulatorLog: join(emulator, "emulator.log"),
    emulatorVersion: join(emulator, "version"),
    connection: join(emulator, "connection.json"),
    state,
    home,
    passphrase: join(work, "passphrase"),
    turn: join(work, "turn"),
    live: join(work, "live"),
    readers: closeFolder(work, process.platform),
  };
}

/**
 * Makes the passphrase and the settings of the local stack, once. The settings are a copy that git ignores, because the
 * engine writes into them what belongs to this clone's passphrase.
 *
 * @throws a sentence if the passphrase of a state that exists is lost
 */
export function ensureLocal(workspace: Workspace): void {
  const obstacle = findLocalObstacle(workspace);
  if (obstacle) throw new Error(obstacle);
  const { root, passphrase } = workspace;
  const settings = join(root, settingsFile(LOCAL));
  if (!existsSync(settings)) {
    copyFileSync(join(root, "stacks", "Pulumi.local.example.yaml"), settings);
    chmodSync(settings, 0o644);
  }
  if (existsSync(passphrase)) return;
  // The salt belongs to a passphrase that no longer exists, and so to no state either.
  const text = readFileSync(settings, "utf8");
  if (SALT.test(text)) writeFileSync(settings, text.replace(SALT, ""));
  writeFileSync(passphrase, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
}

const SALT = /^encryptionsalt: *(.*)\n?/m;

/** Why the local stack cannot be opened, as one sentence with the way out; undefined if it can. */
export function findLocalObstacle({ root, passphrase, state }: Workspace): string | undefined {
  const file = settingsFile(LOCAL);
  const text = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "";
  if (existsSync(passphrase)) {
    const word = readFileSync(passphrase, "utf8");
    if (word.trim() === "") return `.work/passphrase is empty: ${START_ANEW}.`;
    const [, salt = ""] = SALT.exec(text) ?? [];
    return isPassphraseOf(salt.trim(), word, `${passphrase}.known`)
      ? undefined
      : `.work/passphrase is not the passphrase of stack local: ${START_ANEW}.`;
  }
  if (holdsLocalStack(state)) {
    return `.work/passphrase no longer exists, and the state in .work/state cannot be read without it: ${START_ANEW}.`;
  }
  if (!/^\s+(?:- )?secure:/m.test(text)) return undefined;
  return `${file} has values that were encrypted with a passphrase that no longer exists (\`secure:\`): remove these values, run this again, and set them with npm run pulumi -- config set --secret.`;
}

/** Works literally: the next `npm start` makes a new passphrase and stops the emulator of the removed folder. */
const START_ANEW =
  "put the passphrase back, or remove the folder .work and run npm start, which makes a new local stack";

/** Other stacks may be there before it, with passphrases of their own. */
function holdsLocalStack(state: string): boolean {
  const stacks = join(state, ".pulumi", "stacks");
  return (
    existsSync(stacks) &&
    readdirSync(stacks, { recursive: true, encoding: "utf8" }).some((path) =>
      /(^|[\\/])local\.json(\.\w+)?$/.test(path),
    )
  );
}

/** The text of a stack's settings; undefined if it has none. */
export function readSettings({ root }: Workspace, stack: string): string | undefined {
  const file = join(root, settingsFile(stack));
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The project's name, as Pulumi.yaml has it. */
export const readProject = ({ root }: Workspace): string | undefined =>
  /^name:\s*(\S+)/m.exec(readFileSync(join(root, "Pulumi.yaml"), "utf8"))?.[1];

/** The stacks that have settings, without the examples. */
export const stacksWithSettings = ({ root }: Workspace): string[] =>
  readdirSync(join(root, "stacks"))
    .flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
