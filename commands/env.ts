import { statSync } from "node:fs";
import { isSecret, variablesOf, writeVariables } from "./stack/envFile";
import type { Variables } from "./stack/envFile";
import { command, STACK } from "./stack/command";
import { readersOf } from "./stack/fileModes";
import { readOutputs } from "./stack/stack";
import { openWorkspace } from "./stack/workspace";

const ABOUT = "Writes the key and the addresses of an application into a file, for its clients.";

const OPTIONS = {
  stack: STACK,
  app: { type: "string", short: "a", value: "name", about: "The application; not needed if the stack has one." },
  file: { type: "string", short: "f", default: ".env", value: "path", about: "The file; its other lines stay." },
} as const;

/** `npm run env` */
export const main = command("env", ABOUT, OPTIONS, async ({ stack, app, file }) => {
  const variables = variablesOf(await readOutputs(openWorkspace(process.cwd()), stack, process.env), stack, app);
  writeVariables(file, variables);
  console.log(report(file, variables));
  return 0;
});

const READERS = {
  "only you": ", which only you can read",
  others: ". CAUTION: other users of this machine can read it, because its file system ignores the rights",
  "not known": "",
};

function report(file: string, variables: Variables): string {
  const lines = Object.entries(variables).map(
    ([name, value]) => `  ${name.padEnd(17)}   ${isSecret(name) ? "the key, not shown" : value}`,
  );
  return [
    `Wrote ${file}${READERS[readersOf(statSync(file).mode, process.platform)]}:`,
    ...lines,
    `Next: node --env-file=${file} <program>`,
  ].join("\n");
}
