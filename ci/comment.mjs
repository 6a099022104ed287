// One comment per stack on a GitHub pull request, updated at each push: `node ci/comment.mjs <stack> <file>`. Where the file
// is absent or empty, the comment says that this commit has no review, and why (FAILURE_FILE), so that the review of an
// earlier commit is not taken for that of this one.
import { existsSync, readFileSync } from "node:fs";
import { useProxy } from "../toolchain/proxy.mjs";
import { ask } from "./ask.mjs";
import { fit, fenced, withoutSecrets } from "./commentText.mjs";

const { env } = process;

async function main([stack, file]) {
  if (!file) throw new Error("Say for which stack and from which file: node ci/comment.mjs <stack> <file>.");
  const obstacle = useProxy(env);
  if (obstacle) throw new Error(obstacle);
  const { head } = await call("GET", `pulls/${env.PULL_REQUEST}`);
  if (head.sha !== env.COMMIT)
    return console.log(`The newest commit is ${head.sha}, so its own run writes the comment, and this one does not.`);

  const marker = `<!-- yandex-ai-access review of ${stack} -->`;
  const body = JSON.stringify({ body: fit(`${marker}\n${describe(stack, read(file))}`) });
  const [first] = await findComments(marker);
  if (first) return update(first, body);
  await call("POST", `issues/${env.PULL_REQUEST}/comments`, body);
  // Two runs at once may both have found none. The oldest comment stays, and each run deletes only the later ones.
  const [oldest, ...later] = await findComments(marker);
  if (later.length === 0) return;
  await update(oldest, body);
  for (const { id } of later) await call("DELETE", `issues/comments/${id}`).catch(unlessDeleted);
}

function describe(stack, review) {
  const run = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`;
  const commit = env.COMMIT.slice(0, 12);
  if (review) return `${review.trimEnd()}\n\nCommit ${commit}, [run](${run})`;
  const why = withoutSecrets(env.FAILURE_FILE ? read(env.FAILURE_FILE) : "", env).trim();
  const reason = why ? fenced(why) : "The job ended before it could say why.";
  return `### No review of ${commit} for stack ${stack}\n\n${reason}\n\nEarlier reviews are of other commits. See the [run](${run}).`;
}

const read = (file) => (existsSync(file) ? readFileSync(file, "utf8").trim() : "");

const update = ({ id }, body) => call("PATCH", `issues/comments/${id}`, body);

/** Oldest first. Only a bot's own: anyone may have written the marker into a comment. */
async function findComments(marker) {
  const found = [];
  for (let page = 1; ; page++) {
    const comments = await call("GET", `issues/${env.PULL_REQUEST}/comments?per_page=100&page=${page}`);
    found.push(...comments.filter(({ body, user }) => user?.type === "Bot" && body?.startsWith(marker)));
    if (comments.length < 100) return found.sort((a, b) => a.id - b.id);
  }
}

/** The other run was quicker. */
function unlessDeleted(error) {
  if (error.status !== 404) throw error;
}

function call(method, path, body) {
  const headers = { authorization: `Bearer ${env.GITHUB_TOKEN}`, accept: "application/vnd.github+json" };
  const hint = `the review is not on pull request ${env.PULL_REQUEST}; does the job have \`pull-requests: write\`?`;
  return ask("GitHub", `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/${path}`, { method, headers, body }, hint);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
