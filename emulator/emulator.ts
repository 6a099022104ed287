/**
 * The local cloud, put together: one store, the rules over it, and the transports that translate to them.
 * It may import every folder here; none of them imports it. From above: control, dataPlane, services, tokens, transport,
 * calls, catalogue, store; each imports only those below it (ESLint holds this). Core, which access needs, is all but
 * dataPlane, which is breadth: the AI services that a key opens. Start with `startEmulator`, then calls/calls.ts.
 */
import { dirname, join } from "node:path";
import { openAccess } from "./calls/access";
import { openAdmin } from "./control/admin";
import { type CallRecord, openCallSite } from "./calls/calls";
import { openCertificates } from "./transport/certificates";
import { type ListenAddresses, type Listeners, openListeners } from "./transport/listeners";
import { type Clock, machineTime, startClock } from "./clock";
import { openControlPlane } from "./calls/controlPlane";
import { openRealtime } from "./dataPlane/realtime";
import { openDataPlane } from "./dataPlane/serve";
import { aiServices } from "./dataPlane/services";
import { type Fault, openFaults } from "./calls/faults";
import { openFederations } from "./tokens/federation";
import { findCaller } from "./calls/identity";
import { type Lockbox, openLockbox } from "./services/lockbox";
import { openOperations } from "./calls/operations";
import type { HttpPart } from "./transport/httpCall";
import { openRest } from "./transport/rest";
import { openSeeds, type Seeded, seedFirst, type Seeds } from "./control/seed";
import { services } from "./services";
import { openState } from "./store/state";
import { defaultSwitches, type Switches } from "./switches";
import { openStatusPage } from "./control/statusPage";
import { openTokenPages } from "./tokens/endpoints";
import { takeSnapshot, type WorldSnapshot } from "./control/snapshot";

export interface EmulatorOptions {
  /** Where the state is kept; in memory only when absent. Certificates stand beside it. */
  stateFile?: string;
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /** Of REST, AI and pages. Default of all ports 0: any free one. */
  port?: number;
  tlsPort?: number;
  grpcPort?: number;
  grpcTlsPort?: number;
  /** Origins whose pages in a browser may call, such as `http://localhost:3000`; `*` for all. Default: none. */
  cors?: readonly string[];
  /** Real time in ms, for tests. Default Date.now. */
  clock?: () => number;
  switches?: Partial<Switches>;
  /** Puts things there before the first call. */
  seed?: (cloud: Seeds & Seeded) => void;
  /** Whether `/_emulator/` answers. Default false. */
  admin?: boolean;
  /** Called with each answered call. Default: nobody. */
  log?: (record: CallRecord) => void;
  /** Called with the stack of what should not happen. Default: a warning of the process. */
  report?: (text: string) => void;
  /** Called with a sentence once the state no longer exists, so that no write is acknowledged any more. Default: nobody. */
  lost?: (sentence: string) => void;
}

/** The control surface of a running local cloud: what a test or a person does around the API, never through it. */
export interface Emulator extends Seeds, Seeded, ListenAddresses, AsyncDisposable {
  /** An IAM token of the deployer that is valid now, wherever a test has moved the clock. */
  readonly token: string;
  clock: Clock;
  /** Can be changed at any time. */
  switches: Switches;
  /** Every answered call since the start, oldest first. */
  calls: CallRecord[];
  /** What calls of a service (`ApiKeyService`) wrote, in order: `create <id>`, `updateAccessBindings <folder>`. */
  writes(service: string): string[];
  fault(fault: Fault): void;
  clearFaults(): void;
  /** Live accounts, keys and grants, as lists of the API would show them. */
  snapshot(): WorldSnapshot;
  /** All the state as text, as the state file would hold it. For leak scans. */
  dump(): string;
  /** Whether a token opens the control plane now. */
  accepts(token: string): boolean;
  /** Takes no more connections, answers what is under way for at most `patienceMs` (default 0), and ends. */
  close(patienceMs?: number): Promise<void>;
}

/** Starts a local cloud in this process. Throws an Error with one sentence when it cannot. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = startClock(options.clock);
  const switches: Switches = { ...defaultSwitches, ...options.switches };
  const host = options.host ?? "127.0.0.1";
  const state = openState({ file: options.stateFile, clock, switches, lost: options.lost });
  const seeded = seedFirst(state);
  const seeds = openSeeds(state, seeded);
  options.seed?.({ ...seeds, ...seeded });

  const operations = openOperations(state);
  const faults = openFaults();
  const report = options.report ?? ((text: string) => process.emitWarning(text));
  const calls = openCallSite({
    state,
    nextServer: openAccess(state),
    faults,
    log: options.log ?? (() => {}),
    report,
    settle: operations.settle,
  });
  const folder = options.stateFile && dirname(options.stateFile);
  const orClose = (error: unknown): never => {
    state.tables.close();
    throw error;
  };
  let lockbox: Lockbox;
  try {
    lockbox = openLockbox(state, folder && join(folder, "lockbox.key"));
  } catch (error) {
    return orClose(error);
  }
  const controlPlane = openControlPlane(operations, calls, [
    ...services(state, operations, lockbox),
    ...aiServices(state, operations),
  ]);
  const control = {
    ...seeds,
    clockNow: () => clock.now(),
    clockAdvance: (ms: number) => clock.advance(ms),
    setSwitches: (changes: Partial<Switches>) => Object.assign(switches, changes),
    calls: () => calls.records,
    writes: (service: string) => writesOf(calls.records, service),
    fault: (fault: Fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    snapshot: () => takeSnapshot(state),
    dump: () => JSON.stringify(state.tables.snapshot()),
    accepts: (token: string) => findCaller(state, { kind: "iamToken", token }) !== undefined,
  };
  const parts: HttpPart[] = [
    openDataPlane(state, calls),
    openRest(controlPlane),
    openTokenPages(state, calls, openFederations(state)),
    openStatusPage({ state, calls: calls.records, home: seeded, tls: () => listeners.addresses }),
    ...(options.admin ? [openAdmin(control)] : []),
  ];
  const ports = { port: 0, tlsPort: 0, grpcPort: 0, grpcTlsPort: 0, ...options };
  const listeners: Listeners = await openListeners({
    host,
    ports,
    tls: await openCertificates(folder, machineTime(), host),
    ...{ parts, controlPlane, upgrade: openRealtime(state, calls), cors: options.cors ?? [], report, now: clock.now },
  }).catch(orClose);

  let token = seeds.addToken(seeded.deployerId);
  const close = async (patienceMs = 0) => {
    const quiet = patienceMs > 0 ? calls.quiet(patienceMs) : undefined;
    await listeners.close(quiet);
    state.tables.close();
  };
  return {
    ...control,
    ...seeded,
    ...listeners.addresses,
    get token() {
      if (!control.accepts(token)) token = seeds.addToken(seeded.deployerId);
      return token;
    },
    clock,
    switches,
    calls: calls.records,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function writesOf(records: CallRecord[], service: string): string[] {
  return records
    .filter((record) => record.wrote !== undefined && record.method.startsWith(`${service}/`))
    .map((record) => `${verbOf(record.method)} ${record.wrote}`);
}

/** `create` of `ApiKeyService/Create`. */
function verbOf(method: string): string {
  const name = method.slice(method.indexOf("/") + 1);
  return name.charAt(0).toLowerCase() + name.slice(1);
}
