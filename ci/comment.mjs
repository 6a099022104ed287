// One comment per stack on a GitHub pull request, written anew at each push: `node ci/comment.mjs <stack> <file>`.
import { readFileSync } from "node:fs";

const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, PULL_REQUEST } = process.env;
/** GitHub refuses a comment of more than 65,536 characters. */
const MOST = 65_000;

async function main([stack, file]) {
  if (!file) throw new Error("Say for which stack and from which file: node ci/comment.mjs <stack> <file>.");
  const marker = `<!-- yandex-ai-access review of ${stack} -->`;
  const text = readFileSync(file, "utf8");
  const cut =
    text.length > MOST ? `${text.slice(0, MOST)}\n\nThe rest is too long for a comment; see the job's log.` : text;
  const body = JSON.stringify({ body: `${marker}\n${cut}` });
  const earlier = await findComment(marker);
  if (earlier) await call("PATCH", `issues/comments/${earlier.id}`, body);
  else await call("POST", `issues/${PULL_REQUEST}/comments`, body);
}

/** Only a bot's own: anyone may have written the marker into a comment. */
async function findComment(marker) {
  for (let page = 1; ; page++) {
    const comments = await call("GET", `issues/${PULL_REQUEST}/comments?per_page=100&page=${page}`);
    const found = comments.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(marker));
    if (found || comments.length < 100) return found;
  }
}

async function call(method, path, body) {
  const url = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/${path}`;
  const headers = { authorization: `Bearer ${GITHUB_TOKEN}`, accept: "application/vnd.github+json" };
  const response = await fetch(url, { method, headers, body });
  if (response.ok) return response.json();
  throw new Error(
    `GitHub refused the comment on pull request ${PULL_REQUEST} (${response.status}): does the job have \`pull-requests: write\`?`,
  );
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
