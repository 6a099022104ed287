import { randomUUID } from "node:crypto";
import type { Call } from "../../calls/calls";
import { refuse } from "../../status";
import type { State } from "../../store/state";
import type { Table } from "../../store/tables";
import { authorize } from "../authorization";
import type { CapabilityName } from "../capabilities";
import type { AiRequest, AiRoute } from "../routes";
import { invalid, isObject } from "./bodies";

/** A vector store, a conversation or a file, as the API shows it. */
export interface AgentObject {
  id: string;
  folderId: string;
  shown: Record<string, unknown> & { id: string };
}

/** A kind of objects that agents use, in a table of its own. */
export interface Kind {
  path: string;
  table: string;
  /** `Vector store`, for messages. */
  noun: string;
  capability: CapabilityName;
  idPrefix: string;
  /** The word under which the API confirms a deletion. */
  deleted: string;
}

export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll("-", "")}`;

export const tableOf = (state: State, kind: Kind): Table<AgentObject> => state.tables.table<AgentObject>(kind.table);

export const objectsOf = (state: State, kind: Kind, folderId: string): Readonly<AgentObject>[] =>
  [...tableOf(state, kind).values()].filter((object) => object.folderId === folderId);

/** The object of the caller's folder. */
export function findObject(state: State, kind: Kind, folderId: string, id: string): AgentObject {
  const object = tableOf(state, kind).get(id);
  return object?.folderId === folderId ? object : refuse("NOT_FOUND", `${kind.noun} with id '${id}' not found`);
}

/** The object that a path names, for a caller who may use it. */
export function requireObject(state: State, kind: Kind, { call, params }: AiRequest): AgentObject {
  const { folderId } = authorize(state, call, kind.capability, []);
  return findObject(state, kind, folderId, params["id"] ?? "");
}

export function createObject(state: State, kind: Kind, call: Call, folderId: string, fields: object): AgentObject {
  const id = newId(kind.idPrefix);
  const object = { id, folderId, shown: { id, created_at: Math.floor(call.now / 1000), ...fields } };
  tableOf(state, kind).put(id, object);
  call.wrote(id);
  return object;
}

/** Reading and deleting one object; `remove` takes what belongs to it. */
export const objectRoutes = (state: State, kind: Kind, remove: (object: AgentObject) => void): AiRoute[] => [
  { route: `GET ${kind.path}/{id}`, answer: (request) => ({ json: requireObject(state, kind, request).shown }) },
  {
    route: `DELETE ${kind.path}/{id}`,
    answer(request) {
      const object = requireObject(state, kind, request);
      remove(object);
      tableOf(state, kind).remove(object.id);
      request.call.wrote(object.id);
      return { json: { id: object.id, object: kind.deleted, deleted: true } };
    },
  },
];

/** Changing some fields of one object. */
export const changeRoute = (state: State, kind: Kind, changeable: readonly string[]): AiRoute => ({
  route: `POST ${kind.path}/{id}`,
  answer(request) {
    const object = requireObject(state, kind, request);
    const changes = Object.entries(request.body).filter(([name]) => changeable.includes(name));
    checkMetadata(request.body);
    const shown = { ...object.shown, ...Object.fromEntries(changes) };
    tableOf(state, kind).put(object.id, { ...object, shown });
    request.call.wrote(object.id);
    return { json: shown };
  },
});

/** As OpenAI's reference has it: at most 16 pairs, keys of 64 characters, values of 512. */
export function checkMetadata({ metadata = null }: Record<string, unknown>): void {
  if (metadata === null) return;
  if (!isObject(metadata)) return invalid("metadata", "must be an object");
  const pairs = Object.entries(metadata);
  const fits = pairs.every(([key, value]) => key.length <= 64 && typeof value === "string" && value.length <= 512);
  if (pairs.length > 16 || !fits) invalid("metadata", "must have at most 16 pairs, of 64 and 512 characters");
}
