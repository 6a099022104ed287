import type { ApiKey } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key";
import type { CreateApiKeyResponse } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import { backoff } from "../../backoff";
import { describeError, undefinedIfNotFound, isAmbiguous, isThrottled, quotaOf } from "../../cloud/errors";
import { RETRY_SCHEDULE } from "../../cloud/retries";
import { ledgerOf } from "../../ownership/ledger";
import { isMarked, isMarkedNew, isNewOfState, marked, markedNew, RUN_MS } from "../../ownership/marker";
import { pages } from "../../cloud/pages";
import type { Context } from "../../contract/resource";

/** What is asked of the cloud. */
export interface KeyRequest {
  serviceAccountId: string;
  description: string | undefined;
  scopes: string[];
  expiresAt: Date | undefined;
}

export interface MadeKey {
  apiKey: ApiKey;
  secret: string;
}

/** What becomes of a key between its creation and the state. */
interface Handing {
  /** Brings the secret to a reader. Until it ends the key keeps the mark "new". */
  handOver?: (made: MadeKey) => Promise<void>;
  /** Whether a reader may have the key, although no state has it; such a key is not removed. */
  isHandedOver?: (id: string) => boolean;
}

/** How often a key is asked for whose answer was lost. */
const LOST_ATTEMPTS = 2;
/** How often a key is asked for when the cloud is asked too much at once; with the pauses about 20 s. */
const THROTTLED_ATTEMPTS = 8;

/** How long a failed or interrupted creation looks for the key that it may have left. */
const CLEAN_UP_LIMIT_MS = 5_000;

/**
 * Makes one key and no second. The cloud tells the secret only in its answer, so a key whose answer was lost is of no
 * use to anybody. It says so itself: a key is made with the mark "new", which it loses before the state gets it. Keys of
 * this resource with that mark are removed, after a failure and after the next creation, which may be days later; before
 * it only where the quota leaves no room for both. Such keys of other resources of this state, as of one that was renamed,
 * are removed once no run can be creating them any more.
 */
export async function makeKey(
  request: KeyRequest,
  context: Context,
  { handOver, isHandedOver }: Handing = {},
): Promise<MadeKey> {
  // A blank account would mean the caller itself to the API.
  if (!request.serviceAccountId.trim()) throw new Error("serviceAccountId is empty; no key was made");
  const remove = (during: Context, made?: string) =>
    removeLost(request.serviceAccountId, during, (id) => id === made || (isHandedOver?.(id) ?? false));
  let mayHaveLost = !ledgerOf(context).isNewAccount(request.serviceAccountId);
  for (let attempt = 1; ; attempt++) {
    try {
      const made = await ask(request, context);
      await handOver?.(made);
      await finish(made, request, context, handOver !== undefined);
      if (mayHaveLost) await remove(context, made.apiKey.id).catch(ignore);
      return made;
    } catch (error) {
      if (quotaOf(error) && mayHaveLost && (await remove(context).catch(() => 0)) > 0) {
        mayHaveLost = false;
        continue;
      }
      const throttled = isThrottled(error);
      if (!throttled && !isAmbiguous(error)) throw explained(error, request);
      if (context.signal.aborted || attempt >= (throttled ? THROTTLED_ATTEMPTS : LOST_ATTEMPTS)) {
        // The next run would remove it as well, so this one tries for a moment, also when it has been interrupted.
        using limit = context.timeLimit(CLEAN_UP_LIMIT_MS);
        await remove({ ...context, signal: limit.signal }).catch(ignore);
        throw explained(error, request);
      }
      if (throttled) {
        await context.sleep(backoff(RETRY_SCHEDULE, attempt, context.random()), context.signal).catch(() => {
          throw explained(error, request);
        });
      } else mayHaveLost = true;
    }
  }
}

/**
 * A key without "new" may be in this state (the engine does not show what it replaces on demand), in another one, or kept
 * on purpose, so it is never removed. Or the run that made it was killed just before the state had it, and only a person
 * can know.
 */
