import type { World } from "./cloud";
import { connect } from "./cloud";
import { checkConfiguration, diffConfiguration } from "./settings/configuration";
import { redactFailures, redacting, redactor, secretTexts } from "./contract/redaction";
import { functions } from "./functions";
import * as lifecycle from "./contract/lifecycle";
import type { Existing } from "./contract/lifecycle";
import { proposeName } from "./contract/autonaming";
import type { Naming } from "./contract/autonaming";
import { resources } from "./resources";
import type { CheckContext, Context, Run, Resource } from "./contract/resource";
import { version } from "./schema/package";
import { schema } from "./schema";
import { credentialsIn, readProviderSettings } from "./settings";
import { Secret, unwrapSecrets } from "./properties/values";
import type { Properties } from "./properties/values";

/** The engine's log: it shows a line beside the resource. */
export interface EngineLog {
  /** A line that stays in the output of the run. */
  log(severity: "info" | "warning", urn: string, message: string): void;
  /** A line that the next one for the same resource replaces. */
  logStatus(urn: string, message: string): void;
  close(): void;
}

/** One call of the engine about a resource. */
interface ResourceCall {
  urn: string;
  /** Seconds; 0 where the user set none. */
  timeout: number;
}

/** Long enough for a slow operation of the cloud, short enough that a hanging one ends. */
const DEFAULT_TIMEOUT_SECONDS = 10 * 60;

/** A shorter secret setting is a path or a word; to redact it would make messages unreadable. */
const SHORTEST_CREDENTIAL = 16;

/** One provider as the engine configures it, independent of how the engine talks to it. */
export type Provider = ReturnType<typeof createProvider>;

/**
 * The provider, configured once per run.
 *
 * @param openLog opens the log of the engine at an address; without an address it logs nothing
 */
