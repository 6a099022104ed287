import { isDeepStrictEqual } from "node:util";
import { defaultSwitches } from "../../emulator/switches";
import { judge, notTried } from "../finding";
import { LABEL } from "../lab";
import type { Probe } from "../probes";

/** What a refresh compares. */
const whole = ({ name, folderId, createdAt, description, labels }: Record<string, unknown>) => ({
  name,
  folderId,
  createdAt,
  description,
  labels,
});

export const names: Probe = {
  about:
    "Compares an account by itself with the same in a list, and uses its name twice and again after it was deleted.",
  creates: "2 accounts, one after the other",
  async run(lab) {
    const account = await lab.account("name");
    const path = `/iam/v1/serviceAccounts/${account.id}`;
    const read = await lab.get({ service: "iam", method: "GET", path });
    const query = `?folderId=${lab.folderId}&filter=${encodeURIComponent(`name="${read.name}"`)}`;
    const { serviceAccounts = [] } = await lab.get({
      service: "iam",
      method: "GET",
      path: `/iam/v1/serviceAccounts${query}`,
    });
    const listed = serviceAccounts.find(({ id }: { id: string }) => id === account.id);
    const second = await lab.ask(lab.accountRequest("name"));
    if (second.status === 200) lab.created((await lab.finished(second.body)).response.id);
    await lab.removeAccount(account.id);
    const again = await lab.ask(lab.accountRequest("name"));
    const frees = again.status === 200;
    if (frees) lab.created((await lab.finished(again.body)).response.id);
    return {
      "account-name-unique": judge(
        second.status === 409 && second.body?.code === 6,
        `The second account was answered with ${second.status}, code ${second.body?.code}.`,
      ),
      "account-name-frees": judge(
        frees === defaultSwitches.nameFreesAtOnce,
        `The name of the deleted account ${frees ? "could be used at once" : `was refused with ${again.status}`}.`,
        { nameFreesAtOnce: frees },
      ),
      "account-listed-whole": listed
        ? judge(isDeepStrictEqual(whole(listed), whole(read)), `Listed: labels ${JSON.stringify(listed.labels ?? {})}.`)
        : notTried("The new account is not listed yet."),
      "account-labels": judge(
        read.labels?.[LABEL] === lab.prefix && read.description === "npm run live",
        `Read back: labels ${JSON.stringify(read.labels ?? {})}.`,
      ),
    };
  },
};
