import { parseArgs } from "node:util";
import { isSecret, variablesOf, writeVariables } from "./stack/envFile";
import type { Variables } from "./stack/envFile";
import { LOCAL, readOutputs } from "./stack/stack";
import { openWorkspace } from "./stack/workspace";

/** `npm run env`: writes what an application's clients read into a file that belongs to its owner alone. */
export async function main(args: string[]): Promise<number> {
  const { stack, app, file } = readArguments(args);
  const variables = variablesOf(await readOutputs(openWorkspace(process.cwd()), stack, process.env), stack, app);
  writeVariables(file, variables);
  console.log(report(file, variables));
  return 0;
}

function readArguments(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        stack: { type: "string", short: "s", default: LOCAL },
        app: { type: "string", short: "a" },
        file: { type: "string", short: "f", default: ".env" },
      },
    });
    return values;
  } catch (error) {
    const reason = (error as Error).message.split(". ")[0];
    throw new Error(`${reason}: this takes --stack <name>, --app <name> and --file <path>.`);
  }
}

function report(file: string, variables: Variables): string {
  const lines = Object.entries(variables).map(
    ([name, value]) => `  ${name.padEnd(15)}   ${isSecret(name) ? "the key, not shown" : value}`,
  );
  return [`Wrote ${file}, which only you can read:`, ...lines, `Next: node --env-file=${file} <program>`].join("\n");
}
