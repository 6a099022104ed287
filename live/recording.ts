import type { Exchange } from "./rest";

/** Fields whose value is a secret wherever they stand. */
const SECRET_FIELDS = new Set(["secret", "iamToken", "jwt", "textValue", "privateKey"]);

/** Of the cloud's own IDs, UUIDs and moments. */
const NAMES: [kind: string, form: RegExp][] = [
  ["uuid", /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g],
  ["time", /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g],
  ["id", /\b(?=[a-z0-9]{0,19}\d)[a-z][a-z0-9]{19}\b/g],
];

/** Replaces secrets, and gives each ID, name of the run and moment a name of its own: `<id 3>`. */
export interface Recorder {
  add(exchange: Exchange): Exchange;
  exchanges: readonly Exchange[];
}

/**
 * @param secrets values that were seen, and grow as the run goes on
 * @param prefix of the names that the run gives
 */
export function startRecording(secrets: ReadonlySet<string>, prefix: string): Recorder {
  const given = new Map<string, string>();
  const counts: Record<string, number> = {};
  const name = (kind: string, value: string) => {
    if (!given.has(value)) given.set(value, `<${kind} ${(counts[kind] = (counts[kind] ?? 0) + 1)}>`);
    return given.get(value)!;
  };
  const hide = (text: string): string => {
    let hidden = text;
    for (const secret of secrets) hidden = hidden.replaceAll(secret, "[secret]");
    hidden = hidden.replaceAll(prefix, "<run>");
    for (const [kind, form] of NAMES) hidden = hidden.replace(form, (value) => name(kind, value));
    return hidden;
  };
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    add(exchange) {
      const hidden = JSON.parse(
        JSON.stringify(exchange, (field, value: unknown) => {
          if (typeof value !== "string") return value;
          return SECRET_FIELDS.has(field) ? "[secret]" : hide(value);
        }),
      ) as Exchange;
      exchanges.push(hidden);
      return hidden;
    },
  };
}
