import { capabilityTable } from "../components/capabilities";
import { now } from "../components/clock";
import { connect } from "../provider/cloud";
import { readProviderSettings } from "../provider/settings";
import { redact, render, review } from "../review";
import { besideProgram, type Managed } from "./stack/besideProgram";
import { queryCli } from "./stack/cli";
import { preview } from "./stack/digest";
import { prepareStack } from "./stack/stack";
import { openWorkspace } from "./stack/workspace";
import { realWorld } from "./stack/world";
import { command, STACK } from "./stack/command";

/** What the engine, too, answers where changes are not expected. */
const CHANGES = 7;

const ABOUT = "Asks the cloud whether everything that a stack manages still is as the program says. Changes nothing.";

/** `npm run drift` */
export const main = command("drift", ABOUT, { stack: STACK }, async ({ stack }) => {
  const { digest, code } = await preview(stack, ["--refresh"]);
  const reviewed = review(digest, capabilityTable, now().getTime());
  process.stdout.write(render(reviewed, "text", now().getTime()));
  if (code !== 0 || reviewed.errors.length > 0) return code || 1;
  const beside = await findBeside(stack);
  for (const each of beside) console.log(`  beside the program: ${redact(each)}`);
  if (beside.length === 0)
    console.log("The accounts of this stack have no other roles on their folders and no other API keys.");
  return reviewed.resources.length > 0 || reviewed.drift?.length || beside.length > 0 ? CHANGES : 0;
});

/** A preview with a refresh asks only for what the state has. */
async function findBeside(name: string): Promise<string[]> {
  const workspace = openWorkspace(process.cwd());
  const { env } = await prepareStack(workspace, name, process.env);
  const read = async (...args: string[]) => JSON.parse(await queryCli([...args, "--stack", name], env)) as unknown;
  const config = (await read("config", "--json", "--show-secrets")) as Record<string, { value: unknown }>;
  const { deployment } = (await read("stack", "export")) as { deployment: { resources?: Managed[] } };
  const provider = Object.entries(config).flatMap(([key, { value }]) =>
    key.startsWith("yandex:") ? [[key.slice("yandex:".length), value]] : [],
  );
  const { settings } = readProviderSettings(Object.fromEntries(provider) as Record<string, unknown>, env);
  const cloud = connect(settings, realWorld(env));
  try {
    return await besideProgram(deployment.resources ?? [], cloud);
  } finally {
    cloud.close();
  }
}
