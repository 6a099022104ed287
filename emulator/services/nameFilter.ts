import { invalid } from "../calls/validation";

/** The filter of list calls: empty, or `name="value"` (also with single quotes and spaces around the sign). */
export function nameFilter(filter: string): (record: { name: string }) => boolean {
  if (filter.trim() === "") return () => true;
  const found = /^\s*name\s*=\s*(?:"([^"]*)"|'([^']*)')\s*$/.exec(filter);
  const name = found?.[1] ?? found?.[2];
  if (name === undefined) return invalid("filter", 'Only name="value" can be filtered by');
  return (record) => record.name === name;
}
