/**
 * contract/: what a resource is to the provider, and the lifecycle around it: opening and sealing secrets, defaults,
 * autonaming, redaction. It may import cloud, signIn, settings and properties; it knows no particular resource.
 * Start with `Resource` below, then contract/lifecycle.ts, which calls it.
 */
import type { Failure } from "../properties/check";
import type { Cloud } from "../cloud";
import type { Change } from "../properties/diff";
import type { PropertyTable } from "../properties";
import type { Settings } from "../settings";
import type { World } from "../world";

/**
 * The contract of a resource: its table of properties and its calls. A resource gets plain values and gives plain values;
 * the protocol, previews, secrets, timeouts and the comparison of properties are handled around it, in `lifecycle.ts`.
 *
 * @typeParam Inputs what a program gives
 * @typeParam State the inputs and what the cloud added to them
 */
// Code that handles resources of all kinds does not know their inputs and state.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface Resource<Inputs extends object = any, State extends Inputs = any> {
  token: string;
  description: string;
  properties: PropertyTable;

  /** The ID is composed of the inputs and is not used to find the object, so that secret inputs can be left out of it. */
  idFromInputs?: true;

  /** Values for the inputs that the program may leave out. Runs before any check; a value may still be unknown. */
  defaults?(inputs: Partial<Inputs>, context: CheckContext): Partial<Inputs>;

  /** Checks that the table cannot express. Sees only known values and makes no call. */
  check?(inputs: Partial<Inputs>, context: CheckContext): Failure[];

  /** Called for each object of the program and of the state before anything changes. */
  observe?(object: Observed<Inputs, State>, run: Run): void;

  /**
   * Checks of a preview that only the cloud can answer. A check that the cloud does not answer, or that the deployer may
   * not ask, reports no failure: a preview must not need more rights than it has.
   */
  previewCheck?(inputs: Partial<Inputs>, context: Context): Promise<Failure[]>;

  /** Warnings about accepted inputs, shown in each preview and update. */
  warnings?(inputs: Inputs, context: CheckContext): string[];

  /** Whether a change that the table makes an update replaces the object all the same. */
  mustReplace?(change: Change, oldInputs: Inputs, newInputs: Inputs, context: CheckContext): boolean;

  /** Whether the old object must be deleted before its replacement is created. */
  deleteBeforeReplace?(oldInputs: Inputs, newInputs: Inputs, context: CheckContext): boolean;

  /** The time limit of create and update, in seconds, where it is more than the ten minutes of all other calls. */
  defaultTimeoutSeconds?(inputs: Partial<Inputs>): number;

  create(inputs: Inputs, context: Context): Promise<ReadResult<State>>;

  /** The object as it is now; undefined only if the cloud says that it does not exist. `oldState` is absent on import. */
  read(id: string, oldState: State | undefined, context: Context): Promise<ReadResult<State> | undefined>;

  /** A resource whose inputs all replace leaves this out. `changed` has the names of the inputs that differ. */
  update?(id: string, newInputs: Inputs, oldState: State, changed: string[], context: Context): Promise<State>;

  /** Outputs that an update of these inputs computes again, so that a preview shows them as unknown. */
  recomputedOutputs?(changed: string[]): string[];

  /** Succeeds also if the object no longer exists. */
  delete(id: string, oldState: State, context: Context): Promise<void>;
}

export interface ReadResult<State> {
  id: string;
  state: State;
}

/** An object as the engine showed it to the provider in check, diff or read. */
export interface Observed<Inputs, State> {
  urn: string;
  id?: string;
  inputs?: Partial<Inputs>;
  state?: Partial<State>;
  /** Diff found no change. The engine may still replace the object, so this does not prove that it stays. */
  same?: boolean;
}

/** One configuration of the provider: one run of the engine. */
export interface Run extends Pick<World, "now" | "sleep" | "timeLimit" | "random"> {
  settings: Settings;
  /** The ID that the engine gave this provider: one for each state. Random where an older engine gives none. */
  stateId: string;
  /** The identity of this run, too, for everything that is remembered for as long as it lasts. */
  cloud: Cloud;
  /** Raised when the cloud has kept a preview waiting too long; previews of this run then skip their checks in the cloud. */
  silence: AbortController;
}

export interface CheckContext {
  urn: string;
  settings: Settings;
  /** Milliseconds since 1970. */
  now: number;
  /** The inputs that were accepted before; absent for a new object. */
  oldInputs?: Record<string, unknown>;
  /** Names of the inputs whose values are not known yet. */
  unknown: ReadonlySet<string>;
  /** A unique name that stays the same for as long as the object lives; absent where the project disables autonaming. */
  proposedName?: string;
  /** Names of the inputs that the program leaves out and the provider filled in. */
  filledIn: ReadonlySet<string>;
}

export interface Context extends Run {
  urn: string;
  /** Raised when the user interrupts the run or the time limit of the call is reached. */
  signal: AbortSignal;
  /** A preview calls, which can do without the answer. */
  optional?: boolean;
  /** A line for the user beside the resource, kept after the run. */
  log(severity: "info" | "warning", message: string): void;
  /** A line for the user that the next one replaces. */
  logStatus(message: string): void;
}

/** The object exists, but its creation or update is not complete. The engine keeps it in the state and tries again. */
export class InitializationFailed<State = unknown> extends Error {
  constructor(
    readonly id: string,
    readonly state: State,
    reason: string,
  ) {
    super(reason);
  }
}