export function createProvider(
  world: World,
  openLog: (engineAddress: string | undefined) => EngineLog,
  engineAddress?: string,
) {
  let engine = openLog(engineAddress);
  let interrupted = new AbortController();
  let configured: Run | undefined;
  /** Secrets among the settings, which no message of a run shows. */
  let credentials: Properties = {};

  const ready = (): Run => {
    if (!configured) throw new Error("the provider yandex has not been configured");
    return configured;
  };

  const resource = (urn: string): Resource => {
    const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const found = resources[token];
    if (!found)
      throw new Error(`the provider yandex has no resource ${token}; it has ${Object.keys(resources).join(", ")}`);
    return found;
  };

  /** Results of a check that the diff after it needs. */
  const checks = new Map<string, Pick<CheckContext, "proposedName" | "filledIn">>();

  const checkContext = (urn: string): CheckContext => ({
    urn,
    settings: ready().settings,
    now: world.now(),
    unknown: new Set(),
    filledIn: new Set(),
    ...checks.get(urn),
  });

  const secondsFor = ({ urn, newInputs }: { urn: string; newInputs: Properties }) =>
    resource(urn).defaultTimeoutSeconds?.(unwrapSecrets(newInputs));

  const observe = (urn: string, object: { id?: string; inputs?: Properties; state?: Properties; same?: boolean }) =>
    resource(urn).observe?.(
      { ...object, urn, inputs: opened(object.inputs), state: opened(object.state) as never },
      ready(),
    );

  /** Runs an operation within its time limit, and redacts what is secret in the properties from all that it says. */
  async function operate<Result>(
    { urn, timeout }: ResourceCall,
    secrets: Properties[],
    run: (context: Context) => Promise<Result>,
    defaultSeconds = 0,
  ): Promise<Result> {
    using limit = world.timeLimit(1000 * (timeout || Math.max(DEFAULT_TIMEOUT_SECONDS, defaultSeconds)));
    const context: Context = {
      ...ready(),
      urn,
      signal: AbortSignal.any([interrupted.signal, limit.signal]),
      log: (severity, message) => engine.log(severity, urn, message),
      logStatus: (message) => engine.logStatus(urn, message),
    };
    return await redacting(context, [credentials, ...secrets], run);
  }

  return {
    version,
    schema,

    handshake(address: string): void {
      if (!address) return;
      engine.close();
      engine = openLog(address);
      // Under a debugger one process serves many runs; the end of the last one must not end this one.
      interrupted = new AbortController();
    },

    mapping: (key: string, provider: string) =>
      (key === "terraform" || key === "tf") && (provider === "" || provider === "yandex")
        ? { provider: "yandex", data: Buffer.from(JSON.stringify({ name: "yandex" })) }
        : undefined,
    mappings: (key: string) => (key === "terraform" || key === "tf" ? ["yandex"] : []),

    checkConfig(newInputs: Properties) {
      const { inputs, failures } = checkConfiguration(newInputs, world.env);
      return { inputs, failures: redactFailures(failures, newInputs) };
    },
    diffConfig: (oldInputs: Properties, newInputs: Properties) => diffConfiguration(oldInputs, newInputs),

    /** `id` is the engine's own for this provider; an older engine gives none. */
    configure(config: Properties, id?: string): void {
      const plain = unwrapSecrets(config);
      const { settings, failures } = readProviderSettings(plain, world.env);
      if (failures.length > 0) {
        const reasons = redactFailures(failures, config).map(({ property, reason }) => `yandex:${property} ${reason}`);
        throw new Error(reasons.join("\n"));
      }
      const texts = [...secretTexts(config), ...credentialsIn(plain, world.env)];
      credentials = {
        texts: texts.filter(({ length }) => length >= SHORTEST_CREDENTIAL).map((text) => new Secret(text)),
      };
      configured?.cloud.close();
      const { now, sleep, timeLimit, random } = world;
      configured = {
        settings,
        stateId: id || world.randomId(),
        cloud: connect(settings, world),
        silence: new AbortController(),
        now,
        sleep,
        timeLimit,
        random,
      };
    },

    check(request: Existing & { urn: string; newInputs: Properties; seed: string; naming?: Naming }) {
      const { urn } = request;
      const proposedName = proposeName(urn, request.seed, request.naming);
      const asked = { ...checkContext(urn), proposedName };
      const { filledIn, ...checked } = lifecycle.check(resource(urn), request, asked);
      checks.set(urn, { proposedName, filledIn });
      observe(urn, { inputs: checked.inputs, state: request.oldState });
      if (checked.failures.length === 0) {
        for (const warning of resource(urn).warnings?.(unwrapSecrets(checked.inputs), asked) ?? []) {
          engine.log("warning", urn, redactor(checked.inputs)(warning));
        }
      }
      return checked;
    },

    diff(request: lifecycle.Changed & { urn: string; id: string }) {
      const { urn, id, oldState } = request;
      const difference = lifecycle.diff(resource(urn), request, checkContext(urn));
      observe(urn, { id, state: oldState, same: difference.changes.length === 0 });
      return difference;
    },

    async create(request: ResourceCall & { newInputs: Properties; preview: boolean }) {
      const kind = resource(request.urn);
      const { newInputs, preview } = request;
      return preview
        ? operate(request, [newInputs], async (context) => ({
            id: "",
            state: await lifecycle.previewCreate(kind, newInputs, context),
          }))
        : operate(request, [newInputs], (context) => lifecycle.create(kind, newInputs, context), secondsFor(request));
    },

    async read(request: ResourceCall & { id: string; existing: Existing | undefined }) {
      const { urn, id, existing } = request;
      if (existing) observe(urn, { id, state: existing.oldState });
      const secrets = existing ? [existing.oldInputs, existing.oldState] : [];
      return operate(request, secrets, (context) => lifecycle.read(resource(urn), id, existing, context));
    },

    async update(request: ResourceCall & lifecycle.Changed & { id: string; preview: boolean }) {
      const kind = resource(request.urn);
      const { id, newInputs, oldState, preview } = request;
      const secrets = [newInputs, oldState];
      if (preview) return operate(request, secrets, (context) => lifecycle.previewUpdate(kind, request, context));
      const update = async (context: Context) => (await lifecycle.update(kind, id, request, context)).state;
      return operate(request, secrets, update, secondsFor(request));
    },

    async delete(request: ResourceCall & { id: string; oldState: Properties }): Promise<void> {
      const { urn, id, oldState } = request;
      await operate(request, [oldState], (context) => resource(urn).delete(id, unwrapSecrets(oldState), context));
    },

    invoke: (token: string, args: Properties) =>
      operate({ urn: "", timeout: 0 }, [], (context) => functions(token, args, context)),

    /** The engine says this at the end of every run too, so it must be harmless twice. */
    cancel(): void {
      interrupted.abort(new Error("interrupted"));
    },

    close(): void {
      interrupted.abort(new Error("interrupted"));
      configured?.cloud.close();
      engine.close();
    },
  };
}

const opened = (properties: Properties | undefined) => properties && unwrapSecrets(properties);
