import type { Cloud, World } from "./cloud";
import { connect } from "./cloud";
import { checkConfiguration, diffConfiguration } from "./settings/configuration";
import { redacting, redactor } from "./contract/redaction";
import { connectEngine } from "./protocol/engineLog";
import { functions } from "./functions";
import { gatherGrants } from "./resources/resourcemanagerFolderIamMember/grants";
import { openLedger } from "./ownership/ledger";
import * as lifecycle from "./contract/lifecycle";
import { proposeName } from "./contract/autonaming";
import type { Naming } from "./contract/autonaming";
import { resources } from "./resources";
import type { CheckContext, Context, Run, Resource } from "./contract/resource";
import { version } from "./schema/package";
import { schema } from "./schema";
import type { Settings } from "./settings";
import { readProviderSettings } from "./settings";
import { unwrapSecrets } from "./properties/values";
import type { Properties } from "./properties/values";

interface Asked {
  urn: string;
  /** Seconds; 0 where the user set none. */
  timeout: number;
}

/** Long enough for a slow operation of the cloud, short enough that a hanging one ends within a coffee. */
const DEFAULT_TIMEOUT_SECONDS = 10 * 60;
/** The longest that a timer can be set to, about 25 days; whoever gives more means: for ever. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** A timer takes whole milliseconds only. */
const after = (seconds: number): AbortSignal =>
  AbortSignal.timeout(Math.min(Math.ceil(seconds * 1000), LONGEST_TIMEOUT_MS));

/** One provider as the engine configures it, independent of how the engine talks to it. */
export type Provider = ReturnType<typeof createProvider>;

export function createProvider(world: World, engineAddress?: string) {
  let engine = connectEngine(engineAddress);
  let interrupted = new AbortController();
  let configured: (Run & { cloud: Cloud }) | undefined;

  const ready = () => {
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

  /** What a check has found out that the comparison after it wants to know. */
  const checks = new Map<string, Pick<CheckContext, "proposedName" | "filledIn">>();

  const checkContext = (urn: string): CheckContext => ({
    urn,
    settings: ready().settings,
    now: world.now(),
    unknown: new Set(),
    filledIn: new Set(),
    ...checks.get(urn),
  });

  const context = ({ urn, timeout }: Asked, takesSeconds = 0): Context => ({
    ...ready(),
    urn,
    now: world.now,
    sleep: world.sleep,
    random: world.random,
    signal: AbortSignal.any([interrupted.signal, after(timeout || Math.max(DEFAULT_TIMEOUT_SECONDS, takesSeconds))]),
    log: (severity, message) => engine.say(severity, urn, message),
    logStatus: (message) => engine.progress(urn, message),
  });

  return {
    version,
    schema,

    greet(address: string): void {
      if (!address) return;
      engine.close();
      engine = connectEngine(address);
      // Under a debugger one process serves many runs; the end of the last one must not end this one.
      interrupted = new AbortController();
    },

    mapping: (key: string, provider: string) =>
      (key === "terraform" || key === "tf") && (provider === "" || provider === "yandex")
        ? { provider: "yandex", data: Buffer.from(JSON.stringify({ name: "yandex" })) }
        : undefined,
    mappings: (key: string) => (key === "terraform" || key === "tf" ? ["yandex"] : []),

    checkConfig: (given: Properties) => checkConfiguration(given, world.env),
    diffConfig: (old: Properties, wanted: Properties) => diffConfiguration(old, wanted),

    configure(config: Properties): void {
      const { settings, failures } = readProviderSettings(unwrapSecrets(config), world.env);
      if (failures.length > 0) {
        throw new Error(failures.map(({ property, reason }) => `yandex:${property} ${reason}`).join("\n"));
      }
      configured?.cloud.close();
      configured = start(settings, world);
    },

    check(request: {
      urn: string;
      given: Properties;
      old: Properties;
      state: Properties;
      seed: string;
      naming?: Naming;
    }) {
      const asked = checkContext(request.urn);
      const kind = resource(request.urn);
      const proposedName = proposeName(request.urn, request.seed, request.naming);
      const checked = lifecycle.check(kind, request.given, request.old, { ...asked, proposedName });
      const inputs = unwrapSecrets(checked.inputs);
      const given = unwrapSecrets(request.given);
      const filledIn = new Set(Object.keys(inputs).filter((name) => given[name] === undefined));
      checks.set(request.urn, { proposedName, filledIn });
      kind.observe?.({ urn: request.urn, inputs, state: unwrapSecrets(request.state) }, ready());
      if (checked.failures.length === 0) {
        for (const remark of kind.warnings?.(inputs, asked) ?? []) {
          engine.say("warning", request.urn, redactor(checked.inputs)(remark));
        }
      }
      return checked;
    },

    diff(request: { urn: string; id: string; state: Properties; old: Properties; wanted: Properties }) {
      const kind = resource(request.urn);
      const difference = lifecycle.diff(kind, request, checkContext(request.urn));
      const stays = difference.changes.length === 0;
      kind.observe?.({ urn: request.urn, id: request.id, state: unwrapSecrets(request.state), stays }, ready());
      return difference;
    },

    async create(request: Asked & { inputs: Properties; preview: boolean }) {
      const kind = resource(request.urn);
      const { inputs, preview } = request;
      const takesSeconds = preview ? undefined : kind.defaultTimeoutSeconds?.(unwrapSecrets(inputs));
      return redacting(context(request, takesSeconds), [inputs], async (context) =>
        preview
          ? { id: "", state: await lifecycle.previewCreate(kind, inputs, context) }
          : lifecycle.create(kind, inputs, context),
      );
    },

    read(request: Asked & { id: string; old: { inputs: Properties; state: Properties } | undefined }) {
      const kind = resource(request.urn);
      if (request.old)
        kind.observe?.({ urn: request.urn, id: request.id, state: unwrapSecrets(request.old.state) }, ready());
      const { id, old } = request;
      const known = old ? [old.inputs, old.state] : [];
      return redacting(context(request), known, (context) => lifecycle.read(kind, id, old, context));
    },

    async update(
      request: Asked & { id: string; inputs: Properties; state: Properties; old: Properties; preview: boolean },
    ) {
      const kind = resource(request.urn);
      const { id, inputs, state, old, preview } = request;
      const takesSeconds = preview ? undefined : kind.defaultTimeoutSeconds?.(unwrapSecrets(inputs));
      return redacting(context(request, takesSeconds), [inputs, state], async (context) =>
        preview
          ? lifecycle.previewUpdate(kind, inputs, state, old, context)
          : (await lifecycle.update(kind, id, inputs, state, old, context)).state,
      );
    },

    async delete(request: Asked & { id: string; state: Properties }): Promise<void> {
      const { urn, id, state } = request;
      await redacting(context(request), [state], (context) => resource(urn).delete(id, unwrapSecrets(state), context));
    },

    invoke: (token: string, args: Properties) => functions(token, args, context({ urn: "", timeout: 0 })),

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

function start(settings: Settings, world: World): Run & { cloud: Cloud } {
  const cloud = connect(settings, world);
  const silence = new AbortController();
  return { settings, cloud, silence, grants: gatherGrants(cloud, world), keys: openLedger() };
}
