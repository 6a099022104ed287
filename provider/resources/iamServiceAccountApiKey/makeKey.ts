import type { ApiKey } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key";
import type { CreateApiKeyResponse } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import { backoff } from "../../backoff";
import { describeError, undefinedIfNotFound, isAmbiguous, isThrottled } from "../../cloud/errors";
import { RETRY_SCHEDULE } from "../../cloud/retries";
import { ledgerOf } from "../../ownership/ledger";
import { carriesMark } from "../../ownership/marker";
import { pages } from "../../cloud/pages";
import type { Context } from "../../contract/resource";
import { formatTimestamp } from "../../properties/timestamps";

interface KeyRequest {
  serviceAccountId: string;
  description: string;
  scopes: string[];
  expiresAt: Date | undefined;
}

export interface MadeKey {
  apiKey: ApiKey;
  secret: string;
}

/** How often a key is asked for whose answer was lost. */
const LOST_ATTEMPTS = 2;
/** How often a key is asked for when the cloud is asked too much at once; with the pauses about 20 s. */
const THROTTLED_ATTEMPTS = 8;

/** How long a failed or interrupted creation looks for the key that it may have left. */
const CLEAN_UP_LIMIT_MS = 5_000;

/**
 * Makes one key and no second. The cloud tells the secret only in its answer, so a key whose answer was lost is of no
 * use to anybody: it is looked for by its mark and removed, at once after a failure and again before the next attempt
 * for the same resource, which may be days later.
 */
export async function makeKey(request: KeyRequest, context: Context): Promise<MadeKey> {
  // A blank account would mean the caller itself to the API.
  if (!request.serviceAccountId.trim()) throw new Error("serviceAccountId is empty; no key was made");
  if (!ledgerOf(context).isNewAccount(request.serviceAccountId)) await removeLost(request.serviceAccountId, context);
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(request, context);
    } catch (error) {
      const throttled = isThrottled(error);
      if (!throttled && !isAmbiguous(error)) throw explained(error, request);
      if (context.signal.aborted || attempt >= (throttled ? THROTTLED_ATTEMPTS : LOST_ATTEMPTS)) {
        // The next run would remove it as well, so this one tries for a moment, also when it has been interrupted.
        using limit = context.timeLimit(CLEAN_UP_LIMIT_MS);
        await removeLost(request.serviceAccountId, { ...context, signal: limit.signal }).catch(() => {});
        throw explained(error, request);
      }
      if (throttled) {
        await context.sleep(backoff(RETRY_SCHEDULE, attempt, context.random()), context.signal).catch(() => {
          throw explained(error, request);
        });
      }
      // What is lost is removed, so the next attempt is no blind repeat.
      await removeLost(request.serviceAccountId, context);
    }
  }
}

const explained = (error: unknown, { serviceAccountId }: KeyRequest) =>
  describeError(error, { what: `an API key of service account ${serviceAccountId}` });

async function ask(request: KeyRequest, { cloud, signal }: Context): Promise<MadeKey> {
  const answer: CreateApiKeyResponse = await cloud.iam.apiKeys.create(request, { signal });
  const { apiKey, secret } = answer;
  if (!apiKey?.id || !secret) throw new Error("the cloud answered the creation without the key");
  return { apiKey, secret };
}

function isHeld({ id, createdAt }: ApiKey, context: Context): boolean {
  const { isHeld } = ledgerOf(context);
  return isHeld(id) || isHeld(formatTimestamp(createdAt) ?? "");
}

/** Keys made for this resource that no state holds and nobody has ever used: their secrets are lost. */
async function removeLost(serviceAccountId: string, context: Context): Promise<void> {
  const { iam, done } = context.cloud;
  const keys = await pages(async (pageToken) => {
    const answer = await iam.apiKeys.list({ serviceAccountId, pageSize: 1000, pageToken }, context);
    return { items: answer.apiKeys, nextPageToken: answer.nextPageToken };
  });
  const lost = keys.filter(
    (key) => carriesMark(key.description, context.urn) && !key.lastUsedAt && !isHeld(key, context),
  );
  await Promise.all(
    lost.map(async ({ id }) => {
      await undefinedIfNotFound(() => done(iam.apiKeys.delete({ apiKeyId: id }, context), undefined, context));
      context.log("info", `removed API key ${id}, which an interrupted run had made and whose secret nobody has`);
    }),
  );
}
