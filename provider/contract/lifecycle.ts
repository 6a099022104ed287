import { checkInputs } from "../properties/check";
import type { Failure } from "../properties/check";
import { diffInputs } from "../properties/diff";
import type { Change } from "../properties/diff";
import { redactor } from "./redaction";
import { emptyOf, inputsOf, isEmpty, outputsOf, sameMeaning } from "../properties";
import { InitializationFailed } from "./resource";
import type { CheckContext, Context, ReadResult, Resource } from "./resource";
import { holdsSecret, holdsUnknown, unwrapSecrets, copySecrets, Secret, shows, UNKNOWN } from "../properties/values";
import type { Plain, PlainProperties, Properties } from "../properties/values";

/**
 * What the engine asks of any resource, answered from the resource's table and its few calls. Here wrapped values are
 * opened and sealed again, previews are answered without the cloud, and a resource is kept from values not known yet.
 */

export interface Checked {
  inputs: Properties;
  failures: Failure[];
}

export function check(resource: Resource, given: Properties, old: Properties, context: CheckContext): Checked {
  const wrapped = ownProperties(given);
  const plain = unwrapSecrets(wrapped);
  const oldPlain = unwrapSecrets(old);
  const exists = Object.keys(old).length > 0;
  const unknownNames = Object.keys(plain).filter((name) => holdsUnknown(plain[name]));
  const asked = { ...context, old: exists ? oldPlain : undefined, unknown: new Set(unknownNames) };
  const inputs = { ...plain, ...(resource.defaults?.(plain, asked) as PlainProperties | undefined) };
  const secret = new Set(Object.keys(wrapped).filter((name) => holdsSecret(wrapped[name])));
  const failures = checkInputs(resource.properties, inputs, { old: oldPlain, now: context.now, secret });
  if (failures.length === 0) failures.push(...(resource.check?.(known(inputs), asked) ?? []));
  return { inputs: wrapSecrets(resource, inputs, wrapped), failures };
}

export interface Difference {
  changes: Change[];
  deleteBeforeReplace: boolean;
}

/** What the engine compares: the inputs that were accepted before, those that are wanted, and the state between. */
export interface Compared {
  old: Properties;
  wanted: Properties;
  state: Properties;
}

export function diff(resource: Resource, { old, wanted, state }: Compared, context: CheckContext): Difference {
  const before = unwrapSecrets(ownProperties(old));
  const after = unwrapSecrets(wanted);
  const changes = diffInputs(resource.properties, before, after).map((change) => ({
    ...change,
    replace: change.replace || (resource.mustReplace?.(change, before, after, context) ?? false),
  }));
  changes.push(...newlySecret(resource, wanted, state));
  const replace = changes.some((change) => change.replace);
  return { changes, deleteBeforeReplace: replace && (resource.deleteBeforeReplace?.(before, after, context) ?? false) };
}

/** The state holds in clear what is a secret now, as after an import; an update changes nothing but that. */
function newlySecret(resource: Resource, wanted: Properties, state: Properties): Change[] {
  if (!resource.update) return [];
  const names = inputsOf(resource.properties).map(([name]) => name);
  const shown = names.filter((name) => shows(state[name], wanted[name]));
  return shown.map((name) => ({ property: name, path: name, kind: "update", replace: false }));
}

export async function previewCreate(resource: Resource, inputs: Properties, context: Context): Promise<Properties> {
  await checkAgainstCloud(resource, inputs, context);
  return wrapState(resource, { ...unwrapSecrets(inputs), ...unknownOutputs(resource) }, inputs);
}

export async function create(resource: Resource, inputs: Properties, context: Context) {
  return withState(resource, [inputs], () => resource.create(unwrapSecrets(inputs), context));
}

export async function previewUpdate(
  resource: Resource,
  inputs: Properties,
  old: Properties,
  oldInputs: Properties,
  context: Context,
): Promise<Properties> {
  await checkAgainstCloud(resource, inputs, context);
  const state = unwrapSecrets(old);
  const remade = resource.recomputedOutputs?.(changedInputs(resource, oldInputs, inputs)) ?? [];
  const outputs = outputsOf(resource.properties).map(([name]) => [name, remade.includes(name) ? UNKNOWN : state[name]]);
  return wrapState(resource, { ...Object.fromEntries(outputs), ...unwrapSecrets(inputs) }, inputs, old);
}

const changedInputs = ({ properties }: Resource, old: Properties, wanted: Properties): string[] => [
  ...new Set(diffInputs(properties, unwrapSecrets(old), unwrapSecrets(wanted)).map(({ property }) => property)),
];

export async function update(
  resource: Resource,
  id: string,
  inputs: Properties,
  old: Properties,
  oldInputs: Properties,
  context: Context,
) {
  const changed = changedInputs(resource, oldInputs, inputs);
  return withState(resource, [inputs, old], async () => {
    if (!resource.update) throw new Error(`${resource.token} has nothing that can be updated in place`);
    return { id, state: await resource.update(id, unwrapSecrets(inputs), unwrapSecrets(old), changed, context) };
  });
}

export interface Read {
  id: string;
  inputs: Properties;
  state: Properties;
}

/** The engine sends inputs and state on refresh, and only an ID on import and for a resource that is looked up. */
export async function read(
  resource: Resource,
  id: string,
  old: { inputs: Properties; state: Properties } | undefined,
  context: Context,
): Promise<Read | undefined> {
  const state = old && unwrapSecrets(old.state);
  const found = await resource.read(id, state, context);
  if (!found) return undefined;
  const templates = old ? [old.inputs, old.state] : [];
  const now = familiarly(resource, state ?? {}, withoutAbsent(found.state));
  const inputs = old ? refreshedInputs(resource, unwrapSecrets(old.inputs), now) : importedInputs(resource, now);
  return {
    id: shownId(resource, found.id, templates),
    inputs: wrapSecrets(resource, inputs, ...templates),
    state: wrapState(resource, now, ...templates),
  };
}

/** What means the same as before stays as it was written: an equal moment, or scopes in another order, is no change. */
const familiarly = (resource: Resource, old: PlainProperties, now: PlainProperties): PlainProperties =>
  Object.fromEntries(
    Object.entries(now).map(([name, value]) => {
      const property = resource.properties[name];
      const before = old[name];
      return [name, property && before !== undefined && sameMeaning(property, before, value) ? before : value];
    }),
  );

/** What means the same keeps the user's spelling; what is empty in the cloud and was not given stays not given. */
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

/** How long a preview waits, once in a run, for answers that it can do without. */
const PATIENCE_MS = 3_000;

/** In a preview a value may be one that the cloud would refuse; better said now than half-way through the update. */
async function checkAgainstCloud(resource: Resource, inputs: Properties, context: Context): Promise<void> {
  const { silence } = context;
  const signal = AbortSignal.any([context.signal, silence.signal]);
  const asked = resource.previewCheck?.(known(unwrapSecrets(inputs)), { ...context, signal, optional: true });
  // Counted from here, when all that takes part in a call has been loaded.
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const lose = () => silence.abort(patience.reason);
  patience.addEventListener("abort", lose);
  const failures = (await asked?.finally(() => patience.removeEventListener("abort", lose))) ?? [];
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
