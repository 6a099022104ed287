import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { checkCloud } from "./doctor/cloudChecks";
import { checkEngine, checkPending, findPassphraseFileObstacle } from "./doctor/engineChecks";
import {
  findPassphraseObstacle,
  hasExampleFolder,
  localEnvironment,
  missingSettings,
  realEnvironment,
} from "./stack/environment";
import type { Environment } from "./stack/environment";
import type { Finding } from "./doctor/finding";
import { describeFindings, ok, problem, warning } from "./doctor/finding";
import { CLOSE_IT, OPEN_FOLDER } from "./stack/fileModes";
import { findEmulator } from "./stack/localCloud";
import { checkJob } from "./doctor/jobChecks";
import { checkLocks } from "./doctor/lockChecks";
import { command, STACK } from "./stack/command";
import type { Workspace } from "./stack/workspace";
import {
  findLocalObstacle,
  LOCAL,
  openWorkspace,
  readProject,
  readSettings,
  settingsFile,
  stacksWithSettings,
} from "./stack/workspace";

const ABOUT = "Checks everything that a stack needs, and says what to do about each problem. Changes nothing.";

const CI = {
  type: "boolean",
  about: "Check the CI job that this runs in, too: its identity, passphrase and backend.",
} as const;

/** `npm run doctor` */
export const main = command("doctor", ABOUT, { stack: STACK, ci: CI }, async ({ stack, ci }) => {
  const workspace = openWorkspace(process.cwd());
  const ofJob = ci ? checkJob(process.env) : [];
  const findings = [...ofJob, ...(await examine(workspace, stack, process.env))];
  console.log(describeFindings(findings));
  return findings.some(({ level }) => level === "problem") ? 1 : 0;
});

async function examine(workspace: Workspace, stack: string, inherited: Environment): Promise<Finding[]> {
  const isLocal = stack === LOCAL;
  const connection = isLocal ? await findEmulator(workspace) : undefined;
  const env = isLocal ? localEnvironment(inherited, workspace, connection) : realEnvironment(inherited, workspace);
  const file = settingsFile(stack);
  const settings = readSettings(workspace, stack);
  const lost = isLocal ? findLocalObstacle(workspace) : undefined;
  if (lost) return [problem("Stack local has no passphrase that fits.", lost)];
  if (isLocal && !existsSync(workspace.passphrase))
    return [problem("Stack local does not exist yet.", "Create it: npm start")];
  if (settings === undefined)
    return [problem(`Stack ${stack} has no settings.`, missingSettings(stack, stacksWithSettings(workspace)))];
  const findings = [
    ok(`${file} is there.`),
    ...(workspace.readers === "others" ? [warning(OPEN_FOLDER, CLOSE_IT)] : []),
  ];

  const ofExample = hasExampleFolder(settings);
  if (ofExample)
    findings.push(
      problem(
        `${file} still has the folder of the example.`,
        "Put the ID of your own there: yc resource-manager folder list",
      ),
    );

  const obstacle = findPassphraseObstacle(stack, settings, env) ?? findPassphraseFileObstacle(env);
  if (obstacle)
    return [...findings, problem(obstacle, "Nothing was made; put the passphrase there and run this again.")];

  const engine = await checkEngine(workspace, stack, env);
  const project = readProject(workspace) ?? "";
  const place = { backend: env.PULUMI_BACKEND_URL ?? "", project, stack, home: env.HOME, hostname: hostname() };
  const locks = checkLocks(place, Date.now());
  findings.push(...engine.findings, ...locks, ...checkPending(engine.deployment, stack));
  if (isLocal && !connection) return [...findings, problem("The local cloud does not run.", "Start it: npm start")];
  if (ofExample) return findings;
  return [...findings, ...(await checkCloud(engine.settings, env, engine.deployment, stack))];
}
