import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { queryCli } from "../stack/cli";
import type { Environment } from "../stack/environment";
import type { Finding } from "./finding";
import { ok, problem, warning } from "./finding";
import { providerConfig } from "../stack/stackFile";
import { readSettings, shortName } from "../stack/workspace";
import type { Workspace } from "../stack/workspace";

/** The deployment of a stack as `pulumi stack export` prints it, with its secrets encrypted. */
export interface Deployment {
  secrets_providers?: { type?: string; state?: { salt?: string } };
  resources?: { type: string; id?: string; urn: string; outputs?: Record<string, unknown> }[];
  pending_operations?: { type: string; resource: { urn: string } }[];
}

/** What is found of the engine and of what it keeps. `deployment` is undefined if there is no stack or it is closed. */
export interface EngineReport {
  findings: Finding[];
  deployment?: Deployment;
  /** The provider's settings in the stack, by name without `yandex:`; secret ones decrypted. */
  settings: Record<string, unknown>;
}

/** Older ones cannot keep their state in Object Storage, or sign it with checksums that it refuses. */
const OLDEST = [3, 256];

/** Looks at CLI, backend and stack. Changes nothing: whatever the engine would write, it writes into a copy. */
export async function checkEngine(workspace: Workspace, stack: string, env: Environment): Promise<EngineReport> {
  const findings = [await checkVersion(env)];
  const settings: Record<string, unknown> = providerConfig(readSettings(workspace, stack) ?? "");
  const stop = (finding: Finding): EngineReport => ({ findings: [...findings, finding], settings });
  if (findings[0]?.level === "problem") return { findings, settings };

  const backend = readable((env.PULUMI_BACKEND_URL ?? "").replace(/\?.*/, "").replace(/\/\/[^/]*@/, "//"));
  try {
    const stacks = await queryCli(["stack", "ls", "--json"], env);
    findings.push(ok(`The backend ${backend} answers.`));
    if (!(JSON.parse(stacks) as { name: string }[]).some(({ name }) => shortName(name) === shortName(stack))) {
      return stop(warning(`There is no stack ${stack} in it yet.`, `Create it: npm start -- --stack ${stack}`));
    }
  } catch (error) {
    const next = "Check PULUMI_BACKEND_URL and, for a bucket, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";
    return stop(problem(`The backend ${backend} does not answer: ${firstLine(error)}`, next));
  }

  const exported = JSON.parse(await queryCli(["stack", "export", "--stack", stack], env)) as {
    deployment: Deployment;
  };
  const { deployment } = exported;
  using copy = copySettings(workspace, stack, deployment);
  try {
    const inCopy = ["--stack", stack, "--config-file", copy.file];
    // Only what has to encrypt or to decrypt looks at the passphrase.
    await queryCli(["config", "set", "--secret", "doctor:probe", "probe", ...inCopy], env);
    const config = await queryCli(["config", "--json", "--show-secrets", ...inCopy], env);
    for (const [key, { value }] of Object.entries(JSON.parse(config) as Record<string, { value: unknown }>)) {
      const name = /^yandex:(.+)$/.exec(key)?.[1];
      if (name) settings[name] = value;
    }
    findings.push(ok(`The secrets of stack ${stack} can be decrypted.`));
  } catch (error) {
    const why = /incorrect passphrase/.test(String(error)) ? "the passphrase is not the one they were made with" : "";
    const text = `The secrets of stack ${stack} cannot be decrypted: ${why || firstLine(error)}.`;
    return stop(problem(text, "Set PULUMI_CONFIG_PASSPHRASE to that of the stack. Nothing was changed."));
  }
  return { findings, deployment, settings };
}

async function checkVersion(env: Environment): Promise<Finding> {
  try {
    const version = (await queryCli(["version"], env)).trim().replace(/^v/, "");
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const isOld = major < OLDEST[0]! || (major === OLDEST[0] && minor < OLDEST[1]!);
    if (!isOld) return ok(`Pulumi CLI ${version}`);
    return warning(`Pulumi CLI ${version} is older than ${OLDEST.join(".")}.`, "Run tasks with npm, which brings one.");
  } catch (error) {
    return problem(`The Pulumi CLI does not run: ${firstLine(error)}`, "Run tasks with npm, which brings one.");
  }
}

/** What an interrupted update had begun; the engine does not know how it ended. */
export function checkPending(deployment: Deployment | undefined, stack: string): Finding[] {
  if (!deployment) return [];
  const { pending_operations = [] } = deployment;
  if (pending_operations.length === 0) return [ok("No update was interrupted.")];
  const what = pending_operations.map(({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`);
  return [
    warning(
      `An update was interrupted during: ${what.join(", ")}.`,
      `After any lock is removed: npm run pulumi -- refresh --clear-pending-creates --stack ${stack} --yes, then npm run pulumi -- up --stack ${stack} --yes`,
    ),
  ];
}

/** The settings of a stack in a folder that is removed afterwards, with the salt of its state. */
function copySettings(workspace: Workspace, stack: string, { secrets_providers: secrets }: Deployment) {
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  const file = join(folder, `Pulumi.${shortName(stack)}.yaml`);
  const settings = readSettings(workspace, stack) ?? "";
  const salt = secrets?.type === "passphrase" && !/^encryptionsalt:/m.test(settings) && secrets.state?.salt;
  writeFileSync(file, salt ? `${settings.trimEnd()}\nencryptionsalt: ${salt}\n` : settings, { mode: 0o600 });
  return { file, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Why a passphrase that is kept in a file cannot be used, or undefined. The engine would take an empty one. */
export function findPassphraseFileObstacle({ PULUMI_CONFIG_PASSPHRASE: own, ...env }: Environment): string | undefined {
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (own !== undefined || !file) return undefined;
  try {
    return readFileSync(file, "utf8").trim() === "" ? `The passphrase file ${file} is empty.` : undefined;
  } catch (error) {
    return `The passphrase file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`;
  }
}

/** As a person has named the folders of an address. */
function readable(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .split("\n")[0]!
    .replace(/^error: /, "")
    .replace(/\.$/, "");
