import { createHash } from "node:crypto";

/**
 * How an object in the cloud tells which resource of which stack it was made for, in case the run that made it ended
 * before the state knew of it: twelve digits of a hash of the resource's URN, at the end of a key's description or as
 * a label of an account. It is taken off again on read, so nobody sees a difference.
 */
export const markOf = (urn: string): string => createHash("sha256").update(urn).digest("hex").slice(0, 12);

/** Name of the label that marks a service account. */
export const MARK_LABEL = "pulumi-resource";

const IN_DESCRIPTION = / ?\(pulumi ([0-9a-f]{12})\)$/;

/** What the mark takes of the 256 characters of a description. */
export const MARK_LENGTH = " (pulumi 0123456789ab)".length;

export const marked = (description: string | undefined, urn: string): string =>
  `${description ?? ""} (pulumi ${markOf(urn)})`.trimStart();

export const unmarked = (description: string): string => description.replace(IN_DESCRIPTION, "");

export const carriesMark = (description: string, urn: string): boolean =>
  IN_DESCRIPTION.exec(description)?.[1] === markOf(urn);
