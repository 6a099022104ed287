import { readFileSync, writeFileSync } from "node:fs";
import { capabilityTable } from "../components/capabilities";
import { now } from "../components/clock";
import { type Format, formatNames, noReview, render, review } from "../review";
import { preview } from "./stack/digest";
import { readRules } from "./stack/rules";
import { command, STACK } from "./stack/command";
import { openWorkspace, readProject } from "./stack/workspace";

const ABOUT =
  "Says what access a change would give or remove, for the people who have to agree to it. Changes nothing.";

/**
 * The commit that the author pushed. CI systems that review the merge of a branch with its target name that merge first: on
 * GitHub the job sets REVIEW_COMMIT; GitLab has a variable of its own for merged results, empty in other pipelines.
 */
const findCommit = ({ env } = process): string | undefined =>
  COMMIT_VARIABLES.map((name) => env[name]).find((commit) => commit);

const COMMIT_VARIABLES = [
  "REVIEW_COMMIT",
  "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA",
  "CI_COMMIT_SHA",
  "SOURCECRAFT_COMMIT_SHA",
  "GITHUB_SHA",
];

const OPTIONS = {
  stack: STACK,
  format: {
    type: "string",
    short: "f",
    default: "markdown",
    value: "name",
    about: `One of ${formatNames.join(", ")}.`,
  },
  digest: { type: "string", short: "d", value: "file", about: "Read a preview from a file instead of running one." },
  counts: { type: "string", value: "file", about: "Write the counts for GitLab's merge requests into a file, too." },
  commit: { type: "string", value: "sha", about: "The commit to name; default: the one of the CI system." },
} as const;

/** `npm run review` */
export const main = command("review", ABOUT, OPTIONS, async ({ format: given, digest: file, ...values }) => {
  const { stack, counts, commit = findCommit() } = values;
  const format = readFormat(given);
  const workspace = openWorkspace(process.cwd());
  const about = { stack, project: readProject(workspace), commit };
  const { digest, code } = file === undefined ? await previewOf(stack) : { digest: readFile(file), code: 0 };
  // The clock of the component, so that a rehearsal of the next rotation is judged by the same moment.
  const moment = now().getTime();
  const rules = readRules(workspace, stack);
  const reviewed =
    digest instanceof Error
      ? noReview(digest.message, about)
      : review(digest, capabilityTable, moment, { ...about, rules });
  process.stdout.write(render(reviewed, format, moment));
  // Beside the review rather than instead of it, so that both are of one preview. Zeros would look like no change.
  if (counts !== undefined && reviewed.isMade) writeCounts(counts, render(reviewed, "gitlab", moment));
  // A failed preview fails the command, wherever its digest comes from.
  return code || (reviewed.errors.length > 0 ? 1 : 0);
});

/** The preview, or why it could not be made: that goes into the review, which replaces the one of an earlier commit. */
const previewOf = (stack: string): Promise<{ digest: string | Error; code: number }> =>
  preview(stack).catch((error: unknown) => ({ digest: error as Error, code: 1 }));

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}): name another with --digest.`);
  }
}

function writeCounts(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Error(
      `${file} cannot be written (${(error as NodeJS.ErrnoException).code}): name another with --counts.`,
    );
  }
}

function readFormat(given: string): Format {
  const format = formatNames.find((each) => each === given);
  if (format) return format;
  throw new Error(
    `There is no format ${JSON.stringify(given)}: choose ${formatNames.slice(0, -1).join(", ")} or ${formatNames.at(-1)}.`,
  );
}
