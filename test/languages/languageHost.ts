import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const toolchain = join(__dirname, "../../toolchain/languageHosts.mjs");

/** Calls a function of the toolchain that gets a tool of a language; answers the folder, or file, that it answers. */
export async function ensure(name: string, ...args: string[]): Promise<string> {
  const script = `const { ${name} } = await import(${JSON.stringify(toolchain)});
    console.log(JSON.stringify(await ${name}(...${JSON.stringify(args)})));`;
  // It says on the other stream what it is doing.
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return JSON.parse(stdout) as string;
}

/** PATH with a folder first. */
export const pathWith = (...folders: string[]): string => [...folders, process.env.PATH ?? ""].join(delimiter);
