import type { Cloud } from "../provider/cloud";
import { versionsOf } from "../provider/lookups/secrets";
import { deliveredKeyIn } from "../provider/ownership/deliveredKey";
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
  previous: { type: "boolean", about: "End the key before the current one, during the overlap of a rotation." },
  yes: YES,
} as const;

/** Caches of the cloud may take a deleted key for a while. */
const PROOFS = 30;
const PAUSE_MS = 2_000;

/** `npm run revoke` */
export const main = command("revoke", ABOUT, OPTIONS, async ({ stack: name, app, previous, yes }) => {
  if (!app) throw new Error("Name the application: npm run revoke -- --stack <name> --app <name>.");
  const workspace = openWorkspace(process.cwd());
  const outputs = await readOutputs(workspace, name, process.env);
  const output = (ending: string) => {
    const value = outputs[exportPrefix(app) + ending];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const which = previous ? "Previous" : "";
  const [apiKeyId, secretId, url] = [output(`${which}ApiKeyId`), output("SecretId"), output("BaseUrl")];
  if (previous && output("ApiKeyId") && !apiKeyId)
    throw new Error(`Application ${app} of stack ${name} has no previous key now: its overlap is over, or none began.`);
  if (!apiKeyId || !url || !(secretId ?? output(`${which}ApiKey`)))
    throw new Error(
      `Stack ${name} has no key of an application ${app}: npm run pulumi -- stack output --stack ${name}`,
    );
  if (!yes) throw new Error(`Nothing was done: add --yes to delete key ${apiKeyId} of ${app} now.`);

  const { cloud } = await openCloud(workspace, name, process.env);
  try {
    const text = secretId ? await readDelivered(cloud, secretId, apiKeyId) : output(`${which}ApiKey`);
    await cloud.done(cloud.iam.apiKeys.delete({ apiKeyId })).catch((error: { code?: unknown }) => {
      if (error.code !== "NOT_FOUND") throw error;
    });
    console.log(`Key ${apiKeyId} is deleted.`);
    const { env } = await prepareStack(workspace, name, process.env);
    const code = await runCli(["up", "--stack", name, "--refresh", "--yes", "--skip-preview"], env);
    const isRefused = text === undefined ? undefined : await awaitRefusal(cloud, url, text);
    console.log(proofOf(apiKeyId, isRefused));
    if (isRefused === false) return code || 1;
    if (!previous && code === 0)
      console.log(
        secretId
          ? `The new key is the current version of Lockbox secret ${secretId}.`
          : `Next: npm run env -- --stack ${name} --app ${app}`,
      );
    return code;
  } finally {
    cloud.close();
  }
});

const proofOf = (apiKeyId: string, isRefused: boolean | undefined): string =>
  isRefused === undefined
    ? `The text of key ${apiKeyId} cannot be read here, so AI Studio was not asked with it; the cloud has confirmed the deletion.`
    : isRefused
      ? "AI Studio refuses the old key (401)."
      : `AI Studio still takes the old key ${apiKeyId}, which is deleted: run this again.`;

async function awaitRefusal(cloud: Cloud, url: string, key: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${key}` };
  for (let at = 0; at < PROOFS; at++) {
    const { status } = await cloud.fetch(`${url}/models`, { method: "GET", headers, body: "" });
    if (status === 401) return true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return false;
}

/** The text of a delivered key: its version says which entry has it. Undefined for somebody who may not read it. */
async function readDelivered(cloud: Cloud, secretId: string, apiKeyId: string): Promise<string | undefined> {
  try {
    for (const { id: versionId, description } of await versionsOf(secretId, { cloud })) {
      const delivered = deliveredKeyIn(description);
      if (delivered?.keyId !== apiKeyId) continue;
      const { entries } = await cloud.lockbox.payloads.get({ secretId, versionId });
      return entries.find(({ key }) => key === delivered.entry)?.textValue;
    }
    return undefined;
  } catch {
    return undefined;
  }
}
