import { createHash } from "node:crypto";
import { invalid } from "./validation";

export interface PageRequest {
  /** 0 means the default of 100; at most 1000. */
  pageSize: number;
  pageToken: string;
}

/**
 * One page of `items`. A token names the last item of the page before, so that a page does not shift when items before it go.
 * `keyOf` must be unique; `items` must come in the same order every time.
 */
export function page<T>(
  items: Iterable<T>,
  request: PageRequest,
  keyOf: (item: T) => string,
): { items: T[]; nextPageToken: string } {
  const size = Number(request.pageSize);
  if (size < 0 || size > 1000) invalid("pageSize", "Field must be in the range 0-1000");
  const all = [...items];
  const start = startAfter(all, request.pageToken, keyOf);
  const found = all.slice(start, start + (size || 100));
  const last = found.at(-1);
  const more = last !== undefined && start + found.length < all.length;
  return { items: found, nextPageToken: more ? tokenOf(start + found.length, keyOf(last)) : "" };
}

/** Tokens are at most 100 characters long, keys may be longer: a token holds a digest of the key. */
const tokenOf = (position: number, key: string) =>
  Buffer.from(JSON.stringify([position, digest(key)])).toString("base64url");

const digest = (key: string) => createHash("sha256").update(key).digest("base64url").slice(0, 22);

function startAfter<T>(all: T[], token: string, keyOf: (item: T) => string): number {
  if (token === "") return 0;
  const [position, key] = readToken(token);
  const there = all[position - 1];
  if (there !== undefined && digest(keyOf(there)) === key) return position;
  const found = all.findIndex((item) => digest(keyOf(item)) === key);
  // When the item itself no longer exists, the next one has moved up by one.
  return found >= 0 ? found + 1 : Math.max(0, position - 1);
}

function readToken(token: string): [number, string] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (Array.isArray(parsed) && Number.isInteger(parsed[0]) && typeof parsed[1] === "string")
      return [parsed[0] as number, parsed[1]];
  } catch {
    // Falls through to the refusal.
  }
  return invalid("pageToken", "Invalid page token");
}
