import { defaultSwitches } from "../../emulator/switches";
import { type Finding, judge, notTried } from "../finding";
import type { Probe } from "../probes";
import { ROLE } from "./bindings";

const ABORTED = 10;

export const conflicts: Probe = {
  about: "Sends two updates of the folder's access bindings at the same time.",
  creates: "2 accounts, 2 grants",
  needs: "resource-manager.admin",
  async run(lab) {
    const [first, second] = [await lab.account("conflict-1"), await lab.account("conflict-2")];
    const answers = await Promise.all(
      [first, second].map((account) => lab.ask(lab.bindingsRequest("ADD", account, [ROLE]))),
    );
    const accepted = answers.filter(({ status }) => status === 200);
    const overlapped = accepted.length === 2 && accepted.some(({ body }) => body.done !== true);
    for (const { body } of accepted) await lab.finished(body);
    const aborted = answers.some(({ body }) => body?.code === ABORTED);
    return { "binding-conflicts": found(aborted, overlapped) };
  },
};

function found(aborted: boolean, overlapped: boolean): Finding {
  if (!aborted && !overlapped)
    return notTried("Each update was done before the other one began, so that no conflict could be seen.");
  return judge(
    aborted === defaultSwitches.bindingConflicts,
    aborted ? "One of the two was refused with code 10." : "Both updates ran at the same time.",
    { bindingConflicts: aborted },
  );
}
