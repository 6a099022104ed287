import { rmSync } from "node:fs";
import { type Entry, readJournals } from "./journal";
import { LABEL, type Lab, LIFE_MS } from "./lab";

/** What earlier runs left in the folder. */
export interface Leftovers {
  accounts: Labelled[];
  secrets: Labelled[];
  /** Of runs on this machine that have ended. */
  journals: Entry[];
  /** Of a run that may go on elsewhere: it began less than two hours ago, and no journal here says that it ended. */
  ofOthers: Labelled[];
}

export interface Labelled {
  id: string;
  name: string;
  run: string;
  createdAt: string;
}

/** Whose things are looked for: those of this run, those of runs that have ended, or all but those of this run. */
export type Whose = "ownRun" | "endedRuns" | "otherRuns";

/** Looks for the label in the folder, and for journals on this machine. */
export async function findLeftovers(
  lab: Lab,
  whose: Whose,
  { folder, isAlive }: { folder: string; isAlive: (pid: number) => boolean },
): Promise<Leftovers> {
  const isOwn = ({ run }: { run: string }) => run === lab.prefix;
  const isMeant = (each: { run: string }) => isOwn(each) === (whose === "ownRun");
  const journals = readJournals(folder)
    .filter(isMeant)
    .filter(({ pid }) => whose !== "endedRuns" || !isAlive(pid));
  const ended = new Set(journals.map(({ run }) => run));
  const mayRemove = ({ run, createdAt }: Labelled): boolean =>
    whose !== "endedRuns" || ended.has(run) || Date.parse(createdAt) + LIFE_MS < lab.now();
  const accounts = (await labelled(lab, "iam", "/iam/v1/serviceAccounts", "serviceAccounts")).filter(isMeant);
  const secrets = (await labelled(lab, "lockbox", "/lockbox/v1/secrets", "secrets")).filter(isMeant);
  return {
    accounts: accounts.filter(mayRemove),
    secrets: secrets.filter(mayRemove),
    journals,
    ofOthers: [...accounts, ...secrets].filter((each) => !mayRemove(each)),
  };
}

async function labelled(lab: Lab, service: "iam" | "lockbox", path: string, field: string): Promise<Labelled[]> {
  const found: Labelled[] = [];
  for (let token = ""; ;) {
    const page = `?folderId=${lab.folderId}&pageSize=100${token && `&pageToken=${encodeURIComponent(token)}`}`;
    const answer = await lab.ask({ service, method: "GET", path: `${path}${page}` });
    // A deployer without any right on Lockbox has made no secrets there.
    if (service === "lockbox" && answer.status === 403) return found;
    if (answer.status !== 200) throw new Error(`${path} cannot be listed: ${answer.status}`);
    for (const { id, name, labels, createdAt } of answer.body[field] ?? [])
      if (typeof labels?.[LABEL] === "string") found.push({ id, name, run: labels[LABEL], createdAt });
    token = answer.body.nextPageToken ?? "";
    if (!token) return found;
  }
}

/** Removes grants first, then accounts with their keys, then secrets. Each can be repeated after any end. */
export async function removeLeftovers(lab: Lab, { accounts, secrets, journals }: Leftovers): Promise<void> {
  const ids = [...accounts.map(({ id }) => id), ...journals.flatMap((journal) => journal.accounts)];
  for (const [subjectId, roles] of await lab.rolesBySubject(new Set(ids)))
    await lab.revoke({ id: subjectId, name: "" }, ...roles);
  for (const { id } of accounts) await gone(lab.removeAccount(id));
  for (const { id } of secrets)
    await gone(lab.change({ service: "lockbox", method: "DELETE", path: `/lockbox/v1/secrets/${id}` }));
  for (const { file } of journals) rmSync(file, { force: true });
}

/** It may have been removed by another run at the same time. */
const gone = (removal: Promise<unknown>): Promise<unknown> =>
  removal.catch((error: Error) => {
    if (!/ 404 /.test(error.message)) throw error;
  });
