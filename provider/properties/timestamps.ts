import { instant } from "../properties";

/** RFC 3339, as the cloud writes it. */
export const formatTimestamp = (date: Date | undefined): string | undefined =>
  date?.toISOString().replace(/\.000Z$/, "Z");

export function parseTimestamp(value: string | undefined): Date | undefined {
  const moment = instant(value);
  return moment === undefined ? undefined : new Date(moment);
}
