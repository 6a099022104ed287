import { html, type Html } from "./html";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The largest unit of which there are at least two; the exact moment says the rest. */
const units = [
  { unit: "year", ms: 365 * DAY },
  { unit: "day", ms: DAY },
  { unit: "hour", ms: HOUR },
  { unit: "minute", ms: MINUTE },
  { unit: "second", ms: SECOND },
] as const;

const words = new Intl.RelativeTimeFormat("en");

/** `3 minutes ago`, `in 90 days`, `now`. */
export function relative(at: number, now: number): string {
  const { unit, ms } = units.find((each) => Math.abs(at - now) >= 2 * each.ms) ?? units[4];
  const count = Math.round((at - now) / ms);
  return count === 0 ? "now" : words.format(count, unit);
}

/** `2026-12-10T00:00:00Z` */
export const exact = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** A moment as a reader thinks of it; the exact one shows when it is pointed at. */
export const timeOf = (at: number, now: number): Html =>
  html`<time datetime="${exact(at)}" title="${exact(at)}">${relative(at, now)}</time>`;
