import type { Access, Key } from "./access";
import type { Holder } from "./accounts";
import { compare } from "./comparison";
import type { Resource } from "./resources";

/** How one key changes. */
export interface KeyChange {
  name: string;
  /**
   * `created` · `replaced`: the old secret stops working in the same run · `retires`: it gets an end, or an earlier one ·
   * `changed` · `kept` · `deleted`: while it works · `removed`: it had expired already · `left`: the engine forgets it,
   * and it works on.
   */
  what: "created" | "replaced" | "retires" | "changed" | "kept" | "deleted" | "removed" | "left";
  /** RFC 3339; null if it never expires, undefined if that is not known before the update. */
  expiresAt?: string | null;
  expiredAt?: string | null;
  /** The account that it acts as, if that is not the application's own one. */
  account?: string;
  /** The same before the change, where it is another one. */
  accountBefore?: string;
  /** Where it goes instead of the state, such as `entry api_key of secret shop`. */
  delivery?: string;
  /** The same before the change, where it was another place. */
  deliveryBefore?: string;
  /** After the change, the gained ones among them; of a key that goes, those that it had. */
  scopes: string[];
  gainedScopes: string[];
  lostScopes: string[];
}

export function keyChanges(resources: readonly Resource[], before: Access, after: Access, now: number): KeyChange[] {
  const find = ({ keys }: Access, wanted: string) => keys.find(({ urn }) => urn === wanted);
  return resources
    .filter(({ kind }) => kind === "key")
    .map((resource) => keyChange(resource, find(before, resource.urn), find(after, resource.urn), now));
}

export function keyChange(resource: Resource, before: Key | undefined, after: Key | undefined, now: number): KeyChange {
  const [account, accountBefore] = [nameOf((after ?? before)?.holder), nameOf(before?.holder)];
  const [delivery, deliveryBefore] = [after?.delivery, before?.delivery];
  return {
    name: resource.name,
    what: whatBecomes(resource, before, after, now),
    expiresAt: after ? expiry(after) : null,
    expiredAt: before ? expiry(before) : null,
    ...(account !== undefined && { account }),
    ...(before && account !== accountBefore && { accountBefore: accountBefore ?? "the application's own" }),
    ...(delivery !== undefined && { delivery }),
    ...(before && after && delivery !== deliveryBefore && { deliveryBefore: deliveryBefore ?? "the state" }),
    scopes: (after ?? before)?.scopes ?? [],
    gainedScopes: before && after ? compare(before.scopes, after.scopes).gained : [],
    lostScopes: before && after ? compare(before.scopes, after.scopes).lost : [],
  };
}

const nameOf = (holder: Holder | undefined): string | undefined => (holder?.kind === "own" ? undefined : holder?.shown);

function whatBecomes(
  { change }: Resource,
  before: Key | undefined,
  after: Key | undefined,
  now: number,
): KeyChange["what"] {
  switch (change) {
    case "create":
      return "created";
    case "replace":
      return "replaced";
    case "delete":
      return timeOf(before?.expiresAt) <= now ? "removed" : "deleted";
    case "leave":
      return timeOf(before?.expiresAt) <= now ? "removed" : "left";
    case "update":
      return timeOf(after?.expiresAt) < timeOf(before?.expiresAt) ? "retires" : "changed";
    default:
      return "kept";
  }
}

const expiry = ({ expiresAt, expiryKnown }: Key): string | null | undefined =>
  expiryKnown ? (expiresAt ?? null) : undefined;

/** Milliseconds since 1970; a key without an end lives for ever. */
export const timeOf = (moment: string | undefined): number => (moment === undefined ? Infinity : Date.parse(moment));
