import { now } from "../components/clock";
import { adoptionOf, importsOf } from "../inventory";
import { grantsOn } from "./inventory/survey";
import { openCloud } from "./stack/cloudOf";
import { command } from "./stack/command";
import { openWorkspace } from "./stack/workspace";

const ABOUT =
  "Prints the settings that take over the account and the roles of a key, and make a new key beside it. Changes nothing.";

const OPTIONS = {
  key: { type: "string", value: "id", about: "The API key, by its ID. Required." },
  stack: { type: "string", short: "s", value: "name", about: "Sign in as this stack does." },
  imports: { type: "boolean", about: "Print the roles as a file for pulumi import --file instead." },
} as const;

/** `npm run adopt` */
export const main = command("adopt", ABOUT, OPTIONS, async ({ key: apiKeyId, stack, imports }) => {
  if (!apiKeyId) throw new Error("Name the key by its ID, which is not a secret: npm run adopt -- --key <id>.");
  // A secret is not repeated.
  if (!/^aje[a-z0-9]{17}$/.test(apiKeyId))
    throw new Error("--key takes the ID of a key, aje and 17 more letters and digits, never its secret.");
  const { cloud } = await openCloud(openWorkspace(process.cwd()), stack, process.env);
  try {
    const { serviceAccountId, description, scopes } = await cloud.iam.apiKeys.get({ apiKeyId });
    const { name, folderId, labels } = await cloud.iam.serviceAccounts.get({ serviceAccountId });
    const grants = await grantsOn(cloud, { kind: "folder", id: folderId });
    const roles = grants.filter(({ subject }) => subject.id === serviceAccountId).map(({ role }) => role);
    const times = { createdAt: undefined, expiresAt: undefined, lastUsedAt: undefined };
    const key = { id: apiKeyId, accountId: serviceAccountId, description, scopes, ...times };
    const account = { id: serviceAccountId, folderId, name, labels };
    process.stdout.write(
      imports
        ? importsOf(key, account, roles)
        : adoptionOf(key, account, roles, now().toISOString().slice(0, 10), stack),
    );
    return 0;
  } finally {
    cloud.close();
  }
});
