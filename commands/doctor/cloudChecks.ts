import { connect } from "../../provider/cloud";
import type { Cloud, World } from "../../provider/cloud";
import { pages } from "../../provider/cloud/pages";
import { readProviderSettings } from "../../provider/settings";
import type { Settings } from "../../provider/settings";
import { parseServiceAccountKey } from "../../provider/settings/serviceAccountKey";
import { readKey } from "../../provider/signIn";
import type { Deployment } from "./engineChecks";
import type { Environment } from "../stack/environment";
import { LOCAL } from "../stack/workspace";
import { realWorld } from "../stack/world";
import type { Finding } from "./finding";
import { ok, problem, warning } from "./finding";
import { checkKeys } from "./keyChecks";

/** Any of a list is enough. */
const NEEDED: [what: string, roles: string[]][] = [
  ["make service accounts", ["iam.serviceAccounts.admin", "iam.admin", "editor", "admin"]],
  ["issue API keys", ["iam.serviceAccounts.apiKeyAdmin", "iam.serviceAccounts.admin", "iam.admin", "editor", "admin"]],
  ["grant roles on the folder", ["resource-manager.admin", "admin"]],
];

/** Asks the cloud, as the provider of the stack would, and only for what it shows: nothing is changed. */
export async function checkCloud(
  config: Record<string, unknown>,
  env: Environment,
  deployment: Deployment | undefined,
  stack: string,
): Promise<Finding[]> {
  const { settings, failures } = readProviderSettings(config, env);
  if (failures.length > 0) {
    return failures.map(({ property, reason }) => problem(`yandex:${property} ${reason}.`, "Correct the setting."));
  }
  const folderId = settings.folderId;
  if (!folderId) return [problem("No folder is named.", "Write yandex:folderId into the stack's settings.")];

  const world = realWorld(env);
  const cloud = connect({ ...settings, maxRetries: Math.min(settings.maxRetries, 1) }, world);
  try {
    const source = settings.signIn.source;
    try {
      const { name } = await cloud.resourceManager.folders.get({ folderId });
      const caller = await findCaller(settings, cloud, world);
      return [
        ok(`Signed in with ${source}${caller ? ` as service account ${caller.name}` : ""}.`),
        ok(`Folder ${name} (${folderId}) exists.`),
        ...(stack === LOCAL ? [] : await checkRights(folderId, caller?.id, cloud)),
        ...(deployment ? await checkKeys(deployment, cloud, stack, world.now()) : []),
      ];
    } catch (error) {
      const reason = (error as Error).message;
      if (isUnreachable(error))
        return [
          problem(
            `The cloud cannot be reached: ${reason}`,
            `Check the network, a proxy, and the endpoint ${settings.endpoint}.`,
          ),
        ];
      return [problem(`The cloud does not show the folder: ${reason}`, `Check ${source} and folder ${folderId}.`)];
    }
  } finally {
    cloud.close();
  }
}

/** Neither the sign-in nor the folder is to blame then. */
const isUnreachable = (error: unknown): boolean => /cannot be reached|did not return the addresses/.test(String(error));

/** Who signs in, where the credential says it: a token does not. */
async function findCaller(
  { signIn }: Settings,
  cloud: Cloud,
  world: World,
): Promise<{ id: string; name: string } | undefined> {
  const id = await accountOf(signIn, world);
  if (!id) return undefined;
  const named = await cloud.iam.serviceAccounts.get({ serviceAccountId: id }).catch(() => undefined);
  return { id, name: named ? `${named.name} (${id})` : id };
}

async function accountOf(signIn: Settings["signIn"], world: World): Promise<string | undefined> {
  if (signIn.kind === "workloadIdentity") return signIn.serviceAccountId;
  // A token does not say whose it is, but a CI job names the account that it has signed in as.
  if (signIn.kind !== "serviceAccountKey") return world.env.YC_SERVICE_ACCOUNT_ID;
  const parsed = parseServiceAccountKey(await readKey(signIn.key, world));
  return "key" in parsed ? parsed.key.serviceAccountId : undefined;
}

/** Roles can also come through a group or from above, so a role that is not seen may be there all the same. */
async function checkRights(folderId: string, callerId: string | undefined, cloud: Cloud): Promise<Finding[]> {
  const next = "It takes iam.serviceAccounts.admin and resource-manager.admin, or admin, on the folder.";
  if (!callerId) return [warning("An IAM token does not reveal its subject, so its roles cannot be looked up.", next)];
  try {
    const bindings = await pages(async (pageToken) => {
      const request = { resourceId: folderId, pageSize: 1000, pageToken };
      const answer = await cloud.resourceManager.folders.listAccessBindings(request);
      return { items: answer.accessBindings, nextPageToken: answer.nextPageToken };
    });
    const held = bindings.filter(({ subject }) => subject?.id === callerId).map(({ roleId }) => roleId);
    return NEEDED.map(([what, roles]) => {
      const role = held.find((each) => roles.includes(each));
      if (role) return ok(`May ${what} (${role}).`);
      const grant = `yc resource-manager folder add-access-binding ${folderId} --role ${roles[0]} --service-account-id ${callerId}`;
      return warning(
        `No direct role on the folder allows to ${what}; one may be inherited from the cloud.`,
        `If none is: ${grant}`,
      );
    });
  } catch (error) {
    return [warning(`The roles on the folder cannot be listed: ${(error as Error).message}`, next)];
  }
}
