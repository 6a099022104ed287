import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Switches } from "../emulator/switches";
import { type Cloud, startCloud } from "./cloud";
import { type Measured, measureEngine } from "./engine";
import { countBy } from "./statistics";

export type Verb = "preview" | "up" | "refresh" | "destroy";

export interface Run extends Measured {
  /** Calls of the API by method. */
  calls: Record<string, number>;
}

export interface ProjectOptions {
  /** `apps` is this project's own index.ts, `bundle` the same as one file of JavaScript; the others are floors. */
  program: "empty" | "nothing" | "apps" | "bundle";
  /** Number of applications. */
  size: number;
  switches?: Partial<Switches>;
  /** Of the engine, and of how it runs the program. */
  env?: Record<string, string | undefined>;
}

/** A stack of its own on a cloud of its own. */
export interface Project extends AsyncDisposable {
  run(verb: Verb, env?: Record<string, string | undefined>): Promise<Run>;
  /** A preview as the review reads it. */
  digest(): Promise<string>;
}

const root = join(__dirname, "../..");

export const SHORT_TRACES = "--stack-trace-limit=4";

/** What makes a run as quick as `npm run pulumi` makes it. */
const QUICK = {
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  PULUMI_PARALLEL: "1000",
  NODE_OPTIONS: SHORT_TRACES,
};

const PREVIEW = { PULUMI_SKIP_CHECKPOINTS: "true" };

const ARGUMENTS: Record<Verb, string[]> = {
  preview: ["preview"],
  up: ["up", "--yes", "--skip-preview"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

export async function openProject({ program, size, switches, env }: ProjectOptions): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const cloud = await startCloud(mkdirIn(folder, "cloud"));
  await writeProgram(folder, program, size);
  const environment = environmentOf(folder, cloud, env);
  await measureEngine(folder, ["stack", "init", "dev"], environment);
  if (switches) await cloud.set(switches);
  // So that node's compile cache is filled, as it is when a user runs a program a second time.
  await measureEngine(folder, ARGUMENTS.preview, { ...environment, ...PREVIEW });

  return {
    async run(verb, more) {
      const before = (await cloud.calls()).length;
      const measured = await measureEngine(folder, ARGUMENTS[verb], {
        ...environment,
        ...(verb === "preview" && PREVIEW),
        ...more,
      });
      const calls = (await cloud.calls()).slice(before);
      return { ...measured, calls: countBy(calls, ({ method }) => method) };
    },
    async digest() {
      await measureEngine(folder, ["preview", "--json", "--show-sames"], { ...environment, ...PREVIEW });
      return readFileSync(join(folder, "output.txt"), "utf8");
    },
    async [Symbol.asyncDispose]() {
      await cloud[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function writeProgram(folder: string, program: ProjectOptions["program"], size: number): Promise<void> {
  for (const name of ["tsconfig.json", "package.json", "components"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "stacks"));
  for (const name of readdirSync(join(root, "stacks")).filter((each) => each.endsWith(".ts")))
    cpSync(join(root, "stacks", name), join(folder, "stacks", name));
  const main = program === "bundle" ? "index.js" : "index.ts";
  if (program === "bundle") await bundle(join(root, "index.ts"), join(folder, main));
  else cpSync(join(root, program === "apps" ? main : `bench/programs/${program}.ts`), join(folder, main));
  const plugins = [
    { name: "yandex", path: join(root, "provider/bin") },
    { name: "nothing", path: join(root, "bench/bin") },
  ];
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    JSON.stringify({
      name: "bench",
      runtime: "nodejs",
      main,
      stackConfigDir: "stacks",
      plugins: { providers: plugins },
    }),
  );
  const application = { capabilities: ["textGeneration", "imageGeneration", "responses"] };
  const apps = Object.fromEntries(Array.from({ length: size }, (_, n) => [`app${n + 1}`, application]));
  writeFileSync(join(folder, "stacks/Pulumi.dev.yaml"), JSON.stringify({ config: { "bench:apps": apps } }));
}

const bundle = (from: string, to: string) =>
  build({ entryPoints: [from], outfile: to, bundle: true, packages: "external", platform: "node", logLevel: "error" });

function environmentOf(folder: string, cloud: Cloud, own: ProjectOptions["env"]): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `${pathToFileURL(mkdirIn(folder, "state")).href}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for benchmarks",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    NODE_COMPILE_CACHE: join(folder, "home", "compile-cache"),
    YC_TOKEN: cloud.token,
    YC_FOLDER_ID: cloud.folderId,
    YC_ENDPOINT: cloud.endpoint,
    YC_AI_ENDPOINT: cloud.url,
    YC_PLAINTEXT: "true",
    YC_METADATA_ADDR: "127.0.0.1:1",
    ...QUICK,
    ...own,
  };
}

function mkdirIn(folder: string, name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}
