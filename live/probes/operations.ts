import { defaultSwitches } from "../../emulator/switches";
import { differs, holds, judge } from "../finding";
import type { Probe } from "../probes";

export const operations: Probe = {
  about: "Creates an account and looks at its operation.",
  creates: "1 account",
  async run(lab) {
    const began = lab.now();
    const operation = await lab.get(lab.accountRequest("operation"));
    const { response } = await lab.finished(operation);
    const ms = lab.now() - began;
    lab.created(response.id);
    const atOnce = defaultSwitches.operations === "atOnce";
    const done = operation.done === true;
    return {
      "wire-operation-done":
        done === atOnce
          ? holds("The operation is done in the first answer.")
          : differs(`The operation was done ${ms} ms later.`, { operations: { ms } }),
      "wire-operation-metadata": judge(
        operation.metadata?.serviceAccountId === response.id,
        `The first answer ${operation.metadata?.serviceAccountId ? "names the account" : "does not name the account"}.`,
      ),
    };
  },
};
