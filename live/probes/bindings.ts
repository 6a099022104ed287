import { defaultSwitches } from "../../emulator/switches";
import { type Finding, judge } from "../finding";
import type { Account, Lab } from "../lab";
import type { Probe } from "../probes";

/** A narrow role that the project grants anyway. */
export const ROLE = "ai.languageModels.user";

const PATIENCE_MS = 60_000;

export const bindings: Probe = {
  about: "Grants a role to an account twice, removes it twice, and deletes an account that has one.",
  creates: "2 accounts, 2 grants",
  needs: "resource-manager.admin",
  async run(lab) {
    const account = await lab.account("bindings");
    const result = await lab.grant(account, ROLE);
    const lag = await listLag(lab, account);
    const repeated = await lab.grant(account, ROLE);
    const once = (await lab.rolesOf(account.id)).filter((role) => role === ROLE).length;
    await lab.revoke(account, ROLE);
    const removedAgain = await lab.revoke(account, ROLE);
    const deltas = [repeated, removedAgain].map(({ effectiveDeltas = [] }) => effectiveDeltas.length as number);
    const type = String(result["@type"] ?? "")
      .split(".")
      .at(-1);
    return {
      "binding-list-lag": lag,
      "binding-no-change": judge(
        once === 1 && deltas.every((count) => count === 0),
        `The repeated calls succeeded, with ${deltas.join(" and ")} effective deltas; the grant was listed ${once} time(s).`,
      ),
      "binding-result-type": judge(
        ["AccessBindingsOperationResult", "Empty"].includes(type ?? ""),
        `The operation returned ${type || "nothing"}.`,
      ),
      "binding-orphans": await orphans(lab),
    };
  },
};

async function listLag(lab: Lab, account: Account): Promise<Finding> {
  const began = lab.now();
  let ms = 0;
  for (let tries = 0; !(await lab.rolesOf(account.id)).includes(ROLE); tries++) {
    if (ms > PATIENCE_MS) break;
    await lab.sleep(Math.min(100 * 2 ** tries, 2000));
    ms = lab.now() - began;
  }
  return judge(
    ms > 0 === defaultSwitches.bindingListLagMs > 0,
    ms > 0 ? `The list showed the grant ${ms} ms later.` : "The list showed the grant at once.",
    { bindingListLagMs: ms },
  );
}

async function orphans(lab: Lab): Promise<Finding> {
  const account = await lab.account("orphan");
  await lab.grant(account, ROLE);
  await lab.removeAccount(account.id);
  const stays = (await lab.rolesOf(account.id)).includes(ROLE);
  if (stays) await lab.revoke(account, ROLE);
  return judge(
    stays === defaultSwitches.orphanGrants,
    `The grant of the deleted account is ${stays ? "still" : "no longer"} listed.`,
    { orphanGrants: stays },
  );
}
