// node toolchain/releaseNotes.mjs <tag>: prints what CHANGELOG.md says of the version. Stops where a release would not be one.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { say } from "./report.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (...names) => readFileSync(join(root, ...names), "utf8");
const [tag] = process.argv.slice(2);
const { version } = JSON.parse(read("package.json"));
const { repository } = JSON.parse(read("provider", "schema", "schema.json"));
const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;
const place = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
const [, notes] = read("CHANGELOG.md").split(new RegExp(`^## ${version.replaceAll(".", "\\.")}\\b.*$`, "m"));

const obstacle =
  tag !== `v${version}`
    ? `The tag ${tag} is not the version ${version} of package.json: delete the tag, and push v${version}.`
    : notes === undefined
      ? `CHANGELOG.md has no entry for ${version}: write "## ${version}" above what is in it, and tag that commit.`
      : repository !== place
        ? `The packages say that they come from ${repository ?? "nowhere"}, and this is ${place}: set REPOSITORY in provider/schema/package.ts, run npm run generate, and tag that commit.`
        : undefined;
if (obstacle) {
  say(obstacle);
  process.exitCode = 1;
} else console.log(notes.split(/^## /m)[0].trim());
