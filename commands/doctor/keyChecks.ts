import type { Cloud } from "../../provider/cloud";
import { pages } from "../../provider/cloud/pages";
import type { Deployment } from "./engineChecks";
import { startCommand } from "../stack/workspace";
import type { Finding } from "./finding";
import { ok, problem, warning } from "./finding";

const DAY = 24 * 60 * 60 * 1000;

/** Time enough to run an update before an application is refused. */
const SOON_MS = 14 * DAY;

/** A key that was not used for so long is probably not needed. */
const UNUSED_MS = 30 * DAY;

/** What is looked at of an API key. */
export interface Key {
  id: string;
  createdAt?: Date | undefined;
  expiresAt?: Date | undefined;
  lastUsedAt?: Date | undefined;
}

/** Looks at all API keys of the service accounts that a stack has to do with. */
export async function checkKeys(
  { resources = [] }: Deployment,
  cloud: Cloud,
  stack: string,
  now: number,
): Promise<Finding[]> {
  const ofType = (name: string) => resources.filter(({ type }) => type.endsWith(`:${name}`));
  const held = ofType("IamServiceAccountApiKey");
  const accounts = new Set([
    ...ofType("IamServiceAccount").map(({ id }) => id),
    ...held.map(({ outputs }) => outputs?.serviceAccountId),
  ]);
  const ids = new Set(held.map(({ id }) => id));
  const found = await Promise.all(
    Array.from(accounts)
      .filter((id): id is string => typeof id === "string" && id !== "")
      .map((account) => checkAccount(account, ids, cloud, stack, now)),
  );
  const findings = found.flat();
  if (findings.length > 0) return findings;
  return [
    ok(ids.size === 0 ? "The stack has no API keys." : `API keys: ${ids.size}, all in the state, none expires soon.`),
  ];
}

async function checkAccount(
  serviceAccountId: string,
  held: Set<string | undefined>,
  cloud: Cloud,
  stack: string,
  now: number,
): Promise<Finding[]> {
  try {
    const keys = await pages(async (pageToken) => {
      const answer = await cloud.iam.apiKeys.list({ serviceAccountId, pageSize: 1000, pageToken });
      return { items: answer.apiKeys, nextPageToken: answer.nextPageToken };
    });
    return keys.flatMap((key) => judge(key, held.has(key.id), stack, now));
  } catch (error) {
    const next = `If the account no longer exists: npm run pulumi -- refresh --stack ${stack} --yes`;
    return [warning(`The keys of ${serviceAccountId} cannot be listed: ${(error as Error).message}`, next)];
  }
}

/** What is to be said of one key; nothing if it is as it should be. */
export function judge(key: Key, isHeld: boolean, stack: string, now: number): Finding[] {
  const left = key.expiresAt && key.expiresAt.getTime() - now;
  const unused = now - (key.lastUsedAt ?? key.createdAt ?? new Date(now)).getTime();
  const remove = `If no application uses it: yc iam api-key delete ${key.id}`;
  const renew = `Where the key rotates, this creates the next one; else move apiKey.expiresAt first: ${startCommand(stack)}`;
  const findings: Finding[] = [];
  if (!isHeld)
    findings.push(
      warning(
        `API key ${key.id} is not in the state: another program, a person, or a run of this stack whose state is lost made it.`,
        remove,
      ),
    );
  if (left !== undefined && left <= 0) {
    findings.push((isHeld ? problem : warning)(`API key ${key.id} has expired.`, isHeld ? renew : remove));
  } else if (left !== undefined && left <= SOON_MS) {
    findings.push(warning(`API key ${key.id} expires in ${Math.ceil(left / DAY)} days.`, isHeld ? renew : remove));
  }
  if (unused > UNUSED_MS) {
    const next = isHeld
      ? `If no application needs it, remove the application from the settings, then: ${startCommand(stack)}`
      : remove;
    findings.push(warning(`API key ${key.id} has not been used for ${Math.floor(unused / DAY)} days.`, next));
  }
  return findings;
}
