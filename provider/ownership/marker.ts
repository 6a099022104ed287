import { createHash } from "node:crypto";

/**
 * Who makes an object: a resource of a state. The state is known by the ID that the engine gave its provider: a UUID that
 * it makes once per state, saves before the first resource is created, and keeps with the state when that is exported,
 * imported or moved to another backend. Two states of one project and stack have the same URNs and different IDs.
 */
export interface Maker {
  stateId: string;
  urn: string;
}

/**
 * How an object in the cloud tells for which resource of which state it was made, in case the run that made it ended
 * before the state knew of it: eight digits of a hash of the state, and eight of the state and the resource. A reader of
 * the state does not see the mark.
 */
export const markOf = ({ stateId, urn }: Maker): string => digits(stateId) + digits(`${stateId} ${urn}`);

const digits = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

const EXAMPLE = "0123456789abcdef";

/** A run that creates an object ends within this time, so an older object that is still "new" belongs to no run. */
export const RUN_MS = 60 * 60 * 1000;

/** Name of the label that marks a service account. */
export const MARK_LABEL = "pulumi-resource";

/** The mark and, for people, project and stack: `0123456789abcdef_shop_dev`. */
export const labelOf = (maker: Maker): string => {
  const [, , stack = "", project = ""] = maker.urn.split(/::|:/);
  const readable = `${project}_${stack}`.toLowerCase().replace(/[^-_0-9a-z]/g, "-");
  return `${markOf(maker)}_${readable}`.slice(0, 63);
};

type Labels = Record<string, string>;

export const bearsLabel = (labels: Labels, maker: Maker): boolean =>
  labels[MARK_LABEL]?.slice(0, EXAMPLE.length) === markOf(maker);

/** Project and stack of the maker, as `shop_dev`; undefined without a mark. */
export const makerIn = (labels: Labels): string | undefined =>
  labels[MARK_LABEL]?.slice(EXAMPLE.length + 1) || undefined;

/**
 * The description of a key ends with a mark. As long as the cloud's answer has not arrived it says "new": only then may
 * the secret of the key be lost. A key that any state holds is new no more.
 */
const IN_DESCRIPTION = / ?\(pulumi ([0-9a-f]{16})( new)?\)$/;

/** The number of characters that the longer mark takes of the 256 of a description. */
export const MARK_LENGTH = ` (pulumi ${EXAMPLE} new)`.length;

export const marked = (description: string | undefined, maker: Maker): string =>
  `${description ?? ""} (pulumi ${markOf(maker)})`.trimStart();

export const markedNew = (description: string | undefined, maker: Maker): string =>
  marked(description, maker).replace(/\)$/, " new)");

export const unmarked = (description: string): string => description.replace(IN_DESCRIPTION, "");

/** Whether a description ends with the maker's mark, new or not. */
export const isMarked = (description: string, maker: Maker): boolean => markIn(description)?.mark === markOf(maker);

export const isMarkedNew = (description: string, maker: Maker): boolean =>
  isMarked(description, maker) && isNew(description);

/** Whether any resource of the state made the object, and it is still new. */
export const isNewOfState = (description: string, { stateId }: Maker): boolean =>
  isNew(description) && markIn(description)!.mark.startsWith(digits(stateId));

const isNew = (description: string): boolean => markIn(description)?.isNew ?? false;

/** The mark at the end of a description, of whatever state and resource. */
export function markIn(description: string): { mark: string; isNew: boolean } | undefined {
  const [, mark, isNew] = IN_DESCRIPTION.exec(description) ?? [];
  return mark === undefined ? undefined : { mark, isNew: isNew !== undefined };
}
