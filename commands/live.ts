import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { readJournals } from "../live/journal";
import { probes } from "../live/probes";
import { type ProbeName, probeNames } from "../live/probes/names";
import { recordingAsJson } from "../live/recording";
import { describeResults, describeSteps, resultsAsJson } from "../live/report";
import { openSession, type Session } from "../live/session";
import { readProviderSettings } from "../provider/settings";
import { removeStack, runAcceptance, stacksOfRuns } from "./live/acceptance";
import { command, YES } from "./stack/command";
import { isAlive } from "./stack/processes";
import { openWorkspace, type Workspace } from "./stack/workspace";
import { realWorld } from "./stack/world";

const ABOUT =
  "Finds out on a real account which assumptions of this project hold (emulator/ASSUMPTIONS.md). Creates only what it labels, in one folder, and removes it.";

const OPTIONS = {
  folder: { type: "string", value: "id", about: "The folder to work in, best an empty one. Required." },
  only: { type: "string", value: "probe", about: `One of ${probeNames.join(", ")}.` },
  "with-calls": { type: "boolean", about: "Also ask models, which costs tokens." },
  clean: { type: "boolean", about: "Only remove what earlier runs left, also those of other machines." },
  acceptance: {
    type: "boolean",
    about: "Use the product instead: create, preview, rotate, import, destroy. Takes minutes.",
  },
  report: { type: "string", value: "file", about: "Write the report as JSON." },
  record: { type: "string", value: "file", about: "Write all exchanges, without secrets and IDs." },
  yes: YES,
} as const;

/** Something differs from what we assume. */
const DIFFERS = 3;

const INTERRUPTED = 130;

/** `npm run live` */
export const main = command("live", ABOUT, OPTIONS, async (options) => {
  const { folder: folderId, only } = options;
  if (!folderId) throw new Error("Name the folder to work in: npm run live -- --folder <id>.");
  if (only !== undefined && !isProbe(only))
    throw new Error(`There is no probe ${JSON.stringify(only)}: choose one of ${probeNames.join(", ")}.`);
  const { settings, failures } = readProviderSettings({}, process.env);
  const [failure] = failures;
  if (failure) throw new Error(`${failure.property} ${failure.reason}.`);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const workspace = openWorkspace(process.cwd());
  const session = openSession({
    ...{ settings, folderId, isAlive, pid: process.pid, signal: interruption.signal },
    world: realWorld(process.env),
    journals: workspace.live,
  });
  try {
    console.log(`Folder ${await session.folder()} (${folderId}), signed in with ${settings.signIn.source}.`);
    if (!(await removeOld(session, options.clean, options.yes))) return 1;
    for (const run of stacksOfRuns(workspace))
      if (options.clean || !isGoingOn(workspace, run)) removeStack(workspace, run);
    if (options.clean) return 0;
    if (options.acceptance) return await accept(session, workspace, options.yes);
    const names = only ? [only] : probeNames.filter((name) => options["with-calls"] || !probes[name].costs);
    console.log(`\n${planOf(names)}`);
    if (!options.yes && !(await agreed("Go on?"))) return 1;
    const results = await session.probe(names, (name) => console.log(`… ${name}: ${probes[name].about}`));
    console.log(`\n${describeResults(results)}\nEverything that this run created is removed.`);
    if (options.report) writeFileSync(options.report, resultsAsJson(session.run, new Date().toISOString(), results));
    if (options.record) writeFileSync(options.record, recordingAsJson(session.exchanges));
    return results.some(({ finding }) => finding.verdict === "differs") ? DIFFERS : 0;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    console.log("\nInterrupted. Everything that this run created is removed.");
    return INTERRUPTED;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    session.close();
  }
});

const isProbe = (word: string): word is ProbeName => (probeNames as readonly string[]).includes(word);

/** What earlier runs left is removed first. False if the user does not agree. */
async function removeOld(session: Session, all: boolean, yes: boolean): Promise<boolean> {
  const found = await session.leftovers(all);
  const { accounts, secrets, journals, ofOthers } = found;
  if (ofOthers.length > 0) {
    const runs = [...new Set(ofOthers.map(({ run }) => run))].join(", ");
    console.log(
      `${ofOthers.length} things of another run (${runs}) are younger than two hours and stay: it may still go on. If it does not: npm run live -- --folder <id> --clean`,
    );
  }
  const count = accounts.length + secrets.length;
  if (count + journals.length === 0) {
    if (all) console.log("Earlier runs left nothing.");
    return true;
  }
  console.log(`Earlier runs left ${count} things: ${[...accounts, ...secrets].map(({ name }) => name).join(", ")}.`);
  if (!yes && !(await agreed("Remove them?"))) return false;
  await session.remove(found);
  console.log("They are removed.");
  return true;
}

/** Whether a run's process is still there. */
const isGoingOn = ({ live }: Workspace, run: string): boolean =>
  readJournals(live).some((journal) => journal.run === run && isAlive(journal.pid));

async function accept(session: Session, workspace: Workspace, yes: boolean): Promise<number> {
  console.log(`
This creates a stack ${session.run}, with its state in ${workspace.live}, and in this folder one account with two roles and two API keys.
They expire within weeks; at the end they are removed. It needs the roles iam.serviceAccounts.admin and resource-manager.admin on the folder, and costs nothing.`);
  if (!yes && !(await agreed("Go on?"))) return 1;
  const results = await session.within((lab) =>
    runAcceptance(lab, workspace, process.env, (name) => console.log(`… ${name}`)),
  );
  console.log(`\n${describeSteps(results)}\nEverything that this run created is removed.`);
  return results.some(({ problem }) => problem !== undefined) ? DIFFERS : 0;
}

function planOf(names: readonly ProbeName[]): string {
  const needs = [...new Set(names.flatMap((name) => probes[name].needs ?? []))];
  const costs = names.flatMap((name) => probes[name].costs ?? []);
  return [
    "This creates, in this folder alone, labelled and removed at the end (API keys expire within two hours):",
    ...names.map((name) => `  ${name}: ${probes[name].creates}`),
    `It needs the roles iam.serviceAccounts.admin${needs.map((role) => `, ${role}`).join("")} on the folder.`,
    costs.length > 0 ? `It costs ${costs.join(", ")}.` : "It asks no model and costs nothing.",
  ].join("\n");
}

/** Without a terminal there is nobody to ask. */
async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error("There is no terminal to ask at: add --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
