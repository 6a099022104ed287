import { backoff } from "../../backoff";
import type { Schedule } from "../../backoff";
import type { Run } from "../../contract/resource";
import {
  CloudError,
  conflictingOperationOf,
  describeError,
  isConflict,
  isNotFound,
  isPermissionDenied,
} from "../../cloud/errors";
import { deltaOf, isAboutOne, keyOf, lengthOfBatch, MOST_DELTAS, part } from "./bindingRequests";
import type { Request } from "./bindingRequests";
import { placeOf } from "./grant";
import type { Grant, Place } from "./grant";
import { cancelled, abortable, allAborted, withGrace } from "../../cloud/cancellation";
import { pages } from "../../cloud/pages";

/**
 * The access bindings of one folder or secret. The cloud changes them one call at a time, so calls are queued, and
 * whatever comes while one is under way goes together into the next. Only deltas are ever sent.
 */
export interface Bindings {
  add(grant: Grant, signal: AbortSignal): Promise<boolean>;
  remove(grant: Grant, signal: AbortSignal): Promise<void>;
  exists(grant: Grant, signal: AbortSignal): Promise<boolean>;
}

/** The part of a run that bindings need. */
export type BindingRun = Pick<Run, "cloud" | "now" | "sleep" | "timeLimit" | "random">;

/**
 * The engine starts what is independent at once, but a busy machine takes its time over it, and a request that misses a call
 * waits for the end of its operation, half a second. So a call goes when nothing new has come for a moment, and in any case
 * after ten such moments.
 */
const QUIET_MS = 10;
const MOST_MOMENTS = 10;
/**
 * The engine works on few resources at a time, unless it is set otherwise. Those that a call has answered make room for as many
 * new ones, which come a moment later; if the next call left without them, each call would carry half of what it could. So it
 * waits for them, up to this share of the time that the last call took.
 */
const ROOM_SHARE = 1 / 3;
/** How long a grant may stay unlisted whose operation has ended well. */
const LISTED_LIMIT_MS = 120_000;
const CONFLICT_SCHEDULE: Schedule = { first: 100, longest: 2000 };
/** Reads of one refresh share a list; what is older is asked for again. */
const LIST_LIVES_MS = 30_000;