export function warnOfUnknown({ id }: ApiKey, about: string, context: Context): void {
  const next = `unless this run replaces it, another state has it or it was kept on purpose, delete it with \`yc iam api-key delete ${id}\``;
  context.log("warning", `API key ${id}: this resource created it in an earlier run and ${about}; ${next}`);
}

/** What is lost is of no use and does no harm: the next creation finds it as well. */
const ignore = () => {};

const explained = (error: unknown, { serviceAccountId }: KeyRequest) =>
  describeError(error, { what: `an API key of service account ${serviceAccountId}` });

async function ask(request: KeyRequest, context: Context): Promise<MadeKey> {
  const wanted = { ...request, description: markedNew(request.description, context) };
  const answer: CreateApiKeyResponse = await context.cloud.iam.apiKeys.create(wanted, { signal: context.signal });
  const { apiKey, secret } = answer;
  if (!apiKey?.id || !secret) throw new Error("the cloud answered the creation without the key");
  return { apiKey, secret };
}

/** Takes "new" from the mark: from here on the secret is known. A key that keeps it would pass for a lost one. */
export async function finish(
  { apiKey }: Pick<MadeKey, "apiKey">,
  request: Pick<KeyRequest, "description">,
  context: Context,
  isHandedOver: boolean,
): Promise<void> {
  const { iam } = context.cloud;
  const description = marked(request.description, context);
  try {
    // The operation is accepted; its end makes no difference to this run.
    await iam.apiKeys.update({ apiKeyId: apiKey.id, description, updateMask: { paths: ["description"] } }, context);
  } catch (error) {
    // A reader has it, and so has the state in a moment, which keeps it from being taken for a lost one.
    if (isHandedOver) return;
    using limit = context.timeLimit(CLEAN_UP_LIMIT_MS);
    await iam.apiKeys.delete({ apiKeyId: apiKey.id }, { signal: limit.signal }).catch(ignore);
    const reason = describeError(error, { what: "its mark could not be changed, so it was removed again" });
    throw new Error(`API key ${apiKey.id}: ${reason.message}`);
  }
}

/** Removes the keys of this resource whose secrets were lost, except those to keep; returns their number. */
async function removeLost(
  serviceAccountId: string,
  context: Context,
  isKept: (id: string) => boolean,
): Promise<number> {
  const { iam, done } = context.cloud;
  const keys = await pages(async (pageToken) => {
    const answer = await iam.apiKeys.list({ serviceAccountId, pageSize: 1000, pageToken }, context);
    return { items: answer.apiKeys, nextPageToken: answer.nextPageToken };
  });
  const latest = Math.max(...keys.map(({ createdAt }) => createdAt?.getTime() ?? 0));
  const unknown = keys.filter(({ id, lastUsedAt }) => !isKept(id) && !lastUsedAt && !ledgerOf(context).isHeldKey(id));
  const isLost = ({ description, createdAt }: ApiKey) =>
    isMarkedNew(description, context) ||
    (isNewOfState(description, context) && latest - (createdAt?.getTime() ?? latest) > RUN_MS);
  const lost = unknown.filter(isLost);
  for (const key of unknown)
    if (isMarked(key.description, context) && !lost.includes(key)) warnOfUnknown(key, "it was never used", context);
  let removed = 0;
  await Promise.all(
    lost.map(async ({ id }) => {
      const which = `API key ${id}, which an interrupted run had created and whose secret was lost`;
      try {
        await undefinedIfNotFound(() => done(iam.apiKeys.delete({ apiKeyId: id }, context), undefined, context));
        context.log("info", `removed ${which}`);
        removed++;
      } catch (error) {
        // No other run looks for it, unless it creates the key once more.
        const { message } = describeError(error, { what: `${which}, could not be removed` });
        context.log("warning", `${message}; delete it with \`yc iam api-key delete ${id}\``);
      }
    }),
  );
  return removed;
}
