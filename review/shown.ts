/**
 * What may be shown of a preview. Names come from the author of the change, so they may try to be markup; values may be
 * secrets that somebody forgot to mark. Here the first are disarmed and the second are withheld.
 */

/** Stands for what may be a secret. */
export const HIDDEN = "[hidden]";
/** A value that the cloud decides during the update, so that it cannot be judged before. */
export const NOT_KNOWN = "[not known yet]";
const UNSHOWABLE = "▯";
const LONGEST = 100;
/** Marks that sentences need, and what stands for them where they could end a label or begin an order. */
const HARMLESS: Record<string, string> = { '"': "'", "`": "'", "[": "(", "]": ")" };
/** A place in a list, as in `capabilities[0]`. Only these brackets stay: nothing can begin with them. */
const INDEX = /(?<=\w)\[(\d{1,4})\]/g;

/** Credentials that can be recognized by their form. */
const CREDENTIALS = [
  /AQVN[\w-]{8,}/g, // API key
  /\bt1\.[\w=.-]{8,}/g, // IAM token
  /\by[0-3]_[\w-]{8,}/g, // OAuth token
  /\beyJ[\w-]+\.[\w.-]{8,}/g, // JWT
  /\bYC[A-Z][\w-]{20,}/g, // static access key
  /-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/g, // PEM
];

/** Anything long that looks drawn by lot: capital and small letters with digits, without a dot or a space between. */
const RANDOM = /[\w+/=-]{24,}/g;

/** Looked for last: it may be the end of a run of the other kind, whose beginning would then be too short to be one. */
const HEXADECIMAL = /\b[0-9a-fA-F]{32,}\b/g;

/** The text without what may be a credential. */
export function redact(text: string): string {
  const known = CREDENTIALS.reduce((rest, pattern) => rest.replace(pattern, HIDDEN), text);
  const isDrawn = (run: string) => /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
  return known.replace(RANDOM, (run) => (isDrawn(run) ? HIDDEN : run)).replace(HEXADECIMAL, HIDDEN);
}

/**
 * A text in which nothing is left that could end a code span, a table cell, a quoted label or a line, give an order to
 * a terminal or to a CI log (`##[…]`), or change the direction of reading.
 */
export function disarm(text: string, longest = LONGEST): string {
  const plain = redact(text)
    .replace(/\s+/g, " ")
    .trim()
    .replace(INDEX, "\u0001$1\u0002")
    .replace(/["`[\]]/g, (mark) => HARMLESS[mark] ?? UNSHOWABLE)
    .replace(/[^\p{L}\p{N} .,:;_@$%()<>/+=*'~&!?\u0001\u0002-]/gu, UNSHOWABLE)
    .replace(/\u0001(\d+)\u0002/g, "[$1]");
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain || "(empty)";
}

/** Name of a property. Paths into maps are cut to the property, because the keys of a map are values, too. */
export const propertyName = (path: string): string =>
  // Hidden before it is cut: half of a secret no longer looks like one.
  /^[A-Za-z]\w{0,40}/.exec(redact(path))?.[0] ?? UNSHOWABLE;

/** The engine puts an ID of this form in a preview for a value that it knows only after the update. */
export const isUnknown = (value: unknown): boolean =>
  typeof value === "string" && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

/**
 * Roles and scopes: dotted words, or one of the primitive roles. Anything else, an unmarked secret for instance, is not
 * repeated.
 */
export function accessWord(value: unknown): string {
  if (isUnknown(value)) return NOT_KNOWN;
  return word(value, /^(?:admin|editor|viewer|auditor|[a-z][A-Za-z0-9-]{0,30}(?:\.[A-Za-z][A-Za-z0-9-]{0,40}){1,5})$/);
}

/** Who gets a role: `serviceAccount:aje…`, `userAccount:…`, `group:…`, `system:allUsers` and the like. */
export const memberWord = (value: unknown): string =>
  word(value, /^(?:serviceAccount|userAccount|federatedUser|group|system):[A-Za-z0-9:-]{3,60}$/);

const word = (value: unknown, form: RegExp): string =>
  typeof value === "string" && form.test(value) && redact(value) === value ? value : HIDDEN;

/** An ID of the cloud, such as `b1g…` or `aje…`; undefined for anything else, such as one that is not known yet. */
export const cloudId = (value: unknown): string | undefined =>
  typeof value === "string" && /^[a-z][a-z0-9]{19}$/.test(value) ? value : undefined;

/** A moment in its shortest form; undefined for any other text. */
export function moment(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(".000Z", "Z");
}
