import type { AiRequest } from "../routes";
import type { AiAnswer } from "../../transport/httpCall";
import { integerIn, invalid } from "./bodies";

interface Listed {
  id: string;
}

/**
 * A page of a list as OpenAI's APIs page: `limit` (1 to 100, default 20), `order` (`asc` or `desc`), `after` and `before` (ids).
 * The items come oldest first.
 */
export function listAnswer<Item extends Listed>(query: AiRequest["query"], items: Item[], order = "desc"): AiAnswer {
  const limit = integerIn({ limit: numberOf(query.get("limit")) }, "limit", 1, 100) ?? 20;
  const wanted = query.get("order") ?? order;
  if (wanted !== "asc" && wanted !== "desc") invalid("order", "must be asc or desc");
  const ordered = wanted === "asc" ? items : [...items].reverse();
  const after = positionOf(ordered, "after", query.get("after")) ?? -1;
  const before = positionOf(ordered, "before", query.get("before")) ?? ordered.length;
  const rest = ordered.slice(after + 1, before);
  const data = rest.slice(0, limit);
  return { json: listOf(data, rest.length > data.length) };
}

export const listOf = <Item extends Listed>(data: Item[], hasMore = false) => ({
  object: "list",
  data,
  first_id: data[0]?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
  has_more: hasMore,
});

const numberOf = (text: string | null): number | undefined => (text === null || text === "" ? undefined : Number(text));

function positionOf(items: Listed[], field: string, id: string | null): number | undefined {
  if (!id) return undefined;
  const position = items.findIndex((item) => item.id === id);
  return position === -1 ? invalid(field, `names ${id}, which is not in the list`) : position;
}
