import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type PulumiCommand, Stack as EngineStack } from "@pulumi/pulumi/automation";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import * as settings from "@pulumi/pulumi/runtime/settings";
import type { EngineEvent, OutputMap, ProjectSettings, PulumiFn } from "@pulumi/pulumi/automation";
import { serve } from "../../provider/protocol/serve";
import type { World } from "../../provider/cloud";
import { openCli } from "./cli";
import { openState, PASSPHRASE, protections, type StateResource } from "./state";
import { quickRuns } from "./quickRuns";
import { startVault } from "./vault";
import { realWorld } from "../../provider/world";

// By default gRPC shares a connection, also a failed one, among all clients of an address. In a process of many engines one
// may get the port of an earlier one; its program would then end before it begins.
const { grpcClientOptions } = settings as unknown as { grpcClientOptions: object };
Object.assign(grpcClientOptions, { "grpc.use_local_subchannel_pool": 1 });

// The SDK keeps a stack trace with each of its promises, for a message about leaks at the end of the process. Here it never
// prints that message, and the traces would cost a tenth of a program's time.
Object.assign(debuggable, { debuggablePromise: <T>(promise: T): T => promise });

/** What a stack needs to know of the cloud it works on. */
export interface CloudAddress {
  endpoint: string;
  url: string;
  token: string;
  folderId: string;
}

type ConfigValue = string | { value: string; secret: boolean };

export interface StackOptions {
  project?: string;
  name?: string;
  /** Stack settings, such as `yandex:folderId`; an empty text takes one away. */
  config?: Record<string, ConfigValue>;
  /** Environment of the provider; by default the address and the token of the cloud. */
  env?: Record<string, string | undefined>;
  /** Start the built plugin as the engine does, instead of attaching one that runs in this process. */
  plugin?: boolean;
  /** The provider's clock, where it runs in this process. */
  now?: () => number;
  /** Two stacks of one project share a folder. */
  beside?: Stack;
  /** Options of the project file, such as autonaming. */
  projectOptions?: object;
  /** What protects the secrets. Default: a vault, which costs the engine least. */
  protection?: keyof typeof protections;
}

export interface Plan {
  /** What would be done to each resource that is not left as it is: operation by the resource's name. */
  steps: Record<string, string>;
  /** Property paths that differ, by the resource's name. */
  diffs: Record<string, string[]>;
  output: string;
}

export interface Outcome extends Plan {
  outputs: OutputMap;
}

export interface Failed {
  error: string;
}

export interface Stack extends AsyncDisposable {
  folder: string;
  /** Undefined is the program in the stack's folder, which the language host of the project's runtime runs. */
  program(next: PulumiFn | undefined): void;
  up(options?: RunOptions): Promise<Outcome>;
  tryUp(options?: RunOptions): Promise<Outcome & Partial<Failed>>;
  preview(options?: RunOptions): Promise<Plan>;
  tryPreview(options?: RunOptions): Promise<Plan & Partial<Failed>>;
  refresh(options?: RunOptions): Promise<Plan>;
  tryRefresh(options?: RunOptions): Promise<Plan & Partial<Failed>>;
  destroy(options?: RunOptions): Promise<Plan>;
  tryDestroy(options?: RunOptions): Promise<Plan & Partial<Failed>>;
  /** Resources of the state by name: ID, inputs and outputs; a secret stands there under the engine's signature. */
  resources(): Promise<Record<string, StateResource>>;
  outputs(): Promise<OutputMap>;
  set(key: string, value: string, secret?: boolean): Promise<void>;
  /** Changes the environment of a provider that runs in this process. */
  setEnv(changes: Record<string, string | undefined>): void;
  /** Everything that any run has printed so far. */
  printed(): string;
  engine: EngineStack;
}

export interface RunOptions {
  target?: string[];
  replace?: string[];
  refresh?: boolean;
  /** Raised, it is Ctrl-C to the engine. */
  signal?: AbortSignal;
}

/** The CLI, which tells its version once for all stacks. */
let cli: Promise<PulumiCommand> | undefined;

