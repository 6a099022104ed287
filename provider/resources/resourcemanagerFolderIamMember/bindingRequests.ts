import { AccessBindingAction } from "@yandex-cloud/nodejs-sdk/dist/generated/yandex/cloud/access/access";
import type { AccessBindingDelta } from "@yandex-cloud/nodejs-sdk/dist/generated/yandex/cloud/access/access";
import { isUnfollowed, refusalOf } from "../../cloud/errors";
import type { Code } from "../../cloud/errors";
import type { Grant } from "./grant";

/** A change of one access binding, and who waits for it. */
export interface Request {
  action: "add" | "remove";
  key: string;
  delta: AccessBindingDelta;
  grant: Grant;
  signal: AbortSignal;
  resolve(existed: boolean): void;
  reject(error: unknown): void;
}

/** As many as the cloud takes in one call. */
export const MOST_DELTAS = 1000;

/**
 * How many requests go into the next call: as many as the cloud accepts, and none that removes what an earlier one adds.
 */
export function lengthOfBatch(queue: Request[]): number {
  const added = new Set<string>();
  const end = queue.slice(0, MOST_DELTAS).findIndex(({ action, key }) => {
    if (action === "add") added.add(key);
    return action === "remove" && added.has(key);
  });
  return end === -1 ? MOST_DELTAS : end;
}

const ABOUT_ONE: Code[] = ["INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "FAILED_PRECONDITION", "OUT_OF_RANGE"];

/** Whether a call was refused for one of its deltas, and not for its place, the caller or the connection. */
export function isAboutOne(error: unknown, resourceId: string): boolean {
  const refusal = refusalOf(error);
  if (!refusal || isUnfollowed(error)) return false;
  return ABOUT_ONE.includes(refusal.code) && !refusal.rawMessage.includes(resourceId);
}

/** Two parts of a refused batch: first the requests that the refusal names, or the half if it names none of them. */
export function part(batch: Request[], error: unknown): [Request[], Request[]] {
  const words = refusalOf(error)?.rawMessage ?? "";
  const isNamed = ({ grant }: Request) =>
    words.includes(grant.role) || words.includes(grant.member.slice(grant.member.indexOf(":") + 1));
  const named = batch.filter(isNamed);
  if (named.length > 0 && named.length < batch.length) return [named, batch.filter((request) => !isNamed(request))];
  const middle = batch.length >> 1;
  return [batch.slice(0, middle), batch.slice(middle)];
}

export const keyOf = ({ role, member }: Grant): string => `${role} ${member}`;

export function deltaOf(action: Request["action"], { role, member }: Grant): AccessBindingDelta {
  const colon = member.indexOf(":");
  return {
    action: action === "add" ? AccessBindingAction.ADD : AccessBindingAction.REMOVE,
    accessBinding: { roleId: role, subject: { type: member.slice(0, colon), id: member.slice(colon + 1) } },
  };
}
