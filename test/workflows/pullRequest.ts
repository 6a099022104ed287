import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Request } from "./outside";
import { runScript, startOutside } from "./outside";

export interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

/** The newest commit of the pull request, where a test needs no other. */
export const HEAD = "1f2e3d4c5b6a79880123456789abcdef01234567";

/** The event of a pull request, from a branch of `shop/access` unless another repository is named. */
export const pullRequestEvent = (from = "shop/access", actor = "someone") => ({
  name: "pull_request" as const,
  github: { actor, event: { pull_request: { number: 7, head: { sha: HEAD, repo: { full_name: from } } } } },
});

/** Pull request 7 of `shop/access` and its comments, as GitHub's API has them. `head` is its newest commit. */
export function openPullRequest(head = HEAD) {
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
      if (url.pathname === "/repos/shop/access/pulls/7") return { body: { head: { sha: head } } };
      if (method === "DELETE") {
        const place = comments.findIndex(({ id }) => url.pathname === `${path}/comments/${id}`);
        if (place < 0) return missing;
        comments.splice(place, 1);
        return { status: 204, body: undefined };
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

/** A pull request on a GitHub of its own. `atOnce`: its comments are listed only when so many have asked for the list. */
export async function startPull({
  atOnce = 1,
  ...given
}: { atOnce?: number; answer?: (request: Request) => Answer } = {}) {
  const { comments, answer } = openPullRequest();
  const folder = mkdtempSync(join(tmpdir(), "pull-"));
  const all = gate(atOnce);
  const github = await startOutside(async (request) => {
    if (request.method === "GET" && request.path.includes("/comments")) {
      const listed = (given.answer ?? answer)(request);
      const copy = { ...listed, body: structuredClone(listed.body) };
      await all();
      return copy;
    }
    return (given.answer ?? answer)(request);
  });
  const path = (name: string) => join(folder, name);
  const write = (name: string, text: string) => writeFileSync(path(name), text);
  let last = 0;
  return {
    comments,
    requests: github.requests,
    path,
    write,
    comment(stack: string, text: string | undefined, env: Record<string, string> = {}) {
      const name = `review-${last++}.md`;
      if (text !== undefined) write(name, text);
      return runScript("comment.mjs", [stack, path(name)], {
        GITHUB_API_URL: github.url,
        GITHUB_SERVER_URL: "https://github.com",
        GITHUB_REPOSITORY: "shop/access",
        GITHUB_RUN_ID: "99",
        GITHUB_TOKEN: "token-of-job",
        PULUMI_CONFIG_PASSPHRASE: "the-passphrase",
        PULL_REQUEST: "7",
        COMMIT: HEAD,
        ...env,
      });
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
      await github[Symbol.asyncDispose]();
    },
  };
}

/** Lets the first `count` callers go on together, and later ones at once. */
function gate(count: number) {
  const waiting: (() => void)[] = [];
  let isOpen = false;
  return () =>
    new Promise<void>((resolve) => {
      if (isOpen) return resolve();
      waiting.push(resolve);
      if (waiting.length < count) return;
      isOpen = true;
      for (const go of waiting) go();
    });
}
