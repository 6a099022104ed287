import type { Failure } from "../properties/check";
import type { Cloud } from "../cloud";
import type { Change } from "../properties/diff";
import type { Grants } from "../resources/resourcemanagerFolderIamMember/grants";
import type { RunLedger } from "../ownership/ledger";
import type { PropertyTable } from "../properties";
import type { Settings } from "../settings";

/**
 * What every resource of the package tells of itself. The wire, previews, secrets, timeouts and the comparison of
 * properties are not its business: it gets plain values and gives plain values.
 *
 * @typeParam Inputs what a program gives
 * @typeParam State the inputs and what the cloud added to them
 */
// Whoever handles resources of all kinds knows nothing of what each is made of.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface Resource<Inputs extends object = any, State extends Inputs = any> {
  token: string;
  description: string;
  properties: PropertyTable;

  /** The ID is put together from the inputs and finds nothing once there is a state, so it may leave out what is secret. */
  idFromInputs?: true;

  /** The inputs with what the program may leave out. Runs before any check; a value may still be unknown. */
  defaults?(inputs: Partial<Inputs>, context: CheckContext): Partial<Inputs>;

  /** What the table cannot say against the inputs. Sees only what is known, asks nobody. */
  check?(inputs: Partial<Inputs>, context: CheckContext): Failure[];

  /** Hears of each object of the program and of the state, before anything is changed. */
  observe?(object: Observed<Inputs, State>, context: Run): void;

  /**
   * What only the cloud can say against the inputs. Asked in previews. Where the cloud does not answer, nothing is
   * said: a preview must not need more rights than it has.
   */
  previewCheck?(inputs: Partial<Inputs>, context: Context): Promise<Failure[]>;

  /** Remarks on an object that exists, for its owner to see in each preview. */
  warnings?(inputs: Inputs, context: CheckContext): string[];

  /** Whether a change that would be an update must be a replacement after all. */
  mustReplace?(change: Change, old: Inputs, wanted: Inputs, context: CheckContext): boolean;

  /** Whether the old one must go before the new one can be made. */
  deleteBeforeReplace?(old: Inputs, wanted: Inputs, context: CheckContext): boolean;

  /** How long making or changing it may take, if that can be more than the ten minutes that there are for anything. */
  defaultTimeoutSeconds?(inputs: Partial<Inputs>): number;

  create(inputs: Inputs, context: Context): Promise<ReadResult<State>>;

  /** The object as it is now; undefined only if the cloud says that it does not exist. `old` is absent on import. */
  read(id: string, old: State | undefined, context: Context): Promise<ReadResult<State> | undefined>;

  /** Resources that have nothing to update leave this out: all their inputs replace. */
  update?(id: string, inputs: Inputs, old: State, changed: string[], context: Context): Promise<State>;

  /** Outputs that an update of these inputs makes anew, so that a preview cannot know them. */
  recomputedOutputs?(changed: string[]): string[];

  /** Succeeds also if there is nothing left to delete. */
  delete(id: string, old: State, context: Context): Promise<void>;
}

export interface ReadResult<State> {
  id: string;
  state: State;
}

/** What the engine has let the provider know of an object. */
export interface Observed<Inputs, State> {
  urn: string;
  id?: string;
  inputs?: Partial<Inputs>;
  state?: Partial<State>;
  /** The program wants it as the state has it, so it is there after the run too. */
  stays?: boolean;
}

/** What lives as long as the plugin does. */
export interface Run {
  settings: Settings;
  /** Raised when the cloud has kept a preview waiting for too long; the rest of the run asks it nothing in previews. */
  silence: AbortController;
  grants: Grants;
  keys: RunLedger;
}

export interface CheckContext {
  urn: string;
  settings: Settings;
  /** Milliseconds since 1970. */
  now: number;
  /** The inputs that were accepted before, if the object exists. */
  oldInputs?: Record<string, unknown>;
  /** Names of the inputs that are given, but whose values are not known yet. */
  unknown: ReadonlySet<string>;
  /** A name that is unique and stays the same for as long as the object lives; absent where the user forbids one. */
  proposedName?: string;
  /** Names of the inputs that the program leaves out and the provider has filled in. */
  filledIn: ReadonlySet<string>;
}

export interface Context extends Run {
  urn: string;
  cloud: Cloud;
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  random(): number;
  /** Aborted when the user interrupts or the time for the call is over. Ends waiting; never a write under way. */
  signal: AbortSignal;
  /** A preview asks, which can do without the answer. */
  optional?: boolean;
  /** A line for the user beside the resource, kept after the run. */
  log(severity: "info" | "warning", message: string): void;
  /** A line for the user that the next one replaces. */
  logStatus(message: string): void;
}

/** The object exists, but not all that was wanted of it has come about. The engine keeps it and tries again. */
export class InitializationFailed<State = unknown> extends Error {
  constructor(
    readonly id: string,
    readonly state: State,
    reason: string,
  ) {
    super(reason);
  }
}
