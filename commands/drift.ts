import { capabilityTable } from "../components/capabilities";
import { now } from "../components/clock";
import { render, review } from "../review";
import { preview } from "./stack/digest";
import { command, STACK } from "./stack/command";

/** What the engine, too, answers where changes are not expected. */
const CHANGES = 7;

const ABOUT = "Asks the cloud whether everything that a stack manages still is as the program says. Changes nothing.";

/** `npm run drift` */
export const main = command("drift", ABOUT, { stack: STACK }, async ({ stack }) => {
  const { digest, code } = await preview(stack, ["--refresh"]);
  const reviewed = review(digest, capabilityTable, now().getTime());
  process.stdout.write(render(reviewed, "text", now().getTime()));
  if (code !== 0 || reviewed.errors.length > 0) return code || 1;
  return reviewed.resources.length > 0 || reviewed.drift?.length ? CHANGES : 0;
});
