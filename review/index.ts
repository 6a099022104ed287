import type { CapabilityTable } from "./capabilities";
import { readDigest } from "./digest";
import { gitlab } from "./gitlab";
import { markdown } from "./markdown";
import { mermaid } from "./mermaid";
import { type About, type Review, reviewOf } from "./review";
import { text } from "./text";

export type { CapabilityTable } from "./capabilities";
export { redact } from "./shown";
export { noReview } from "./review";
export type { About, Review } from "./review";

const formats = {
  markdown,
  json: (review: Review) => `${JSON.stringify(review, null, 2)}\n`,
  gitlab,
  text,
  mermaid,
} satisfies Record<string, (review: Review, now: number) => string>;

export type Format = keyof typeof formats;

export const formatNames = Object.keys(formats) as Format[];

/** The review of a digest; throws a sentence if the text is something else. */
export const review = (digest: string, table: CapabilityTable, now: number, about?: About): Review =>
  reviewOf(readDigest(digest), table, now, about);

export const render = (reviewed: Review, format: Format, now: number): string => formats[format](reviewed, now);
