import { exportPrefix } from "../stacks/exports";
import { runCli } from "./stack/cli";
import { openCloud } from "./stack/cloudOf";
import { command, STACK, YES } from "./stack/command";
import { prepareStack, readOutputs } from "./stack/stack";
import { openWorkspace } from "./stack/workspace";

const ABOUT =
  "Ends the current key of an application at once, makes a new one, and shows that the old one is refused. The application is refused until it has the new one.";

const OPTIONS = {
  stack: STACK,
  app: { type: "string", short: "a", value: "name", about: "The application whose key has leaked. Required." },
  yes: YES,
} as const;

/** Caches of the cloud may take a deleted key for a while. */
const PROOFS = 30;
const PAUSE_MS = 2_000;

/** `npm run revoke` */
export const main = command("revoke", ABOUT, OPTIONS, async ({ stack: name, app, yes }) => {
  if (!app) throw new Error("Name the application: npm run revoke -- --stack <name> --app <name>.");
  const workspace = openWorkspace(process.cwd());
  const outputs = await readOutputs(workspace, name, process.env);
  const output = (ending: string) => outputs[exportPrefix(app) + ending];
  const [apiKeyId, secret, url] = [output("ApiKeyId"), output("ApiKey"), output("BaseUrl")];
  if (typeof apiKeyId !== "string" || typeof secret !== "string" || typeof url !== "string")
    throw new Error(
      `Stack ${name} has no key of an application ${app}: npm run pulumi -- stack output --stack ${name}`,
    );
  if (!yes) throw new Error(`Nothing was done: add --yes to delete key ${apiKeyId} of ${app} now.`);

  const { cloud } = await openCloud(workspace, name, process.env);
  try {
    await cloud.done(cloud.iam.apiKeys.delete({ apiKeyId })).catch((error: { code?: unknown }) => {
      if (error.code !== "NOT_FOUND") throw error;
    });
    console.log(`Key ${apiKeyId} is deleted.`);
    const { env } = await prepareStack(workspace, name, process.env);
    const code = await runCli(["up", "--stack", name, "--refresh", "--yes", "--skip-preview"], env);
    const headers = { authorization: `Bearer ${secret}` };
    for (let at = 0; at < PROOFS; at++) {
      const { status } = await cloud.fetch(`${url}/models`, { method: "GET", headers, body: "" });
      if (status === 401) {
        console.log(`AI Studio refuses the old key (401). Next: npm run env -- --stack ${name} --app ${app}`);
        return code;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    console.log(`AI Studio still takes the old key ${apiKeyId}, which is deleted: run this again.`);
    return code || 1;
  } finally {
    cloud.close();
  }
});
