import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { capabilityTable } from "../components/capabilities";
import { now } from "../components/clock";
import { type Format, formatNames, render, review } from "../review";
import { preview } from "./stack/digest";
import { LOCAL } from "./stack/stack";

/** `npm run review`: says what access a change would give or take, for whoever has to agree to it. */
export async function main(args: string[]): Promise<number> {
  const { stack, format, digest: file, counts } = readArguments(args);
  const { digest, code } = file === undefined ? await preview(stack) : { digest: readFile(file), code: 0 };
  // The clock of the component, so that a rehearsal of the next rotation is judged by the same moment.
  const moment = now().getTime();
  const reviewed = review(digest, capabilityTable, moment);
  process.stdout.write(render(reviewed, format, moment));
  // Beside the review rather than instead of it, so that both are of one preview.
  if (counts !== undefined) writeCounts(counts, render(reviewed, "gitlab", moment));
  // A preview that failed is no success, wherever its digest comes from.
  return code || (reviewed.errors.length > 0 ? 1 : 0);
}

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

function readArguments(args: string[]): { stack: string; format: Format; digest?: string; counts?: string } {
  const values = parse(args);
  const format = formatNames.find((each) => each === values.format);
  if (format) return { ...values, format };
  throw new Error(
    `There is no format ${JSON.stringify(values.format)}: choose ${formatNames.slice(0, -1).join(", ")} or ${formatNames.at(-1)}.`,
  );
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        stack: { type: "string", short: "s", default: LOCAL },
        format: { type: "string", short: "f", default: "markdown" },
        digest: { type: "string", short: "d" },
        counts: { type: "string" },
      },
    }).values;
  } catch (error) {
    const reason = (error as Error).message.split(". ")[0];
    throw new Error(`${reason}: this takes --stack <name>, --format <name>, --digest <file> and --counts <file>.`);
  }
}
