import { ask } from "./chat";
import { askEngine, runEngine } from "./engine";
import type { Application } from "./outputs";
import { findApplication } from "./outputs";
import type { Stack } from "./stack";
import { LOCAL, openStack, readArguments } from "./stack";
import { openWorkspace } from "./workspace";

const QUESTION = "Say in one short sentence what you can do.";

/** `npm start`: brings the access that the stack's settings ask for into being, and proves that it works. */
export async function main(args: string[]): Promise<number> {
  const { stack: name, yes } = readArguments(args);
  const stack = await openStack(openWorkspace(process.cwd()), name, process.env);
  if (stack.connection) {
    console.log(`Local cloud: ${stack.connection.url} (process ${stack.connection.pid}, log in .work/emulator)\n`);
  }
  // On a real account a human reads the preview and says yes.
  const consent = name === LOCAL ? ["--yes", "--skip-preview"] : yes ? ["--yes"] : [];
  const code = await runEngine(["up", "--stack", name, ...consent], stack.env);
  if (code !== 0) return code;
  if (await changedNothing(stack)) console.log("No changes: the access is as declared.\n");

  const application = await readApplication(stack);
  const answer = await ask(application, QUESTION);
  console.log(`${application.name} asked ${application.model}: ${QUESTION}`);
  console.log(`The answer: ${answer}\n`);
  console.log(nextCommands(name));
  return 0;
}

async function changedNothing({ name, env }: Stack): Promise<boolean> {
  const history = await askEngine(["stack", "history", "--stack", name, "--json", "--page-size", "1"], env);
  const [latest] = JSON.parse(history) as { resourceChanges?: Record<string, number> }[];
  return Object.keys(latest?.resourceChanges ?? {}).every((change) => change === "same");
}

/** The key goes from the engine straight to the client; it is printed nowhere. */
async function readApplication({ name, env }: Stack): Promise<Application> {
  const outputs = await askEngine(["stack", "output", "--stack", name, "--show-secrets", "--json"], env);
  const application = findApplication(JSON.parse(outputs) as Record<string, unknown>);
  if (!application) throw new Error(`Stack ${name} exports no application: add one to stacks/Pulumi.${name}.yaml.`);
  return application;
}

function nextCommands(name: string): string {
  const stack = name === LOCAL ? "" : ` --stack ${name}`;
  const rows = [
    [`npm run pulumi -- preview --diff${stack}`, `what an edit of stacks/Pulumi.${name}.yaml would change`],
    [`npm start${stack && ` --${stack}`}`, "make it so: wider access, a new key"],
    [`npm run destroy${stack && ` --${stack}`}`, "take everything away again"],
  ];
  const width = Math.max(...rows.map(([command]) => command!.length));
  return ["Next:", ...rows.map(([command, what]) => `  ${command!.padEnd(width)}   ${what}`)].join("\n");
}
