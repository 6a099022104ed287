/**
 * calls: the one way of every call, whatever its transport: who calls, with which rights, scripted faults, the record.
 * Also what services share: operations, pages, checks of fields, messages.
 * It may import catalogue and store. Start with `openCallSite`; controlPlane.ts finds the service behind a gRPC path.
 */
import type { Access } from "./access";
import { Abort, type Fault, type Faults, errorOf } from "./faults";
import { identify, type Identity } from "./identity";
import type { State } from "../store/state";
import { asStatusError, type StatusError, type CodeName } from "../status";
import { summaryOf } from "./loggedFields";

/** Where a client reaches the cloud, by the host name that it used. */
export interface Addresses {
  /** `host:port` of gRPC, with TLS if this call came with TLS. */
  grpc: string;
  /** `http://host:port`, or https, of REST and AI. */
  url: string;
}

/** What a transport knows about a call before anything is decided. */
export interface IncomingCall {
  /** `ApiKeyService/Create` or `POST /v1/chat/completions`: the name by which faults and records know it. */
  method: string;
  /** The Authorization header. */
  authorization?: string;
  idempotencyKey?: string;
  /** The folder a header names: `x-folder-id`, or `OpenAI-Project`. */
  folderHeader?: string;
  /** The User-Agent header, of calls over HTTP. */
  userAgent?: string;
  /** Where the client reaches the cloud, so that answers can point back there. */
  addresses: Addresses;
  requestId: string;
  request: unknown;
  /** Aborted when the client has gone or the emulator closes. */
  signal: AbortSignal;
}

/** One call as a service sees it. */
export interface Call extends IncomingCall, Identity {
  access: Access;
  now: number;
  /** Set by a fault: the operation this call starts will fail. */
  operationFails?: { code: CodeName; message: string };
  /** Says that the call wrote, and which object, for `writes()` and the log. */
  wrote(id: string): void;
}

/** One answered call, as tests, the log and the status page see it. Holds no secret. */
export interface CallRecord {
  at: number;
  method: string;
  /** Id of the caller, or "-". */
  caller: string;
  status: CodeName | "CUT";
  /** It only finds out whether a key is accepted, as its client says; a failure of it is not an error. */
  probe?: true;
  /** Real ms from arrival to answer. */
  ms: number;
  /** The harmless fields of the request. */
  request: Record<string, unknown>;
  /** Id of the object it wrote, also when the answer was then lost. */
  wrote?: string;
}

export interface CallSite {
  /** The only way of any call: who · fault · service · record. Throws a StatusError or Abort for the transport to show. */
  run<T>(incoming: IncomingCall, service: (call: Call) => T | Promise<T>): Promise<T>;
  readonly records: CallRecord[];
  /** Resolves when no call of a service waits for its answer any more, or when `patienceMs` have passed. */
  quiet(patienceMs: number): Promise<void>;
}

/** How many answered calls are remembered. */
const remembered = 20_000;

export interface CallSiteOptions {
  state: State;
  nextServer: () => Access;
  faults: Faults;
  /** Called for each answered call. */
  log: (record: CallRecord) => void;
  /** Called with the stack of what should not have been thrown. */
  report: (text: string) => void;
  settle: () => void;
}

export function openCallSite({ state, nextServer, faults, log, report, settle }: CallSiteOptions): CallSite {
  const records: CallRecord[] = [];
  let open = 0;
  let whenQuiet: (() => void)[] = [];

  async function act<T>(call: Call, service: (call: Call) => T | Promise<T>): Promise<T> {
    if (state.switches.latencyMs > 0) await pause(state.switches.latencyMs, call.signal);
    const fault = faults.meet(call.method);
    const lost = fault !== undefined && (fault.when === "after" || fault.echoAnswer === true);
    if (fault?.delayMs) await pause(fault.delayMs, call.signal);
    if (fault && !lost) await fail(fault, call);

    settle();
    call.now = state.clock.now();
    call.operationFails = fault?.operationFails;
    const answer = await service(call);
    // On disk before the client hears of it, so that a crash never forgets what was promised.
    state.tables.commit();

    if (fault && lost) await fail(fault, call, answer);
    return answer;
  }

  /** What a refused or interrupted call has changed nevertheless, such as operations that were due. Its caller has his answer. */
  function commitRest() {
    try {
      state.tables.commit();
    } catch {
      // Undone, as no answer has been sent.
    }
  }

  return {
    records,
    quiet: (patienceMs) =>
      new Promise((resolve) => {
        if (open === 0) return resolve();
        whenQuiet.push(resolve);
        setTimeout(resolve, patienceMs).unref();
      }),
    async run(incoming, service) {
      const started = performance.now();
      const identity = identify(state, incoming.authorization);
      const record: CallRecord = {
        at: state.clock.now(),
        method: incoming.method,
        caller: identity.caller.id || "-",
        status: "OK",
        ms: 0,
        request: summaryOf(incoming.request),
        ...(incoming.userAgent?.endsWith("(access probe)") ? { probe: true } : {}),
      };
      const call: Call = {
        ...incoming,
        ...identity,
        access: nextServer(),
        now: record.at,
        wrote(id) {
          record.wrote = id;
        },
      };
      open += 1;
      try {
        return await act(call, service);
      } catch (thrown) {
        if (thrown instanceof Abort) {
          record.status = "CUT";
          throw thrown;
        }
        const error: StatusError = asStatusError(thrown, report);
        record.status = error.code;
        throw error;
      } finally {
        commitRest();
        open -= 1;
        record.ms = Math.round((performance.now() - started) * 10) / 10;
        records.push(record);
        if (records.length > remembered) records.splice(0, remembered / 10);
        log(record);
        if (open === 0) {
          for (const told of whenQuiet) told();
          whenQuiet = [];
        }
      }
    },
  };
}

async function fail(fault: Fault, call: Call, answer?: unknown): Promise<void> {
  if (fault.hang) await pause(Infinity, call.signal);
  const refusal = errorOf(fault, call.method, answer);
  if (refusal) throw refusal;
}

/** Waits `ms`, or for ever; a client that goes away, or the end of the emulator, cuts it short. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined;
    function done() {
      signal.removeEventListener("abort", gone);
      resolve();
    }
    function gone() {
      clearTimeout(timer);
      reject(new Abort());
    }
    if (signal.aborted) gone();
    else signal.addEventListener("abort", gone, { once: true });
  });
}
