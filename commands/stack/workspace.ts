import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The stack whose cloud is the emulator. */
export const LOCAL = "local";

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
}

/** The working folder of the clone at `root`, made if it is not there, and readable by nobody else. */
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
  };
}

/** Makes the passphrase of the local stack once. Without the one it was made with, a state cannot be read. */
export function ensurePassphrase({ passphrase, state }: Workspace): void {
  if (existsSync(passphrase)) {
    if (readFileSync(passphrase, "utf8").trim() !== "") return;
    throw new Error(".work/passphrase is empty: put the passphrase back, or remove .work to begin anew.");
  }
  if (holdsLocalStack(state)) {
    throw new Error(
      ".work/passphrase is gone, and without it the state in .work/state cannot be read: put it back, or remove .work to begin anew.",
    );
  }
  writeFileSync(passphrase, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
}

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

/**
 * The settings of stack local. They are a copy that git ignores, because the engine writes into them what belongs to
 * this clone's passphrase.
 */
export function ensureLocalSettings({ root }: Workspace): void {
  const settings = join(root, "stacks", "Pulumi.local.yaml");
  if (existsSync(settings)) return;
  copyFileSync(join(root, "stacks", "Pulumi.local.example.yaml"), settings);
  chmodSync(settings, 0o644);
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
