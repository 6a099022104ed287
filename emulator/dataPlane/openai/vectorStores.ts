import type { State } from "../../store/state";
import { authorize } from "../authorization";
import type { AiRoute } from "../routes";
import { integerIn, invalid, textOf } from "./bodies";
import { listAnswer } from "./lists";
import {
  type AgentObject,
  changeRoute,
  checkMetadata,
  createObject,
  type Kind,
  objectRoutes,
  objectsOf,
  requireObject,
} from "./objects";
import { attachFiles, filesOf, storeFileRoutes, storeFileTable } from "./vectorStoreFiles";
import { searchFiles } from "./vectorStoreSearch";

const kind: Kind = {
  path: "/v1/vector_stores",
  table: "vectorStores",
  noun: "Vector store",
  capability: "files",
  idPrefix: "vs",
  deleted: "vector_store.deleted",
};

/** Vector stores. Nothing is embedded: a search finds the words of its query. */
export function vectorStoreRoutes(state: State): AiRoute[] {
  const shown = (store: Readonly<AgentObject>) => {
    const files = filesOf(state, store.id);
    const total = files.length;
    return {
      ...store.shown,
      status: "completed",
      usage_bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      file_counts: { in_progress: 0, completed: total, failed: 0, cancelled: 0, total },
    };
  };
  const require = (request: Parameters<typeof requireObject>[2]) => requireObject(state, kind, request);

  return [
    {
      route: `POST ${kind.path}`,
      answer({ call, body }) {
        const { folderId } = authorize(state, call, kind.capability, []);
        checkMetadata(body);
        const fileIds = body["file_ids"] ?? [];
        const created = createObject(state, kind, call, folderId, {
          object: "vector_store",
          name: typeof body["name"] === "string" ? body["name"] : "",
          metadata: body["metadata"] ?? {},
          expires_after: body["expires_after"] ?? null,
          expires_at: expiryOf(body["expires_after"], call.now),
          last_active_at: Math.floor(call.now / 1000),
        });
        attachFiles(state, folderId, created.id, fileIds, call.now);
        return { json: shown(created) };
      },
    },
    {
      route: `GET ${kind.path}`,
      answer({ call, query }) {
        const { folderId } = authorize(state, call, kind.capability, []);
        return listAnswer(query, objectsOf(state, kind, folderId).map(shown));
      },
    },
    {
      route: `GET ${kind.path}/{id}`,
      answer: (request) => ({ json: shown(require(request)) }),
    },
    changeRoute(state, kind, ["name", "metadata", "expires_after"]),
    ...objectRoutes(state, kind, ({ id }) => {
      for (const file of filesOf(state, id)) storeFileTable(state).remove(file.id);
    }),
    ...storeFileRoutes(state, kind.path, require),
    {
      route: `POST ${kind.path}/{id}/search`,
      answer(request) {
        const { id } = require(request);
        const { query } = request.body;
        const words = Array.isArray(query) ? query.map(textOf).join(" ") : query;
        if (typeof words !== "string" || words === "") return invalid("query", "must be a string that is not empty");
        const most = integerIn(request.body, "max_num_results", 1, 50) ?? 10;
        const data = searchFiles(state, filesOf(state, id), words, most);
        return {
          json: {
            object: "vector_store.search_results.page",
            search_query: [words],
            data,
            has_more: false,
            next_page: null,
          },
        };
      },
    },
  ];
}

/** `{"anchor": "last_active_at", "days": 7}`: 1 to 365 days. */
function expiryOf(expires: unknown, now: number): number | null {
  if (expires === undefined || expires === null) return null;
  const days =
    integerIn(expires as Record<string, unknown>, "days", 1, 365) ?? invalid("expires_after.days", "is required");
  return Math.floor(now / 1000) + days * 24 * 60 * 60;
}
