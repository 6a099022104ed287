import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { LABEL, type Lab, Refused } from "../../live/lab";
import { redact } from "../../review";
import { queryCli, streamCli } from "../stack/cli";
import { realEnvironment, type Environment } from "../stack/environment";
import { settingsFile, type Workspace } from "../stack/workspace";

/** One thing that a user does, with what must come of it. */
export interface StepResult {
  name: string;
  /** What was seen instead; undefined if it went as it must. */
  problem?: string;
}

type Step = [name: string, run: () => Promise<void>];

/** Something did not come out as it must; the message says what was seen. */
class Unexpected extends Error {}

interface Application {
  capabilities: string[];
  rotation: { everyDays: number; overlapDays: number; anchor: string; trigger?: string };
}

/** What a stack of a run, whose state is in `.work/live`, is called. */
const STACK_FORM = /^Pulumi\.(live-[0-9a-f]{8})(-import)?\.yaml$/;

/**
 * Does with the stack of a run what a user does, with the real engine and our own commands: creates, previews, refreshes,
 * reviews, widens, repairs, rotates, imports and destroys. The account bears the run's label, so that whatever ends this, the
 * next run removes it. A step that does not come out ends the list; the last one, which destroys, runs always.
 */
export async function runAcceptance(
  lab: Lab,
  workspace: Workspace,
  inherited: Environment,
  onStep: (name: string) => void,
): Promise<StepResult[]> {
  const stack = lab.prefix;
  const place = join(workspace.live, stack);
  mkdirSync(join(place, "state"), { recursive: true, mode: 0o700 });
  const env = realEnvironment(
    {
      ...inherited,
      PULUMI_BACKEND_URL: pathToFileURL(join(place, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
      PULUMI_HOME: join(place, "home"),
    },
    workspace,
  );
  const user = userOf(lab, workspace, stack, env);
  const results: StepResult[] = [];
  const tryStep = async ([name, run]: Step): Promise<boolean> => {
    onStep(name);
    try {
      await run();
      results.push({ name });
      return true;
    } catch (error) {
      if (!(error instanceof Unexpected) && !(error instanceof Refused)) throw error;
      results.push({ name, problem: error.message });
      return false;
    }
  };
  try {
    for (const step of user.steps) if (!(await tryStep(step))) break;
    await tryStep(user.last);
  } finally {
    removeStack(workspace, stack);
  }
  return results;
}

/** The files of a run on this machine. What it created in the cloud is found by its label. */
export function removeStack(workspace: Workspace, run: string): void {
  for (const name of stackFiles(workspace).filter((name) => STACK_FORM.exec(name)?.[1] === run))
    rmSync(join(workspace.root, "stacks", name), { force: true });
  rmSync(join(workspace.live, run), { recursive: true, force: true });
}

/** The runs that have files here. */
export const stacksOfRuns = (workspace: Workspace): string[] => [
  ...new Set(stackFiles(workspace).flatMap((name) => STACK_FORM.exec(name)?.[1] ?? [])),
];

const stackFiles = ({ root }: Workspace): string[] => readdirSync(join(root, "stacks"));

function userOf(lab: Lab, workspace: Workspace, stack: string, env: Environment): { steps: Step[]; last: Step } {
  const pulumi = async (...args: string[]) => {
    const { code, answer, complaint } = await streamCli([...args, "--stack", stack], env);
    if (code !== 0)
      throw new Unexpected(redact(`pulumi ${args[0]} ended with ${code}: ${complaint || lastLines(answer)}`));
    return answer;
  };
  const command = async (name: string, expected: number): Promise<string> => {
    const { code, output } = await runCommand(name, stack, workspace, env);
    if (code !== expected) throw new Unexpected(redact(`npm run ${name} ended with ${code}: ${lastLines(output)}`));
    return output;
  };
  const declare = (application: Application, suffix = "") => {
    const labels = { [LABEL]: lab.prefix };
    const apps = { shop: { ...application, serviceAccount: { labels } } };
    const config = { "yandex:folderId": lab.folderId, "yandex-ai-access:apps": apps };
    writeFileSync(join(workspace.root, settingsFile(stack + suffix)), stringify({ config }));
  };
  const plan = async (): Promise<Record<string, number>> => {
    const { changeSummary = {} } = JSON.parse(await pulumi("preview", "--json")) as {
      changeSummary?: Record<string, number>;
    };
    return changeSummary;
  };
  const up = () => pulumi("up", "--yes", "--skip-preview");
  const outputs = async () =>
    JSON.parse(await pulumi("stack", "output", "--show-secrets", "--json")) as Record<string, string>;
  const account = async () => ({ id: (await outputs())["shopServiceAccountId"]!, name: "shop" });
  const works = async (name: "shopApiKey" | "shopPreviousApiKey") => {
    const { status, accepted } = await lab.reaches({ id: "", secret: (await outputs())[name]! });
    if (!accepted) throw new Unexpected(`The output ${name} is refused with ${status}.`);
  };
  const first: Application = {
    capabilities: ["textGeneration"],
    rotation: { everyDays: 30, overlapDays: 7, anchor: new Date(lab.now()).toISOString().slice(0, 10) },
  };
  const wider = { ...first, capabilities: ["textGeneration", "imageGeneration"] };

  return {
    steps: [
      [
        "creates account, role and key, and the key works",
        async () => {
          declare(first);
          await queryCli(["stack", "init", stack], env);
          await up();
          await works("shopApiKey");
        },
      ],
      [
        "answers curl with the list of models",
        async () => {
          const { shopApiKey, shopBaseUrl } = await outputs();
          const { code, output } = await curl(`${shopBaseUrl}/models`, shopApiKey!, lab.folderId, env);
          if (code !== 0 || !output.includes("gpt://"))
            throw new Unexpected(`curl ended with ${code}: ${lastLines(output)}`);
        },
      ],
      ["previews no change", async () => only(await plan(), ["same"])],
      ["refreshes and finds no change", async () => void (await pulumi("refresh", "--yes", "--expect-no-changes"))],
      [
        "has nothing to say in doctor and drift",
        async () => {
          await command("doctor", 0);
          await command("drift", 0);
        },
      ],
      [
        "shows a reviewer the role and the scope of a new capability",
        async () => {
          declare(wider);
          const shown = await command("review", 0);
          for (const word of ["ai.imageGeneration.user", "yc.ai.imageGeneration.execute"])
            if (!shown.includes(word)) throw new Unexpected(`The review does not have ${word}.`);
        },
      ],
      [
        "widens the key in place",
        async () => {
          only(await plan(), ["same", "create", "update"]);
          const { shopApiKeyId: before } = await outputs();
          await up();
          if ((await outputs())["shopApiKeyId"] !== before) throw new Unexpected("The key was replaced.");
        },
      ],
      [
        "finds a role that was removed by hand, and grants it again",
        async () => {
          await lab.revoke(await account(), "ai.imageGeneration.user");
          await command("drift", 7);
          await pulumi("up", "--yes", "--skip-preview", "--refresh");
          await command("drift", 0);
        },
      ],
      [
        "rotates, and both keys work",
        async () => {
          const { shopApiKeyId: before } = await outputs();
          declare({ ...wider, rotation: { ...wider.rotation, trigger: "acceptance" } });
          await up();
          if ((await outputs())["shopApiKeyId"] === before) throw new Unexpected("The key is the old one.");
          await works("shopApiKey");
          await works("shopPreviousApiKey");
          only(await plan(), ["same"]);
        },
      ],
      [
        "imports the account into another stack",
        async () => {
          const other = `${stack}-import`;
          const { id } = await account();
          declare(wider, "-import");
          await queryCli(["stack", "init", other], env);
          const type = "yandex:index/iamServiceAccount:IamServiceAccount";
          const args = ["import", type, "adopted", id, "--stack", other, "--yes", "--generate-code=false"];
          const { code, complaint, answer } = await streamCli(args, env);
          await queryCli(["stack", "rm", other, "--yes", "--force"], env);
          if (code !== 0) throw new Unexpected(redact(complaint || lastLines(answer)));
        },
      ],
    ],
    last: [
      "destroys everything",
      async () => {
        const { shopServiceAccountId: id } = await outputs();
        await pulumi("destroy", "--yes");
        const { status } = await lab.ask({ service: "iam", method: "GET", path: `/iam/v1/serviceAccounts/${id}` });
        if (id && status !== 404) throw new Unexpected(`The account is still there (${status}).`);
      },
    ],
  };
}

/** A plan may have these operations, and must have the last of them. */
function only(plan: Record<string, number>, operations: readonly string[]): void {
  const shown = Object.entries(plan).map(([name, count]) => `${count} ${name}`);
  const isMore = Object.keys(plan).some((name) => !operations.includes(name));
  if (isMore || !plan[operations.at(-1)!]) throw new Unexpected(`The plan is: ${shown.join(", ") || "nothing"}.`);
}

const lastLines = (text: string): string => text.trim().split("\n").slice(-12).join("\n");

/** One of our commands, as `npm run` starts it, in a process of its own. */
function runCommand(name: string, stack: string, { root }: Workspace, env: Environment): Promise<Ran> {
  const bundle = join(__dirname, `${name}.js`);
  const script = `require(${JSON.stringify(bundle)}).main(["--stack", ${JSON.stringify(stack)}])
    .then(process.exit, (error) => { console.error(error.message); process.exit(1); });`;
  return runToEnd(process.execPath, ["-e", script], { cwd: root, env });
}

/** The call of the vendor's guide. The key comes over standard input, so that no list of processes shows it. */
const curl = (url: string, key: string, folderId: string, env: Environment): Promise<Ran> =>
  runToEnd("curl", ["--silent", "--show-error", "--fail", "--max-time", "30", "--config", "-", url], {
    env,
    input: `header = "Authorization: Api-Key ${key}"\nheader = "OpenAI-Project: ${folderId}"\n`,
  });

interface Ran {
  code: number;
  output: string;
}

function runToEnd(
  program: string,
  args: string[],
  { cwd, env, input = "" }: { cwd?: string; env: Environment; input?: string },
): Promise<Ran> {
  const child = spawn(program, args, { cwd, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Unexpected(`${program} cannot be started: ${error.message}`)));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
