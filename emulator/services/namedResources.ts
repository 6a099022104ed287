import { typed } from "../calls/messages";
import { type Kind, type Operations, plansFor } from "../calls/operations";
import { accountName, description, labels, maskedFields, pattern, required } from "../calls/validation";
import type { Table } from "../store/tables";

/** What clouds, folders, accounts and MCP gateways are changed by alike. */

interface Named {
  id: string;
  name: string;
  description: string;
  labels: Record<string, string>;
}

interface Options<R extends { id: string }> {
  kind: Kind;
  table: Table<R>;
  /** The record of an id, or a refusal. */
  require(id: string): R;
  toMessage(record: R): object;
  /** What the cloud does by itself for a new one. */
  created?(record: R): void;
  /** Removes it with what goes with it. */
  remove(record: R): void;
}

/** The operations that create, update and delete a kind of resource, by the name of its message: `createFolder`. */
export function namedEffects<R extends { id: string }>(operations: Operations, options: Options<R>) {
  const { kind, table, require, toMessage, created, remove } = options;
  const put = (record: R) => {
    table.put(record.id, record);
    return typed(`${kind.package}.${kind.message}`, toMessage(record));
  };
  return {
    planned: plansFor(kind),
    create: operations.effect<R>(`create${kind.message}`, (record) => {
      created?.(record);
      return put(record);
    }),
    update: operations.effect<Partial<R> & { id: string }>(`update${kind.message}`, (changes) =>
      put({ ...require(changes.id), ...changes }),
    ),
    remove: operations.effect<{ id: string }>(`delete${kind.message}`, ({ id }) => {
      remove(require(id));
      return typed("google.protobuf.Empty", {});
    }),
  };
}

type Fields = Omit<Named, "id">;

/** Checks what a new resource is called and described by, and answers just that. */
export function namedFields(request: Fields): Fields {
  required("name", request.name);
  pattern("name", request.name, accountName);
  description(request.description);
  labels(request.labels);
  return { name: request.name, description: request.description, labels: request.labels };
}

/** What an update changes. The definitions of folders and clouds allow an empty name, which leaves the name as it is. */
export function namedChanges(request: Fields & { updateMask?: { paths: string[] } }): Partial<Fields> {
  const fields = maskedFields(request.updateMask, ["name", "description", "labels"] as const).filter(
    (field) => field !== "name" || request.name !== "",
  );
  if (fields.includes("name")) pattern("name", request.name, accountName);
  description(request.description);
  labels(request.labels);
  return Object.fromEntries(fields.map((field) => [field, request[field]]));
}
