import { createHash } from "node:crypto";

export interface NameParts {
  application: string;
  stack: string;
  project: string;
}

/** A cloud allows 63 characters; the readable parts share what a hash of 8 and two hyphens leave. */
const APPLICATION_LENGTH = 27;
const STACK_LENGTH = 26;
const HASH_LENGTH = 8;

/**
 * A name for a service account: `<application>-<stack>-<hash>`, such as `shop-dev-1c9a7f02`.
 *
 * Names are unique in a whole cloud, not in a folder, so two environments in folders of one cloud must differ. What a
 * name may not hold is left out and what is too long is cut; the hash, taken of the parts before that, keeps names
 * apart whatever was lost, and tells two projects apart. The same parts give the same name in every run.
 */
export function serviceAccountName({ application, stack, project }: NameParts): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([application, stack, project]))
    .digest("hex");
  const letters = readable(application).replace(/^[^a-z]+/, "");
  return [cut(letters, APPLICATION_LENGTH) || "app", cut(readable(stack), STACK_LENGTH), hash.slice(0, HASH_LENGTH)]
    .filter((part) => part !== "")
    .join("-");
}

/** The value of a label: the same letters, but a leading digit and an underscore are legal there. */
export const labelValue = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^-_0-9a-z]+/g, "-")
    .slice(0, 63);

const readable = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "");

const cut = (word: string, length: number): string => word.slice(0, length).replace(/-+$/, "");
