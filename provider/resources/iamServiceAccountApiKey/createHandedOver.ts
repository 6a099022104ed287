import type { ApiKey } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key";
import type { Context } from "../../contract/resource";
import { discardLost, find, handOver, lastLost } from "./handOver";
import type { Validation } from "./handOver";
import type { LockboxEntry } from "./lockbox";
import { finish, makeKey } from "./makeKey";
import type { KeyRequest } from "./makeKey";

/**
 * The key is in Lockbox before it is in the state. A run that was killed in between is continued: the version tells whose
 * key it holds.
 */
export async function createHandedOver(
  request: KeyRequest,
  entry: LockboxEntry,
  validation: Validation,
  context: Context,
): Promise<{ apiKey: ApiKey; versionId: string }> {
  const lost = await lastLost(entry, context).catch(() => undefined);
  if (lost && isAsWanted(lost.key, request, context.now())) {
    await finish({ apiKey: lost.key }, request, context, true);
    context.log("info", `API key ${lost.keyId}, which an interrupted run put into Lockbox, is taken over`);
    return { apiKey: lost.key, versionId: lost.versionId };
  }
  const earlier = await find(entry, context).catch(() => []);
  let versionId = "";
  const { apiKey } = await makeKey(request, context, {
    handOver: async (made) => void (versionId = await handOver(made, entry, validation, context)),
    isHandedOver: (id) => earlier.some(({ keyId }) => keyId === id),
  });
  await discardLost(earlier, entry, context);
  return { apiKey, versionId };
}

const isAsWanted = ({ serviceAccountId, scopes, expiresAt }: ApiKey, wanted: KeyRequest, now: number): boolean =>
  serviceAccountId === wanted.serviceAccountId &&
  [...scopes].sort().join() === [...wanted.scopes].sort().join() &&
  expiresAt?.getTime() === wanted.expiresAt?.getTime() &&
  (expiresAt?.getTime() ?? Infinity) > now;
