import { ask } from "./stack/chat";
import { INTERRUPTED, queryCli, runCli } from "./stack/cli";
import { applicationsIn } from "./stack/envFile";
import { findTalker, newestFirst } from "./stack/outputs";
import { applicationsOf } from "./stack/stackFile";
import type { Stack } from "./stack/stack";
import { CLOSE_IT, OPEN_FOLDER } from "./stack/fileModes";
import { command, STACK, YES } from "./stack/command";
import { openStack } from "./stack/stack";
import { inTurn } from "./stack/turns";
import { LOCAL, openWorkspace, readSettings, settingsFile, startCommand, type Workspace } from "./stack/workspace";

const QUESTION = "Say in one short sentence what you can do.";

const ABOUT = "Creates or updates the access that the settings of a stack declare, and proves that it works.";

/** `npm start` */
export const main = command("start", ABOUT, { stack: STACK, yes: YES }, async ({ stack, yes }) => {
  const workspace = openWorkspace(process.cwd());
  if (workspace.readers === "others") console.error(`CAUTION: ${OPEN_FOLDER} ${CLOSE_IT}\n`);
  return inTurn(workspace.turn, () => start(workspace, stack, yes));
});

async function start(workspace: Workspace, name: string, yes: boolean): Promise<number> {
  const stack = await openStack(workspace, name, process.env);
  if (stack.connection) {
    console.log(
      `Local cloud: ${stack.connection.url} (open it in a browser; process ${stack.connection.pid}, log in .work/emulator)\n`,
    );
  }
  // On a real account a human reads the preview and says yes.
  const consent = name === LOCAL ? ["--yes", "--skip-preview"] : yes ? ["--yes"] : [];
  const code = await runCli(["up", "--stack", name, ...consent], stack.env);
  if (code !== 0) {
    // In a terminal the engine takes Ctrl+C for itself, and ends as after any error.
    console.error(
      `\n${code === INTERRUPTED ? "Interrupted" : "Not finished"}. Nothing is lost: ${startCommand(name)} continues from here.`,
    );
    return code;
  }
  if (await changedNothing(stack)) console.log("No changes: the access is as declared.\n");

  const outputs = newestFirst(await readOutputs(stack), applicationsOf(readSettings(workspace, name) ?? ""));
  const [first] = applicationsIn(outputs);
  if (first === undefined) {
    throw new Error(`Stack ${name} exports no application: add one to ${settingsFile(name)}.`);
  }
  const talker = findTalker(outputs);
  if (talker) {
    const answer = await ask(talker, QUESTION, name);
    console.log(`${talker.name} asked ${talker.model}: ${QUESTION}\nThe answer: ${answer}\n`);
  } else {
    console.log(`No application of stack ${name} generates text, so none was asked a question.\n`);
  }
  console.log(nextCommands(name, first));
  return 0;
}

async function changedNothing({ name, env }: Stack): Promise<boolean> {
  const history = await queryCli(["stack", "history", "--stack", name, "--json", "--page-size", "1"], env);
  const [latest] = JSON.parse(history) as { resourceChanges?: Record<string, number> }[];
  return Object.keys(latest?.resourceChanges ?? {}).every((change) => change === "same");
}

/** The key goes from the engine straight to the client; it is printed nowhere. */
async function readOutputs({ name, env }: Stack): Promise<Record<string, unknown>> {
  const outputs = await queryCli(["stack", "output", "--stack", name, "--show-secrets", "--json"], env);
  return JSON.parse(outputs) as Record<string, unknown>;
}

function nextCommands(name: string, application: string): string {
  const stack = name === LOCAL ? "" : ` --stack ${name}`;
  const rows = [
    [`npm run env --${stack} --app ${application}`, "its key and addresses into .env, for a program of yours"],
    [`npm run pulumi -- preview --diff${stack}`, `what an edit of ${settingsFile(name)} would change`],
    [startCommand(name), "make it so: wider access, a new key"],
    [`npm run destroy${stack && ` --${stack}`}`, "take everything away again"],
  ];
  const width = Math.max(...rows.map(([command]) => command!.length));
  return ["Next:", ...rows.map(([command, what]) => `  ${command!.padEnd(width)}   ${what}`)].join("\n");
}
