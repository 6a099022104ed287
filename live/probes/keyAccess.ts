import { defaultSwitches } from "../../emulator/switches";
import { type Finding, judge, notTried } from "../finding";
import { type Account, type Key, type Lab, NO_KEY } from "../lab";
import type { Probe } from "../probes";
import { ROLE } from "./bindings";

const SCOPES = ["yc.ai.languageModels.execute"];

/** Longer than any delay that the vendor's pages name. */
const PATIENCE_MS = 6 * 60_000;

/** Enough that every second or third server is met. */
const QUESTIONS = 12;

export const keyAccess: Probe = {
  about:
    "Measures how long it takes until a role, a new key and a deleted key take effect. Asks for a model that does not exist.",
  creates: "1 account, 1 grant, 3 API keys",
  needs: "resource-manager.admin",
  async run(lab) {
    const account = await lab.account("access");
    const first = await lab.key(account, { scopes: SCOPES });
    const refusals = await refusalsOf(lab, account, first);
    const role = await roleDelay(lab, account, first);
    const servers = await staleServers(lab, account, first);
    const { body: used } = await lab.ask({ service: "iam", method: "GET", path: `/iam/v1/apiKeys/${first.id}` });
    return {
      "key-refusals": refusals,
      "role-delay": role,
      "role-servers": servers,
      "key-last-used": judge(
        typeof used.lastUsedAt === "string",
        used.lastUsedAt ? "The key has a time of last use." : "The key has no time of last use within this run.",
      ),
      "key-delay": await keyDelay(lab, account),
    };
  },
};

/** Each for a model that does not exist, which a service that looks at the content first would name. */
async function refusalsOf(lab: Lab, account: Account, withoutRole: Key): Promise<Finding> {
  await untilKnown(lab, withoutRole);
  const otherScope = await lab.key(account, { scopes: ["yc.ai.translate.execute"] });
  const keys = [{ id: "", secret: NO_KEY }, otherScope, withoutRole];
  const statuses: number[] = [];
  for (const key of keys) statuses.push((await lab.reaches(key)).status);
  return judge(
    statuses.join() === "401,401,403",
    `No such key: ${statuses[0]}, another scope: ${statuses[1]}, no role: ${statuses[2]}.`,
  );
}

/** Before a role is granted, the cloud knows the key as soon as it no longer answers 401. */
async function untilKnown(lab: Lab, key: Key): Promise<void> {
  for (let tries = 0; tries < 8 && (await lab.reaches(key)).status === 401; tries++) await lab.sleep(250 * 2 ** tries);
}

/** Ms until the key is accepted or refused as wanted, 0 if it is at the first question; undefined when it was not in time. */
async function until(lab: Lab, key: Key, accepted: boolean): Promise<number | undefined> {
  const began = lab.now();
  let ms = 0;
  for (let tries = 0; (await lab.reaches(key)).accepted !== accepted; tries++) {
    if (ms > PATIENCE_MS) return undefined;
    await lab.sleep(Math.min(100 * 2 ** tries, 2000));
    ms = lab.now() - began;
  }
  return ms;
}

/** The key is known by then, so that the role alone is waited for. */
async function roleDelay(lab: Lab, account: Account, key: Key): Promise<Finding> {
  await lab.grant(account, ROLE);
  const ms = await until(lab, key, true);
  if (ms === undefined) return notTried(`The key was refused for ${PATIENCE_MS / 60_000} minutes after the grant.`);
  return delay("role", ms, "roleDelayMs");
}

/** Removing and granting again makes servers differ; then each answer of a row is looked at. */
async function staleServers(lab: Lab, account: Account, key: Key): Promise<Finding> {
  await lab.revoke(account, ROLE);
  await until(lab, key, false);
  await lab.grant(account, ROLE);
  const ms = await until(lab, key, true);
  if (ms === undefined) return notTried("The key was not accepted again after the role was granted again.");
  let stale = 0;
  for (let asked = 0; asked < QUESTIONS; asked++) if (!(await lab.reaches(key)).accepted) stale++;
  return judge(
    stale > 0 === (defaultSwitches.staleNodes !== undefined),
    `Of ${QUESTIONS} calls after the first accepted one, ${stale} were refused.`,
    { staleNodes: { everyNth: Math.max(2, Math.round(QUESTIONS / Math.max(1, stale))), lagMs: 5000 } },
  );
}

async function keyDelay(lab: Lab, account: Account): Promise<Finding> {
  const key = await lab.key(account, { scopes: SCOPES });
  const accepted = await until(lab, key, true);
  await lab.removeKey(key.id);
  const refused = await until(lab, key, false);
  if (accepted === undefined || refused === undefined)
    return notTried(
      `The key was not ${accepted === undefined ? "accepted" : "refused"} within ${PATIENCE_MS / 60_000} minutes.`,
    );
  return delay("key", Math.max(accepted, refused), "keyDelayMs");
}

const delay = (what: string, ms: number, name: "roleDelayMs" | "keyDelayMs"): Finding => {
  const observed = ms > 0 ? `The ${what} took effect ${ms} ms later.` : `The ${what} took effect at once.`;
  return judge(ms > 0 === defaultSwitches[name] > 0, observed, { [name]: ms });
};
