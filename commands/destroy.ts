import { runEngine } from "./stack/cli";
import { describeLeftovers, findLeftovers } from "./stack/leftovers";
import { stopEmulator } from "./stack/localCloud";
import { LOCAL, openStack, readArguments } from "./stack/stack";
import { openWorkspace } from "./stack/workspace";

/** `npm run destroy`: takes away what a stack has made; for stack `local` shows that nothing is left, and stops its cloud. */
export async function main(args: string[]): Promise<number> {
  const { stack: name, yes } = readArguments(args);
  const stack = await openStack(openWorkspace(process.cwd()), name, process.env);
  const consent = name === LOCAL ? ["--yes", "--skip-preview"] : yes ? ["--yes"] : [];
  const code = await runEngine(["destroy", "--stack", name, ...consent], stack.env);
  if (code !== 0 || !stack.connection) return code;

  try {
    console.log();
    console.log(describeLeftovers(await findLeftovers(stack.connection)));
  } finally {
    await stopEmulator(stack.connection);
  }
  console.log("The local cloud has stopped; npm start begins anew.");
  return 0;
}