export function bindingsOn({ kind, id: resourceId }: Place, run: BindingRun): Bindings {
  const { cloud } = run;
  const queue: Request[] = [];
  let draining = false;
  /** What comes after the last call: up to so many requests, until then. */
  let expected = { length: 0, until: 0 };
  let listed: { at: number; keys: Promise<Set<string>> } | undefined;
  const service = kind === "folder" ? cloud.resourceManager.folders : cloud.lockbox.secrets;
  const method = `${kind === "folder" ? "Folder" : "Secret"}Service/UpdateAccessBindings`;
  const pause = (attempt: number) => backoff(CONFLICT_SCHEDULE, attempt, run.random());

  const list = (signal: AbortSignal): Promise<Set<string>> => {
    const keys = pages(async (pageToken) => {
      const answer = await service.listAccessBindings({ resourceId, pageSize: 1000, pageToken }, { signal });
      return { items: answer.accessBindings, nextPageToken: answer.nextPageToken };
    }).then((bindings) => new Set(bindings.map(({ roleId, subject }) => `${roleId} ${subject?.type}:${subject?.id}`)));
    listed = { at: run.now(), keys };
    // A failed or interrupted list must not answer for those who come later.
    keys.catch(() => (listed = undefined));
    return keys;
  };
  const recentList = (signal: AbortSignal) =>
    listed && run.now() - listed.at < LIST_LIVES_MS ? listed.keys : list(signal);

  /** Other requests may have more time, so only this one ends and the call goes on. */
  async function submit(action: Request["action"], grant: Grant, signal: AbortSignal): Promise<boolean> {
    const answer = new Promise<boolean>((resolve, reject) => {
      queue.push({ action, grant, key: keyOf(grant), delta: deltaOf(action, grant), signal, resolve, reject });
      if (!draining) void drain();
    });
    using grace = withGrace(signal, run);
    return await abortable(answer, grace.signal, method).catch((error: unknown) => {
      throw error instanceof CloudError
        ? describeError(cancelled(signal, { method, sent: true }), about(action, grant))
        : error;
    });
  }

  async function drain(): Promise<void> {
    draining = true;
    while (queue.length > 0) {
      const asksFirst = queue.find(({ action }) => action === "add");
      // What it answers, or why it does not, is for those who write.
      await Promise.all([gather(), asksFirst && recentList(asksFirst.signal).catch(() => {})]);
      const batch = queue.splice(0, lengthOfBatch(queue)).filter(({ signal }) => !signal.aborted);
      if (batch.length === 0) continue;
      const began = run.now();
      await write(batch);
      const now = run.now();
      expected = { length: batch.length + queue.length, until: now + (now - began) * ROOM_SHARE };
    }
    draining = false;
  }

  async function gather(): Promise<void> {
    const isExpecting = () => queue.length < expected.length && run.now() < expected.until;
    const isComing = (before: number, moment: number) => before < queue.length && moment < MOST_MOMENTS;
    for (let moment = 0, before = 0; isExpecting() || isComing(before, moment); moment++) {
      if (queue.length >= MOST_DELTAS) return;
      before = queue.length;
      await run.sleep(QUIET_MS);
    }
  }

  /** One refused delta refuses the whole call, so after a refusal that one is looked for and the others go again. */
  async function write(batch: Request[]): Promise<void> {
    for (let open = batch; open.length > 0;) {
      const error = await attempt(open);
      if (error === undefined) return;
      open = await settleOne(open, error);
    }
  }

  /** Finds a request that was refused and settles it; gives those that are not settled yet. */
  async function settleOne(batch: Request[], refusal: unknown): Promise<Request[]> {
    const unsettled: Request[] = [];
    let suspects = batch;
    let error = refusal;
    while (suspects.length > 1 && isAboutOne(error, resourceId)) {
      const [first, second] = part(suspects, error);
      const next = await attempt(first);
      if (next === undefined) suspects = second;
      else {
        unsettled.push(...second);
        suspects = first;
        error = next;
      }
    }
    // A refusal that is about the folder or the connection holds for all of them.
    const refused = isAboutOne(error, resourceId) ? suspects : [...suspects, ...unsettled];
    // At once, so that they share a list.
    await Promise.all(refused.map((request) => settleRefused(request, error)));
    return unsettled.filter((request) => !refused.includes(request));
  }

  /** Sends a batch and answers those who asked; gives the error if it was refused. */
  async function attempt(batch: Request[]): Promise<unknown> {
    const signal = allAborted(batch.map((request) => request.signal));
    try {
      const asksFirst = batch.some(({ action }) => action === "add");
      const before = asksFirst ? await recentList(signal).catch(nothingIfForbidden) : new Set<string>();
      await send(batch, signal);
      for (const request of batch) {
        if (request.action === "remove") request.resolve(true);
        else void awaitListed(request).then(() => request.resolve(before.has(request.key)), request.reject);
      }
      return undefined;
    } catch (error) {
      return error;
    } finally {
      listed = undefined;
    }
  }

  /** A change that conflicts with somebody else's is repeated until the last of those who ask for it has no more time. */
  async function send(batch: Request[], signal: AbortSignal): Promise<void> {
    const deltas = [...new Map(batch.map(({ key, delta }) => [key, delta])).values()];
    for (let attempt = 0; ; attempt++) {
      try {
        await cloud.done(
          service.updateAccessBindings({ resourceId, accessBindingDeltas: deltas }, { signal }),
          undefined,
          { signal },
        );
        return;
      } catch (error) {
        if (!isConflict(error)) throw error;
        await conflictIsOver(error, signal);
        await run.sleep(pause(attempt), signal).catch(() => {
          throw error;
        });
      }
    }
  }

  /** Waits for the operation that the refusal names. Neither its result nor a refusal to show it matters. */
  async function conflictIsOver(conflict: unknown, signal: AbortSignal): Promise<void> {
    const id = conflictingOperationOf(conflict);
    if (!id) return;
    const operation = {
      $type: "yandex.cloud.operation.Operation",
      id,
      description: "",
      createdBy: "",
      done: false,
    } as const;
    await cloud.done(operation, undefined, { signal }).catch(() => {});
  }

  /** A place that no longer exists has no grants. */
  async function settleRefused(request: Request, error: unknown): Promise<void> {
    if (request.action === "remove") {
      const left = await exists(request.grant, request.signal).catch(() => true);
      if (!left) return request.resolve(false);
    }
    request.reject(describeError(error, about(request.action, request.grant)));
  }

  /** What was granted may not be listed at once; until it is, a refresh would take it for removed. */
  async function awaitListed({ key, signal }: Request): Promise<void> {
    const until = run.now() + LISTED_LIMIT_MS;
    for (let attempt = 0; run.now() < until; attempt++) {
      try {
        if ((await recentList(signal)).has(key)) return;
      } catch (error) {
        // Who may bind may perhaps not list; the operation has ended well, and that must do.
        if (isPermissionDenied(error)) return;
        if (signal.aborted) return;
      }
      listed = undefined;
      await run.sleep(pause(attempt), signal).catch(() => {});
      if (signal.aborted) return;
    }
  }

  async function exists(grant: Grant, signal: AbortSignal): Promise<boolean> {
    try {
      return (await recentList(signal)).has(keyOf(grant));
    } catch (error) {
      if (isNotFound(error)) return false;
      throw describeError(error, {
        what: `reading the grants of ${kind} ${resourceId}`,
        ...inFolder({ kind, id: resourceId }),
      });
    }
  }

  return {
    add: (grant, signal) => submit("add", grant, signal),
    remove: async (grant, signal) => void (await submit("remove", grant, signal)),
    exists,
  };
}

/** A deployer who may bind may perhaps not list; then it is not known what was there before. */
function nothingIfForbidden(error: unknown): Set<string> {
  if (isPermissionDenied(error)) return new Set();
  throw error;
}

const about = (action: Request["action"], grant: Grant) => {
  const place = placeOf(grant);
  const what = `${action === "add" ? "granting" : "taking away"} ${grant.role} for ${grant.member}`;
  return { what: place.kind === "secret" ? `${what} on secret ${place.id}` : what, ...inFolder(place) };
};

const inFolder = ({ kind, id }: Place) => (kind === "folder" ? { folderId: id } : {});
