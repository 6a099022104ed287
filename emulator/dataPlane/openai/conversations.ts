import { refuse } from "../../status";
import type { State } from "../../store/state";
import { authorize } from "../authorization";
import type { AiRequest, AiRoute } from "../routes";
import { listAnswer, listOf } from "./lists";
import {
  type AgentObject,
  changeRoute,
  checkMetadata,
  createObject,
  findObject,
  type Kind,
  newId,
  objectRoutes,
  requireObject,
} from "./objects";
import { type Item, readItems } from "./responseRequest";

const kind: Kind = {
  path: "/v1/conversations",
  table: "conversations",
  noun: "Conversation",
  capability: "responses",
  idPrefix: "conv",
  deleted: "conversation.deleted",
};

interface ItemRecord {
  /** `<conversation> <item>`. */
  id: string;
  conversationId: string;
  item: Item;
}

const itemTable = (state: State) => state.tables.table<ItemRecord>("conversationItems");

export const findConversation = (state: State, folderId: string, id: string): AgentObject =>
  findObject(state, kind, folderId, id);

/** The items of a conversation, oldest first, after `added` were put behind them. */
export function conversationItems(state: State, conversationId: string, added: Item[] = []): Readonly<ItemRecord>[] {
  const table = itemTable(state);
  for (const item of added) {
    const id = `${conversationId} ${item.id}`;
    table.put(id, { id, conversationId, item });
  }
  return [...table.values()].filter((record) => record.conversationId === conversationId);
}

/** Conversations, and the items in them. */
export function conversationRoutes(state: State): AiRoute[] {
  const add = (conversationId: string, items: unknown): Item[] => {
    const added = readItems("items", items ?? [], (type) => newId(type === "message" ? "msg" : type));
    conversationItems(state, conversationId, added);
    return added;
  };
  const requireItem = (request: AiRequest): { owner: AgentObject; record: ItemRecord } => {
    const owner = requireObject(state, kind, request);
    const itemId = request.params["itemId"] ?? "";
    const record = itemTable(state).get(`${owner.id} ${itemId}`);
    return { owner, record: record ?? refuse("NOT_FOUND", `Item with id '${itemId}' not found`) };
  };

  return [
    {
      route: `POST ${kind.path}`,
      answer({ call, body }) {
        const { folderId } = authorize(state, call, kind.capability, []);
        checkMetadata(body);
        readItems("items", body["items"] ?? [], newId);
        const created = createObject(state, kind, call, folderId, {
          object: "conversation",
          metadata: body["metadata"] ?? {},
        });
        add(created.id, body["items"]);
        return { json: created.shown };
      },
    },
    changeRoute(state, kind, ["metadata"]),
    ...objectRoutes(state, kind, ({ id }) => {
      for (const record of conversationItems(state, id)) itemTable(state).remove(record.id);
    }),
    {
      route: `POST ${kind.path}/{id}/items`,
      answer(request) {
        const { id } = requireObject(state, kind, request);
        const data = add(id, request.body["items"]);
        request.call.wrote(id);
        return { json: listOf(data) };
      },
    },
    {
      route: `GET ${kind.path}/{id}/items`,
      answer(request) {
        const { id } = requireObject(state, kind, request);
        return listAnswer(
          request.query,
          conversationItems(state, id).map(({ item }) => item),
        );
      },
    },
    {
      route: `GET ${kind.path}/{id}/items/{itemId}`,
      answer: (request) => ({ json: requireItem(request).record.item }),
    },
    {
      route: `DELETE ${kind.path}/{id}/items/{itemId}`,
      answer(request) {
        const { owner, record } = requireItem(request);
        itemTable(state).remove(record.id);
        request.call.wrote(record.item.id);
        return { json: owner.shown };
      },
    },
  ];
}
