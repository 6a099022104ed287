import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { quickRuns } from "./quickRuns";
import { runElsewhere } from "./run";
import { openState } from "./state";
import { inSettings, startVault } from "./vault";

export interface Run {
  code: number;
  /** All that was printed. */
  output: string;
}

export interface Project extends AsyncDisposable {
  folder: string;
  /** Runs the CLI to its end; the signal, once raised, is Ctrl-C to it. */
  run(args: string[], ctrlC?: AbortSignal): Promise<Run>;
  outputs(): Promise<Record<string, string>>;
}

interface ProjectOptions {
  /** Whether the project names the folder of the built plug-in. Default: true. */
  plugin?: boolean;
  /** Added to the environment of the CLI. */
  env?: Record<string, string>;
}

/** A project as a user has it: the real CLI, its language host and the built plugin, each a process of its own. */
export async function startProject(
  cloud: Emulator,
  program: string,
  { plugin = true, env: more = {} }: ProjectOptions = {},
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "project-"));
  const plugins = { providers: [{ name: "yandex", path: join(process.cwd(), "provider", "bin") }] };
  await writeFile(
    join(folder, "Pulumi.yaml"),
    JSON.stringify({ name: "shop", runtime: "nodejs", ...(plugin && { plugins }) }),
  );
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "shop", main: "index.js" }));
  await writeFile(join(folder, "index.js"), program);
  await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
  // The stack, as `stack init` would make it.
  const { secretsProvider, encryptedKey } = inSettings;
  await writeFile(
    join(folder, "Pulumi.dev.yaml"),
    JSON.stringify({ secretsprovider: secretsProvider, encryptedkey: encryptedKey }),
  );
  await openState(folder, "shop", "dev").create();
  const vault = await startVault();
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}`,
    ...vault.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...quickRuns(),
    YC_ENDPOINT: cloud.endpoint,
    YC_PLAINTEXT: "true",
    YC_AI_ENDPOINT: cloud.url,
    YC_TOKEN: cloud.token,
    YC_FOLDER_ID: cloud.folderId,
    ...more,
  };
  const run: Project["run"] = async (args, ctrlC) => {
    let output = "";
    const { code } = await runElsewhere("pulumi", [...args, "--non-interactive", "--stack", "dev"], {
      cwd: folder,
      env,
      say: (_stream, text) => void (output += text),
      interrupt: ctrlC,
    });
    return { code: code ?? 1, output };
  };
  return {
    folder,
    run,
    outputs: async () => JSON.parse((await run(["stack", "output", "--json", "--show-secrets"])).output),
    async [Symbol.asyncDispose]() {
      await vault[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
