import { type Capability, capabilityNames, capabilityTable } from "../../components/capabilities";
import { defaultSwitches } from "../../emulator/switches";
import { differs, type Finding, type Findings, holds, judge, notTried } from "../finding";
import { type Lab, NO_KEY, Refused } from "../lab";
import type { Probe } from "../probes";

/** Why a key does not open a capability, or undefined if it does. Costs no tokens. */
export type KeyProbes = (capability: Capability, secretKey: string) => Promise<string | undefined>;

const UMBRELLA = "yc.ai.foundationModels.execute";
const PATIENCE_MS = 60_000;

export const capabilities: Probe = {
  about: "Asks for each capability with a key of its scopes, and with a key of another scope. Costs no tokens.",
  creates: `${capabilityNames.length + 1} accounts with their roles, ${2 * capabilityNames.length + 1} API keys, one after the other`,
  needs: "resource-manager.admin",
  async run(lab, { keyProbes }) {
    const findings: Findings = {};
    for (const name of capabilityNames) {
      findings[`capability-${name}`] = await oneCapability(name, lab, keyProbes).catch((error: unknown) => {
        if (error instanceof Refused) return notTried(error.message);
        throw error;
      });
    }
    return { ...findings, ...(await textModels(lab)) };
  },
};

async function oneCapability(name: Capability, lab: Lab, ask: KeyProbes): Promise<Finding> {
  if ((await ask(name, NO_KEY)) === undefined)
    return notTried("A key that does not exist is not refused either: the folder has nothing that could be asked.");
  const { roles, scopes } = capabilityTable[name];
  const account = await lab.account(name.toLowerCase());
  await lab.grant(account, ...roles);
  const fitting = await lab.key(account, { scopes });
  const refusal = await untilAccepted(lab, () => ask(name, fitting.secret));
  const other = await lab.key(account, { scopes: [otherScope(scopes)] });
  const otherRefusal = await ask(name, other.secret);
  await lab.revoke(account, ...roles);
  await lab.removeAccount(account.id);
  if (refusal !== undefined) return differs(`A key with these roles and scopes is refused: ${refusal}.`);
  if (otherRefusal === undefined) return differs(`A key with scope ${otherScope(scopes)} is accepted as well.`);
  return holds("The key is accepted, and a key of another scope is refused.");
}

async function untilAccepted(lab: Lab, ask: () => Promise<string | undefined>): Promise<string | undefined> {
  const began = lab.now();
  for (let tries = 0; ; tries++) {
    const refusal = await ask();
    if (refusal === undefined || lab.now() - began > PATIENCE_MS) return refusal;
    await lab.sleep(Math.min(250 * 2 ** tries, 4000));
  }
}

const otherScope = (scopes: readonly string[]): string =>
  ["yc.ai.translate.execute", "yc.ai.vision.execute"].find((scope) => !scopes.includes(scope))!;

/** What a key for text alone is shown and refused. */
async function textModels(lab: Lab): Promise<Findings> {
  const account = await lab.account("text");
  await lab.grant(account, "ai.languageModels.user");
  const key = await lab.key(account, { scopes: ["yc.ai.languageModels.execute", UMBRELLA] });
  await untilAccepted(lab, async () => ((await lab.reaches(key)).accepted ? undefined : "refused"));
  const headers = { "openai-project": lab.folderId };
  const as = { secretKey: key.secret };
  const models = await lab.ask({ service: "openai", method: "GET", path: "/v1/models", headers, as });
  const listed = ((models.body?.data ?? []) as { id: string }[]).map(({ id }) => id);
  const agents = await lab.reaches(key, "/v1/responses");
  return {
    "model-list": judge(
      listed.some((id) => id.startsWith(`gpt://${lab.folderId}/yandexgpt/`)),
      models.status === 200 ? `${listed.length} models are listed.` : `The list was refused with ${models.status}.`,
    ),
    "model-agents-role": judge(
      !agents.accepted === defaultSwitches.responsesNeedAgentRole,
      `Without a role for agents a response was ${agents.accepted ? "accepted" : `refused with ${agents.status}`}.`,
      { responsesNeedAgentRole: !agents.accepted },
    ),
  };
}
