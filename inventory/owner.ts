import { makerIn, MARK_LABEL, markIn, RUN_MS } from "../provider/ownership/marker";
import type { Account, Key, Survey } from "./survey";

/**
 * Which stack a key belongs to, by the marks that the provider leaves in the cloud: `stack` is its project and name, as
 * `shop_dev`, where the account has a label that says it. A key of an adopted account has a mark without a name.
 */
export type Owner =
  | { kind: "stack"; stack: string | undefined }
  /** Its account belongs to a stack, the key does not. */
  | { kind: "beside"; stack: string }
  /** The mark is of a stack of this project that has no settings any more. */
  | { kind: "lost"; stack: string }
  /** A run made it and ended before its secret was stored. */
  | { kind: "abandoned" }
  | { kind: "none" };

export function ownerOf(key: Key, account: Account | undefined, { at, known }: Survey): Owner {
  const labels = account?.labels ?? {};
  const stack = makerIn(labels) ?? labels[MARK_LABEL];
  const mark = markIn(key.description);
  if (mark?.isNew && at - (key.createdAt ?? at) > RUN_MS) return { kind: "abandoned" };
  if (mark === undefined) return stack === undefined ? { kind: "none" } : { kind: "beside", stack };
  const ofProject = known && stack?.startsWith(`${known.project}_`) ? stack.slice(known.project.length + 1) : undefined;
  // A label is cut at 63 characters, so the name of a stack may be, too.
  if (stack && ofProject !== undefined && !known?.stacks.some((name) => sameName(name, ofProject)))
    return { kind: "lost", stack };
  return { kind: "stack", stack };
}

const sameName = (name: string, inLabel: string): boolean => {
  const written = name.toLowerCase().replace(/[^-_0-9a-z]/g, "-");
  return written === inLabel || (inLabel.length > 20 && written.startsWith(inLabel));
};
