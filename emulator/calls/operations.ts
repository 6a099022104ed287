import type { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import type { Call } from "./calls";
import { toAny, typed } from "./messages";
import { page, type PageRequest } from "./paging";
import type { OperationRecord, TypedJson } from "../store/records";
import type { State } from "../store/state";
import { StatusError, codes, refuse } from "../status";

/**
 * Long-running operations. What a call changes happens when its operation becomes done; the switch `operations` says when.
 * An effect is kept as data (a name and a payload), so that an operation under way survives a restart.
 */
export interface Operations {
  /** Declares an effect and answers how to start operations that have it. Names are unique. */
  effect<P>(name: string, act: (payload: P) => TypedJson): (call: Call, what: Planned<P>) => Operation;
  /** The first answer to the same call with the same Idempotency-Key, as it stands now. */
  findRepeated(call: Call): Operation | undefined;
  /** One look at an operation by a client: counts as a poll. */
  poll(id: string): Operation;
  cancel(id: string): Operation;
  /** Lets everything happen that is due. Part of every call. */
  settle(): void;
  /** A page of those that concern a resource, as its service lists them. */
  list(resourceId: string, request: PageRequest): { operations: Operation[]; nextPageToken: string };
  /** Operations under way that concern a resource. */
  pendingOn(resourceId: string): OperationRecord[];
  /** Payloads of operations under way with this effect. */
  pendingPayloads<P>(effectName: string): P[];
}

export interface Planned<P> {
  /** The operation's own id. Default: a new one. */
  id?: string;
  /** Prefix of the operation's id: that of its service. */
  idPrefix: string;
  description: string;
  /** Empty: none whose service lists the operation. */
  resourceId: string;
  /** Undefined: the operation has none, as those of models. */
  metadata?: TypedJson;
  payload: P;
  /** Ms since 1970 before which the effect does not happen, whatever the switch says. Default: none. */
  notBefore?: number;
}

/** A kind of resource, as its operations tell of it. */
export interface Kind {
  /** Prefix of the ids of operations. */
  idPrefix: string;
  /** As descriptions call it: `service account`. */
  noun: string;
  /** The message that stands for it, and the package of that: `Folder` of `yandex.cloud.resourcemanager.v1`. */
  message: string;
  package: string;
  /** The field of the metadata that holds its id. */
  idField: string;
}

/** Plans operations by their verb: `Create` is described as `Create folder` and has the metadata `CreateFolderMetadata`. */
export const plansFor =
  ({ idPrefix, noun, message, package: name, idField }: Kind) =>
  <P>(verb: "Create" | "Update" | "Delete", resourceId: string, payload: P, details: object = {}): Planned<P> => ({
    idPrefix,
    description: `${verb} ${noun}`,
    resourceId,
    metadata: typed(`${name}.${verb}${message}Metadata`, { [idField]: resourceId, ...details }),
    payload,
  });

export function openOperations(state: State): Operations {
  const effects = new Map<string, (payload: never) => TypedJson>();
  const pending = new Set<string>();
  state.operations.watch((operation, present) => {
    if (present && !operation.done) pending.add(operation.id);
    else pending.delete(operation.id);
  });

  function finish(record: OperationRecord): OperationRecord {
    const { effect, willFail, pollsLeft: _polls, dueAt: _due, ...rest } = record;
    const done: OperationRecord = { ...rest, done: true, modifiedAt: state.clock.now() };
    if (willFail) done.error = willFail;
    else if (effect) {
      const act = effects.get(effect.name);
      if (!act) throw new Error(`operation ${record.id} has the unknown effect ${effect.name}`);
      try {
        done.response = act(effect.payload as never);
      } catch (thrown) {
        // What the operation is about may have gone while it was under way.
        if (!(thrown instanceof StatusError)) throw thrown;
        done.error = { code: codes[thrown.code], message: thrown.message };
      }
    }
    state.operations.put(done.id, done);
    return done;
  }

  function settle() {
    for (const id of pending) {
      const record = state.operations.get(id);
      if (record?.dueAt !== undefined && record.dueAt <= state.clock.now()) finish(record);
    }
  }

  function requireOperation(id: string): OperationRecord {
    const record = state.operations.get(id);
    if (record && !isOver(record, state.clock.now())) return record;
    return refuse("NOT_FOUND", `Operation with id ${id} not found`);
  }

  function forgetOldest() {
    const now = state.clock.now();
    for (const old of state.operations.values()) {
      if (state.operations.size <= kept && !isOver(old, now)) break;
      if (!old.done) continue;
      state.operations.remove(old.id);
      if (old.repeatId !== undefined) state.repeats.remove(old.repeatId);
    }
  }

  const ofResource = (resourceId: string) =>
    [...state.index.operationsOf(resourceId)].flatMap((id) => state.operations.get(id) ?? []);

  return {
    settle,
    findRepeated(call) {
      if (!call.idempotencyKey) return undefined;
      const earlier = state.repeats.get(repeatId(call));
      const record = earlier && state.operations.get(earlier.operationId);
      return record && toMessage(record);
    },
    effect(name, act) {
      effects.set(name, act as (payload: never) => TypedJson);
      return (call, what) => {
        const now = state.clock.now();
        const timing =
          what.notBefore !== undefined && what.notBefore > now
            ? { ms: what.notBefore - now }
            : state.switches.operations;
        const record: OperationRecord = {
          id: what.id ?? state.newId(`${what.idPrefix}o`),
          description: what.description,
          createdAt: now,
          createdBy: call.caller.id,
          modifiedAt: now,
          done: false,
          resourceId: what.resourceId,
          metadata: what.metadata,
          ...(call.idempotencyKey && { repeatId: repeatId(call) }),
          effect: { name, payload: what.payload },
          ...(timing === "atOnce" ? {} : "polls" in timing ? { pollsLeft: timing.polls } : { dueAt: now + timing.ms }),
          ...(call.operationFails && {
            willFail: { code: codes[call.operationFails.code], message: call.operationFails.message },
          }),
        };
        forgetOldest();
        call.wrote(what.resourceId || record.id);
        if (call.idempotencyKey) {
          state.repeats.put(repeatId(call), { operationId: record.id });
        }
        if (timing === "atOnce") return toMessage(finish(record));
        state.operations.put(record.id, record);
        return toMessage(record);
      };
    },
    poll(id) {
      const record = requireOperation(id);
      if (record.done || record.pollsLeft === undefined) return toMessage(record);
      if (record.pollsLeft <= 1) return toMessage(finish(record));
      const next = { ...record, pollsLeft: record.pollsLeft - 1 };
      state.operations.put(id, next);
      return toMessage(next);
    },
    cancel(id) {
      const record = requireOperation(id);
      if (record.done) refuse("FAILED_PRECONDITION", `Operation ${id} is already done`);
      return toMessage(finish({ ...record, willFail: { code: codes.CANCELLED, message: "Operation was cancelled" } }));
    },
    list(resourceId, request) {
      const { items, nextPageToken } = page(ofResource(resourceId), request, ({ id }) => id);
      return { operations: items.map(toMessage), nextPageToken };
    },
    pendingOn: (resourceId) => ofResource(resourceId).filter((operation) => !operation.done),
    pendingPayloads: <P>(effectName: string) =>
      [...pending].flatMap((id) => {
        const effect = state.operations.get(id)?.effect;
        return effect?.name === effectName ? [effect.payload as P] : [];
      }),
  };
}

/** How many are kept; of those that are done the oldest go first. */
const kept = 5_000;

/** Results of models are kept for three days (the vendor's page on limits). */
const modelResultMs = 3 * 24 * 60 * 60 * 1000;

const isOver = ({ done, resourceId, createdAt }: Readonly<OperationRecord>, now: number) =>
  done && resourceId === "" && createdAt + modelResultMs <= now;

const repeatId = (call: Call) => `${call.caller.id} ${call.method} ${call.idempotencyKey}`;

function toMessage(record: OperationRecord): Operation {
  return {
    id: record.id,
    description: record.description,
    createdAt: new Date(record.createdAt),
    createdBy: record.createdBy,
    modifiedAt: new Date(record.modifiedAt),
    done: record.done,
    metadata: record.metadata && toAny(record.metadata),
    response: record.response && toAny(record.response),
    error: record.error && { ...record.error, details: [] },
  };
}
