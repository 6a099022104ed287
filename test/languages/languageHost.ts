import { delimiter, join } from "node:path";
import { run } from "../support/run";

const toolchain = join(__dirname, "../../toolchain/languageHosts.mjs");

/** Calls a function of the toolchain that gets a tool of a language; answers the folder, or file, that it answers. */
export async function ensure(name: string, ...args: string[]): Promise<string> {
  const script = `const { ${name} } = await import(${JSON.stringify(toolchain)});
    console.log(JSON.stringify(await ${name}(...${JSON.stringify(args)})));`;
  const { code, output } = await run(process.execPath, ["--input-type=module", "--eval", script], { env: process.env });
  if (code !== 0) throw new Error(output);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as string;
}

/** PATH with a folder first. */
export const pathWith = (...folders: string[]): string => [...folders, process.env.PATH ?? ""].join(delimiter);
