import { checkInputs } from "../properties/check";
import type { Checked } from "../properties/check";
import { diffInputs } from "../properties/diff";
import type { Change } from "../properties/diff";
import { redactFailures, redactor } from "./redaction";
import { emptyOf, inputsOf, isEmpty, normalized, outputsOf, sameMeaning } from "../properties";
import { InitializationFailed } from "./resource";
import type { CheckContext, Context, ReadResult, Resource } from "./resource";
import { holdsSecret, holdsUnknown, unwrapSecrets, copySecrets, Secret, shows, UNKNOWN } from "../properties/values";
import type { Plain, PlainProperties, Properties } from "../properties/values";

/**
 * What the engine asks of any resource, answered from the resource's table and its few calls. Here wrapped values are
 * opened and sealed again, previews are answered without the cloud, and a resource is kept from values not known yet.
 */

/** `filledIn`: names of the inputs that the program leaves out and the provider fills in. */
export function check(
  resource: Resource,
  { newInputs, oldInputs }: { newInputs: Properties; oldInputs: Properties },
  context: CheckContext,
): Checked & { filledIn: ReadonlySet<string> } {
  const wrapped = ownProperties(newInputs);
  const given = unwrapSecrets(wrapped);
  const old = unwrapSecrets(oldInputs);
  const exists = Object.keys(oldInputs).length > 0;
  const unknown = new Set(Object.keys(given).filter((name) => holdsUnknown(given[name])));
  const asked = { ...context, oldInputs: exists ? old : undefined, unknown };
  const inputs = withDefaults(resource, normalizedInputs(resource, given), asked);
  const secret = new Set(Object.keys(wrapped).filter((name) => holdsSecret(wrapped[name])));
  const failures = checkInputs(resource.properties, inputs, { old, now: context.now, secret });
  if (failures.length === 0) failures.push(...(resource.check?.(known(inputs), asked) ?? []));
  const filledIn = new Set(Object.keys(inputs).filter((name) => given[name] === undefined || given[name] === ""));
  return {
    inputs: wrapSecrets(resource, inputs, wrapped),
    failures: redactFailures(failures, wrapped),
    filledIn,
  };
}

const normalizedInputs = ({ properties }: Resource, inputs: PlainProperties): PlainProperties =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      const property = properties[name];
      return [name, property ? (normalized(property, value) as Plain) : value];
    }),
  );

/** An empty text means "not given" here as everywhere: it takes the default. */
function withDefaults(resource: Resource, inputs: PlainProperties, context: CheckContext): PlainProperties {
  const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== ""));
  return { ...inputs, ...(resource.defaults?.(given, context) as PlainProperties | undefined) };
}

export interface Difference {
  changes: Change[];
  deleteBeforeReplace: boolean;
}

/** An object that exists: the inputs that were accepted before, and its state. */
export interface Existing {
  oldInputs: Properties;
  oldState: Properties;
}

/** What the engine compares, and what an update gets. */
export interface Changed extends Existing {
  newInputs: Properties;
}

export function diff(resource: Resource, changed: Changed, context: CheckContext): Difference {
  const oldInputs = unwrapSecrets(ownProperties(changed.oldInputs));
  const newInputs = unwrapSecrets(changed.newInputs);
  const changes = diffInputs(resource.properties, oldInputs, newInputs).map((change) => ({
    ...change,
    replace: change.replace || (resource.mustReplace?.(change, oldInputs, newInputs, context) ?? false),
  }));
  changes.push(...newlySecret(resource, changed));
  const replace = changes.some((change) => change.replace);
  const deleteBeforeReplace = replace && (resource.deleteBeforeReplace?.(oldInputs, newInputs, context) ?? false);
  return { changes, deleteBeforeReplace };
}

/** The state holds in clear a value that is secret now, as after an import; an update changes only that. */
function newlySecret(resource: Resource, { oldState, newInputs }: Changed): Change[] {
  if (!resource.update) return [];
  const names = inputsOf(resource.properties).map(([name]) => name);
  const shown = names.filter((name) => shows(oldState[name], newInputs[name]));
  return shown.map((name) => ({ property: name, path: name, kind: "update", replace: false }));
}

export async function previewCreate(resource: Resource, newInputs: Properties, context: Context): Promise<Properties> {
  await checkAgainstCloud(resource, newInputs, context);
  return wrapState(resource, { ...unwrapSecrets(newInputs), ...unknownOutputs(resource) }, newInputs);
}

export async function create(resource: Resource, newInputs: Properties, context: Context) {
  return withState(resource, [newInputs], () => resource.create(unwrapSecrets(newInputs), context));
}

export async function previewUpdate(resource: Resource, changed: Changed, context: Context): Promise<Properties> {
  const { newInputs, oldState } = changed;
  await checkAgainstCloud(resource, newInputs, context);
  const state = unwrapSecrets(oldState);
  const recomputed = resource.recomputedOutputs?.(changedInputs(resource, changed)) ?? [];
  const outputs = outputsOf(resource.properties).map(([name]) => [
    name,
    recomputed.includes(name) ? UNKNOWN : state[name],
  ]);
  return wrapState(resource, { ...Object.fromEntries(outputs), ...unwrapSecrets(newInputs) }, newInputs, oldState);
}

const changedInputs = ({ properties }: Resource, { oldInputs, newInputs }: Changed): string[] => [
  ...new Set(
    diffInputs(properties, unwrapSecrets(oldInputs), unwrapSecrets(newInputs)).map(({ property }) => property),
  ),
];

