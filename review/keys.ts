import { type Access, accessOf, type Key } from "./access";
import type { Change, Resource } from "./resources";

/** What becomes of one key. */
export interface KeyChange {
  name: string;
  /**
   * `created` · `replaced`: the old secret stops working in the same run · `retires`: it gets an end, or an earlier one ·
   * `changed` · `kept` · `deleted`: while it works · `removed`: it had expired already.
   */
  what: "created" | "replaced" | "retires" | "changed" | "kept" | "deleted" | "removed";
  /** RFC 3339; null if it never expires, undefined if that is not known before the update. */
  expiresAt?: string | null;
  expiredAt?: string | null;
  scopes: string[];
}

export function keyChanges(resources: readonly Resource[], now: number): KeyChange[] {
  return resources.filter(({ kind }) => kind === "key").map((resource) => keyChange(resource, now));
}

function keyChange(resource: Resource, now: number): KeyChange {
  const [before, after] = (["before", "after"] as const).map((side) => keyOn(accessOf([resource], side)));
  return {
    name: resource.name,
    what: whatBecomes(resource.change, before, after, now),
    expiresAt: after ? expiry(after) : null,
    expiredAt: before ? expiry(before) : null,
    scopes: (after ?? before)?.scopes ?? [],
  };
}

function whatBecomes(change: Change, before: Key | undefined, after: Key | undefined, now: number): KeyChange["what"] {
  switch (change) {
    case "create":
      return "created";
    case "replace":
      return "replaced";
    case "delete":
      return timeOf(before?.expiresAt) <= now ? "removed" : "deleted";
    case "update":
      return timeOf(after?.expiresAt) < timeOf(before?.expiresAt) ? "retires" : "changed";
    default:
      return "kept";
  }
}

const keyOn = ({ keys: [key] }: Access): Key | undefined => key;

const expiry = ({ expiresAt, expiryKnown }: Key): string | null | undefined =>
  expiryKnown ? (expiresAt ?? null) : undefined;

const timeOf = (moment: string | undefined): number => (moment === undefined ? Infinity : Date.parse(moment));
