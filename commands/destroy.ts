import { runCli } from "./stack/cli";
import { describeLeftovers, findLeftovers } from "./stack/leftovers";
import { stopEmulator } from "./stack/localCloud";
import { command, STACK, YES } from "./stack/command";
import { openStack } from "./stack/stack";
import { inTurn } from "./stack/turns";
import { LOCAL, openWorkspace, type Workspace } from "./stack/workspace";

const ABOUT =
  "Deletes everything that a stack has made; for stack local shows that nothing is left, and stops its cloud.";

/** `npm run destroy` */
export const main = command("destroy", ABOUT, { stack: STACK, yes: YES }, async ({ stack, yes }) => {
  const workspace = openWorkspace(process.cwd());
  return inTurn(workspace.turn, () => destroy(workspace, stack, yes));
});

async function destroy(workspace: Workspace, name: string, yes: boolean): Promise<number> {
  const stack = await openStack(workspace, name, process.env);
  const consent = name === LOCAL ? ["--yes", "--skip-preview"] : yes ? ["--yes"] : [];
  const code = await runCli(["destroy", "--stack", name, ...consent], stack.env);
  if (code !== 0 || !stack.connection) return code;

  try {
    console.log();
    console.log(describeLeftovers(await findLeftovers(stack.connection)));
  } finally {
    await stopEmulator(stack.connection);
  }
  console.log("The local cloud has stopped. npm start creates everything again.");
  return 0;
}
