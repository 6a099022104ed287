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
 * before the state knew of it: twelve digits of a hash. A reader of the state does not see the mark.
 */
export const markOf = ({ stateId, urn }: Maker): string =>
  createHash("sha256").update(`${stateId} ${urn}`).digest("hex").slice(0, 12);

/** Name of the label that marks a service account. */
export const MARK_LABEL = "pulumi-resource";

/** The mark and, for people, project and stack: `0123456789ab_shop_dev`. */
export const labelOf = (maker: Maker): string => {
  const [, , stack = "", project = ""] = maker.urn.split(/::|:/);
  const readable = `${project}_${stack}`.toLowerCase().replace(/[^-_0-9a-z]/g, "-");
  return `${markOf(maker)}_${readable}`.slice(0, 63);
};

type Labels = Record<string, string>;

export const bearsLabel = (labels: Labels, maker: Maker): boolean => labels[MARK_LABEL]?.slice(0, 12) === markOf(maker);

/** Project and stack of the maker, as `shop_dev`; undefined without a mark. */
export const makerIn = (labels: Labels): string | undefined => labels[MARK_LABEL]?.slice(13) || undefined;

/**
 * The description of a key ends with a mark. As long as the cloud's answer has not arrived it says "new": only then may
 * the secret of the key be lost. A key that any state holds is new no more.
 */
const IN_DESCRIPTION = / ?\(pulumi ([0-9a-f]{12})( new)?\)$/;

/** The number of characters that the longer mark takes of the 256 of a description. */
export const MARK_LENGTH = " (pulumi 0123456789ab new)".length;

export const marked = (description: string | undefined, maker: Maker): string =>
  `${description ?? ""} (pulumi ${markOf(maker)})`.trimStart();

export const markedNew = (description: string | undefined, maker: Maker): string =>
  marked(description, maker).replace(/\)$/, " new)");

export const unmarked = (description: string): string => description.replace(IN_DESCRIPTION, "");

/** Whether a description ends with the maker's mark, new or not. */
export const isMarked = (description: string, maker: Maker): boolean =>
  IN_DESCRIPTION.exec(description)?.[1] === markOf(maker);

export function isMarkedNew(description: string, maker: Maker): boolean {
  const [, mark, isNew] = IN_DESCRIPTION.exec(description) ?? [];
  return mark === markOf(maker) && isNew !== undefined;
}
