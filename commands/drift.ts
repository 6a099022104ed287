import { parseArgs } from "node:util";
import { capabilityTable } from "../components/capabilities";
import { now } from "../components/clock";
import { render, review } from "../review";
import { preview } from "./stack/digest";
import { LOCAL } from "./stack/stack";

/** What the engine, too, answers where changes are not expected. */
const CHANGES = 7;

/** `npm run drift`: says whether the cloud still is as the program says, and what is not. Changes nothing. */
export async function main(args: string[]): Promise<number> {
  const { digest, code } = await preview(readStack(args), ["--refresh"]);
  const reviewed = review(digest, capabilityTable, now().getTime());
  process.stdout.write(render(reviewed, "text", now().getTime()));
  if (code !== 0 || reviewed.errors.length > 0) return code || 1;
  return reviewed.resources.length > 0 || reviewed.drift?.length ? CHANGES : 0;
}

function readStack(args: string[]): string {
  try {
    return parseArgs({ args, options: { stack: { type: "string", short: "s", default: LOCAL } } }).values.stack;
  } catch (error) {
    throw new Error(`${(error as Error).message.split(". ")[0]}: this takes --stack <name>.`);
  }
}
