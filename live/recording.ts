import type { Exchange } from "./rest";

/** Fields whose value is a secret wherever they stand. */
const SECRET_FIELDS = new Set(["secret", "iamToken", "jwt", "textValue", "privateKey"]);

/** The cloud's IDs, UUIDs and moments, and keys that it quotes in part. */
const NAMES: [kind: string, form: RegExp][] = [
  ["key", /\bAQVN\*+[\w-]*(?: \([0-9A-F]+\))?/g],
  ["second", /(?<="created":)\d{10}/g],
  ["uuid", /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g],
  ["time", /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g],
  ["id", /\b(?=[a-z0-9]{0,19}\d)[a-z][a-z0-9]{19}\b/g],
];

/** Replaces secrets, and gives each ID, name of the run and moment a name of its own: `<id 3>`. */
export interface Recorder {
  add(exchange: Exchange): Exchange;
  exchanges: readonly Exchange[];
}

/** Lists that show what else the folder has. */
const LISTS = new Set(["serviceAccounts", "secrets", "accessBindings"]);

export interface Own {
  /** The names of the run begin with it. */
  prefix: string;
  /** The secrets of its keys. Grows as the run goes on. */
  keys: ReadonlyMap<string, string>;
  /** The IDs of its accounts. Grows, too. */
  accounts: ReadonlySet<string>;
}

/** Of what other people have in the folder only its place in a list is recorded. */
export function startRecording({ prefix, keys, accounts }: Own): Recorder {
  const isOwn = (item: unknown): boolean => {
    const text = JSON.stringify(item);
    return text.includes(prefix) || [...accounts].some((id) => text.includes(id));
  };
  const given = new Map<string, string>();
  const counts: Record<string, number> = {};
  const name = (kind: string, value: string) => {
    if (!given.has(value)) given.set(value, `<${kind} ${(counts[kind] = (counts[kind] ?? 0) + 1)}>`);
    return given.get(value)!;
  };
  const hide = (text: string): string => {
    let hidden = text;
    for (const secret of keys.keys()) hidden = hidden.replaceAll(secret, "[secret]");
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
          if (LISTS.has(field) && Array.isArray(value))
            return value.map((item: unknown) => (isOwn(item) ? item : "[not of this run]"));
          if (field === "created" && typeof value === "number") return name("second", String(value));
          if (typeof value !== "string") return value;
          return SECRET_FIELDS.has(field) ? "[secret]" : hide(value);
        }),
      ) as Exchange;
      exchanges.push(hidden);
      return hidden;
    },
  };
}

/** One exchange a line, so that two recordings can be compared. */
export const recordingAsJson = (exchanges: readonly Exchange[]): string =>
  `{"exchanges":[\n${exchanges.map((exchange) => JSON.stringify(exchange)).join(",\n")}\n]}\n`;
