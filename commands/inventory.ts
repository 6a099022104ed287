import { writeFileSync } from "node:fs";
import { formatNames, reaches, render, takeInventory, thresholds } from "../inventory";
import { surveyOf } from "./inventory/survey";
import { openCloud } from "./stack/cloudOf";
import { command } from "./stack/command";
import { openWorkspace, readProject, stacksWithSettings } from "./stack/workspace";

const ABOUT =
  "Lists every API key in a folder or a cloud that can call AI Studio, and what is wrong with it. Only reads, and never asks for a secret.";

const OPTIONS = {
  folder: { type: "string", value: "id", about: "The folder to look at." },
  cloud: { type: "string", value: "id", about: "Look at all folders of this cloud." },
  stack: { type: "string", short: "s", value: "name", about: "Sign in as this stack does, and look at its folder." },
  format: { type: "string", short: "f", default: "text", value: "name", about: `One of ${formatNames.join(", ")}.` },
  file: { type: "string", value: "path", about: "Write it into a file." },
  "fail-on": {
    type: "string",
    default: "low",
    value: "severity",
    about: `Exit with 7 on findings of this severity and worse, one of ${thresholds.join(", ")}.`,
  },
} as const;

/** There are findings; what the engine, too, answers where changes are not expected. */
const FOUND = 7;

/** `npm run inventory` */
export const main = command("inventory", ABOUT, OPTIONS, async ({ folder, cloud: cloudId, stack, file, ...given }) => {
  const format = oneOf("--format", formatNames, given.format);
  const threshold = oneOf("--fail-on", thresholds, given["fail-on"]);
  if (folder && cloudId) throw new Error("Name a folder or a cloud, not both: its folders belong to a cloud anyway.");
  const workspace = openWorkspace(process.cwd());
  const { cloud, settings } = await openCloud(workspace, stack, process.env);
  try {
    const id = folder ?? cloudId ?? settings.folderId;
    if (!id)
      throw new Error("Name what to look at: npm run inventory -- --folder <id>, or --cloud <id>, or --stack <name>.");
    const scope = { kind: cloudId ? "cloud" : "folder", id } as const;
    const project = readProject(workspace);
    const known = project === undefined ? undefined : { project, stacks: stacksWithSettings(workspace) };
    const survey = await surveyOf(cloud, scope);
    const inventory = takeInventory({ ...survey, at: Date.now(), ...(known && { known }) }, stack);
    const text = render(inventory, format);
    if (file === undefined) process.stdout.write(text);
    else write(file, text);
    return reaches(inventory, threshold) ? FOUND : 0;
  } finally {
    cloud.close();
  }
});

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Error(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}): name another with --file.`);
  }
  console.log(`Wrote ${file}.`);
}

function oneOf<Word extends string>(option: string, words: readonly Word[], given: string): Word {
  const word = words.find((each) => each === given);
  if (word) return word;
  throw new Error(
    `${option} cannot be ${JSON.stringify(given)}: choose ${words.slice(0, -1).join(", ")} or ${words.at(-1)}.`,
  );
}