/** A stack in a home and a backend of its own, with the real engine; it is torn down with the folder it lives in. */
export async function startStack(cloud: CloudAddress, program: PulumiFn, options: StackOptions = {}): Promise<Stack> {
  const folder = options.beside?.folder ?? (await mkdtemp(join(tmpdir(), "stack-")));
  const env: Record<string, string | undefined> = { ...addressOf(cloud), ...options.env };
  const provider = options.plugin ? undefined : await serve(worldOf(env, options.now));
  const project = options.project ?? "shop";
  const name = options.name ?? "dev";
  const protection = options.protection ?? "vault";
  const state = openState(folder, project, name, protection);
  const vault = await startVault();
  const engine = await openEngine().catch(async (error: unknown) => {
    await stopServers();
    throw error;
  });

  let printed = "";
  type Verb = (settings: object) => Promise<{ stdout: string; stderr?: string; outputs?: OutputMap }>;
  const run = async (verb: Verb, settings: object): Promise<Outcome & Partial<Failed>> => {
    const events: EngineEvent[] = [];
    let output = "";
    const onOutput = (text: string): void => void (output += text);
    try {
      const result = await verb({
        ...settings,
        // Of the summary, which nobody reads: it costs less without deciphering the settings.
        showSecrets: false,
        onOutput,
        onError: onOutput,
        onEvent: (event: EngineEvent) => events.push(event),
      });
      return { ...planOf(events), output, outputs: result.outputs ?? {} };
    } catch (error) {
      return { ...planOf(events), output, outputs: {}, error: messageOf(error, output) };
    } finally {
      printed += output;
    }
  };
  const verbs = {
    tryUp: (settings: RunOptions = {}) => run((all) => engine.up(all), settings),
    tryPreview: (settings: RunOptions = {}) => run((all) => engine.preview(all), settings),
    tryRefresh: (settings: RunOptions = {}) => run((all) => engine.refresh(all), settings),
    tryDestroy: (settings: RunOptions = {}) => run((all) => engine.destroy(all), settings),
  };
  const sure =
    (verb: (settings?: RunOptions) => Promise<Outcome & Partial<Failed>>) => async (settings?: RunOptions) => {
      const outcome = await verb(settings);
      if (outcome.error) throw new Error(`${outcome.error}\n${outcome.output}`);
      return outcome;
    };

  const stopServers = () => Promise.all([provider?.[Symbol.asyncDispose](), vault[Symbol.asyncDispose]()]);

  async function openEngine(): Promise<EngineStack> {
    const config = { "yandex:folderId": cloud.folderId, ...options.config };
    const isPlain = (value: ConfigValue): value is string => typeof value === "string" && value !== "";
    const plain = Object.fromEntries(Object.entries(config).filter(([, value]) => isPlain(value)));
    const workspace = await LocalWorkspace.create({
      program,
      pulumiCommand: await (cli ??= openCli()),
      workDir: folder,
      pulumiHome: join(folder, "home"),
      projectSettings: {
        name: project,
        runtime: "nodejs",
        plugins: {
          providers: [
            { name: "yandex", path: join(process.cwd(), "provider", "bin") },
            { name: "yandex-aistudio", path: join(process.cwd(), "languages", "bin") },
          ],
        },
        ...options.projectOptions,
        // The type does not know of plugin paths, though the engine does.
      } as ProjectSettings,
      // Written, not set: that would start the CLI once for each.
      stackSettings: { [name]: { ...protections[protection].settings, config: plain } },
      envVars: {
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
        ...vault.env,
        ...quickRuns(),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        ...(provider ? { PULUMI_DEBUG_PROVIDERS: `yandex:${provider.port}` } : definedOf(env)),
      },
    });
    const engine = await EngineStack.create(name, Object.assign(workspace, { createStack: state.create }));
    for (const [key, value] of Object.entries(config))
      if (typeof value !== "string") await engine.setConfig(key, value);
    return Object.assign(engine, { outputs: state.outputs, info: async () => undefined });
  }

  return {
    folder,
    engine,
    program: (next) => void (engine.workspace.program = next),
    ...verbs,
    up: sure(verbs.tryUp),
    preview: sure(verbs.tryPreview),
    refresh: sure(verbs.tryRefresh),
    destroy: sure(verbs.tryDestroy),
    outputs: state.outputs,
    async resources() {
      const all = await state.resources();
      return Object.fromEntries(all.map((resource) => [nameOf(resource.urn), resource]));
    },
    set: (key, value, secret) => engine.setConfig(key, { value, secret }),
    setEnv: (changes) => void Object.assign(env, changes),
    printed: () => printed,
    async [Symbol.asyncDispose]() {
      await stopServers();
      if (!options.beside) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** The provider's environment, wholly: nothing of the machine's own gets through to it. */
const addressOf = (cloud: CloudAddress) => ({
  YC_ENDPOINT: cloud.endpoint,
  YC_AI_ENDPOINT: cloud.url,
  YC_PLAINTEXT: "true",
  YC_TOKEN: cloud.token,
  YC_METADATA_ADDR: "127.0.0.1:1",
});

const worldOf = (env: Record<string, string | undefined>, now: (() => number) | undefined): World => ({
  ...realWorld(env, () => fetch),
  ...(now && { now }),
});

const definedOf = (env: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

const UNCHANGED = new Set(["same", "read", "refresh", "discard", "remove-pending-replace"]);

export function planOf(events: EngineEvent[]): Omit<Plan, "output"> {
  const steps: Record<string, string> = {};
  const diffs: Record<string, string[]> = {};
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const metadata = resourcePreEvent?.metadata ?? resOutputsEvent?.metadata;
    if (!metadata || metadata.type === "pulumi:pulumi:Stack" || metadata.type.startsWith("pulumi:providers:")) continue;
    const name = nameOf(metadata.urn);
    const op = metadata.op === "create-replacement" || metadata.op === "delete-replaced" ? "replace" : metadata.op;
    if (UNCHANGED.has(op)) continue;
    steps[name] = op;
    diffs[name] = [...new Set([...(diffs[name] ?? []), ...Object.keys(metadata.detailedDiff ?? {})])];
  }
  return { steps, diffs };
}

function messageOf(error: unknown, output: string): string {
  const text = output || (error instanceof Error ? error.message : String(error));
  return text
    .split("\n")
    .filter((line) => /error|fail|warning/i.test(line))
    .join("\n");
}
