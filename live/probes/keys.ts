import { defaultSwitches } from "../../emulator/switches";
import { type Finding, judge } from "../finding";
import type { Account, Lab } from "../lab";
import type { Probe } from "../probes";

const SCOPES = ["yc.ai.languageModels.execute"];

export const keys: Probe = {
  about: "Creates keys with a long description, a past expiry and one idempotency key, and updates one.",
  creates: "1 account, up to 4 API keys",
  async run(lab) {
    const account = await lab.account("keys");
    const description = "live ".repeat(51) + "."; // 256 characters
    const key = await lab.key(account, { scopes: SCOPES, description });
    const list = `/iam/v1/apiKeys?serviceAccountId=${account.id}`;
    const { apiKeys = [] } = await lab.get({ service: "iam", method: "GET", path: list });
    const isListed = (apiKeys as { id: string }[]).some(({ id }) => id === key.id);
    const path = `/iam/v1/apiKeys/${key.id}`;
    const read = await lab.get({ service: "iam", method: "GET", path });
    const wider = [...SCOPES, "yc.ai.imageGeneration.execute"];
    const body = { updateMask: "scopes,description", scopes: wider, description: "live" };
    await lab.change({ service: "iam", method: "PATCH", path, body });
    const updated = await lab.get({ service: "iam", method: "GET", path });
    return {
      "key-listed": judge(isListed, `The new key is ${isListed ? "listed" : "not listed yet"}.`),
      "key-secret-once": judge(
        !JSON.stringify([read, updated]).includes(key.secret) && read.secret === undefined,
        "Later answers do not have the secret.",
      ),
      "key-description": judge(
        read.description === description,
        `Of 256 characters ${String(read.description ?? "").length} came back.`,
      ),
      "key-update": judge(
        updated.scopes?.length === 2 && updated.description === "live",
        `After the update the key has ${updated.scopes?.length ?? 0} scopes.`,
      ),
      "key-past-expiry": await pastExpiry(lab, account),
      "key-create-repeat": await repeated(lab, account),
    };
  },
};

async function pastExpiry(lab: Lab, account: Account): Promise<Finding> {
  const expiresAt = new Date(lab.now() - 3_600_000).toISOString();
  const answer = await lab.ask(lab.keyRequest(account, { scopes: SCOPES, expiresAt }));
  const refused = answer.status !== 200;
  if (!refused) await lab.removeKey(answer.body.apiKey.id);
  return judge(
    refused === defaultSwitches.refusePastExpiry,
    `A key that expired an hour ago was ${refused ? `refused with ${answer.status}` : "created"}.`,
    { refusePastExpiry: refused },
  );
}

async function repeated(lab: Lab, account: Account): Promise<Finding> {
  const request = { ...lab.keyRequest(account, { scopes: SCOPES }), headers: { "idempotency-key": lab.uuid() } };
  const first = await lab.get(request);
  const second = await lab.ask(request);
  const makesTwo = second.status === 200 && second.body.apiKey.id !== first.apiKey.id;
  const observed =
    second.status !== 200
      ? `The second request was refused with ${second.status}.`
      : `The second request returned ${makesTwo ? "another key" : "the same key"}.`;
  return judge(makesTwo === !defaultSwitches.keyCreateIdempotent, observed, { keyCreateIdempotent: !makesTwo });
}
