import type { Answer, Request } from "./outside";

export interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

/** The comments of pull request 7 of `shop/access`, as GitHub's API has them. */
export function openPullRequest() {
  const comments: Comment[] = [];
  const path = "/repos/shop/access/issues";
  const missing = { status: 404, body: {} };
  return {
    comments,
    answer({ method, path: asked, body }: Request): Answer {
      const url = new URL(asked, "http://github");
      const text = () => (JSON.parse(body) as { body: string }).body;
      if (method === "PATCH") {
        const found = comments.find(({ id }) => url.pathname === `${path}/comments/${id}`);
        return found ? { body: Object.assign(found, { body: text() }) } : missing;
      }
      if (url.pathname !== `${path}/7/comments`) return missing;
      if (method === "POST") {
        const comment = { id: 900 + comments.length, body: text(), user: { type: "Bot" } };
        comments.push(comment);
        return { body: comment };
      }
      const page = Number(url.searchParams.get("page"));
      return { body: comments.slice((page - 1) * 100, page * 100) };
    },
  };
}