export async function update(resource: Resource, id: string, changed: Changed, context: Context) {
  const { newInputs, oldState } = changed;
  return withState(resource, [newInputs, oldState], async () => {
    if (!resource.update) throw new Error(`${resource.token} has no input that can be updated in place`);
    const names = changedInputs(resource, changed);
    return { id, state: await resource.update(id, unwrapSecrets(newInputs), unwrapSecrets(oldState), names, context) };
  });
}

export interface Read {
  id: string;
  inputs: Properties;
  state: Properties;
}

/** `existing` is absent on import and for a resource that is looked up: the engine then sends the ID alone. */
export async function read(
  resource: Resource,
  id: string,
  existing: Existing | undefined,
  context: Context,
): Promise<Read | undefined> {
  const oldState = existing && unwrapSecrets(existing.oldState);
  const result = await resource.read(id, oldState, context);
  if (!result) return undefined;
  const templates = existing ? [existing.oldInputs, existing.oldState] : [];
  const state = inOldSpelling(resource, oldState ?? {}, withoutAbsent(result.state));
  const inputs = existing
    ? refreshedInputs(resource, unwrapSecrets(existing.oldInputs), state)
    : importedInputs(resource, state);
  return {
    id: shownId(resource, result.id, templates),
    inputs: wrapSecrets(resource, inputs, ...templates),
    state: wrapState(resource, state, ...templates),
  };
}

/** A value that means the same as before keeps its spelling: an equal moment, or scopes in another order, does not count as a change. */
const inOldSpelling = (resource: Resource, old: PlainProperties, now: PlainProperties): PlainProperties =>
  Object.fromEntries(
    Object.entries(now).map(([name, value]) => {
      const property = resource.properties[name];
      const before = old[name];
      return [name, property && before !== undefined && sameMeaning(property, before, value) ? before : value];
    }),
  );

/** An input that means the same keeps the user's spelling; one that is empty in the cloud and was not given stays so. */
function refreshedInputs(resource: Resource, old: PlainProperties, now: PlainProperties): PlainProperties {
  const inputs: PlainProperties = {};
  for (const [name, property] of inputsOf(resource.properties)) {
    const value = sameMeaning(property, old[name], now[name]) ? old[name] : now[name];
    if (value !== undefined) inputs[name] = value;
  }
  return inputs;
}

function importedInputs(resource: Resource, now: PlainProperties): PlainProperties {
  const names = inputsOf(resource.properties).map(([name]) => name);
  return Object.fromEntries(names.filter((name) => !isEmpty(now[name])).map((name) => [name, now[name] as Plain]));
}

/** How long the previews of a run wait, all together, for checks in the cloud. */
const PREVIEW_LIMIT_MS = 3_000;

/** In a preview a value may be one that the cloud would refuse; the user wants to know that before the update. */
async function checkAgainstCloud(resource: Resource, inputs: Properties, context: Context): Promise<void> {
  const { silence } = context;
  const signal = AbortSignal.any([context.signal, silence.signal]);
  const asked = resource.previewCheck?.(known(unwrapSecrets(inputs)), { ...context, signal, optional: true });
  // Counted from here, when all that takes part in a call has been loaded.
  using limit = context.timeLimit(PREVIEW_LIMIT_MS);
  limit.signal.addEventListener("abort", () => silence.abort(limit.signal.reason));
  const failures = (await asked) ?? [];
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("; "));
}

/** Runs a call of a resource and seals the state that comes of it, also if only a part of the work was done. */
async function withState(resource: Resource, templates: Properties[], call: () => Promise<ReadResult<object>>) {
  try {
    const { id, state } = await call();
    return { id: shownId(resource, id, templates), state: wrapState(resource, state, ...templates) };
  } catch (error) {
    if (!(error instanceof InitializationFailed)) throw error;
    const id = shownId(resource, error.id, templates);
    throw new InitializationFailed(id, wrapState(resource, error.state, ...templates), error.message);
  }
}

/** An ID cannot be sealed. One that the cloud has made stays as it is: by it the thing is found. */
const shownId = ({ idFromInputs }: Resource, id: string, templates: Properties[]): string =>
  idFromInputs ? redactor(...templates)(id) : id;

function wrapSecrets(resource: Resource, values: PlainProperties, ...templates: Properties[]): Properties {
  const result = copySecrets(values, ...templates);
  for (const [name, property] of Object.entries(resource.properties)) {
    const value = result[name];
    if (property.secret && value !== undefined && !(value instanceof Secret)) result[name] = new Secret(value);
  }
  return result;
}

/** A state is complete: what a program may rely on is there, if only empty. */
function wrapState(resource: Resource, state: unknown, ...templates: Properties[]): Properties {
  const complete = withoutAbsent(state);
  for (const [name, property] of Object.entries(resource.properties)) {
    const empty = property.output || property.filled ? emptyOf(property) : undefined;
    if (complete[name] === undefined && empty !== undefined) complete[name] = empty;
  }
  return wrapSecrets(resource, complete, ...templates);
}

const unknownOutputs = (resource: Resource): PlainProperties =>
  Object.fromEntries(outputsOf(resource.properties).map(([name]) => [name, UNKNOWN]));

/** Without what the engine and other providers of these types note beside the properties, such as `__defaults`. */
const ownProperties = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith("__")));

const known = (inputs: PlainProperties): PlainProperties =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => !holdsUnknown(value)));

const withoutAbsent = (state: unknown): PlainProperties =>
  Object.fromEntries(
    Object.entries(state as Record<string, Plain | undefined>).filter(
      ([, value]) => value !== undefined && value !== null,
    ),
  ) as PlainProperties;
