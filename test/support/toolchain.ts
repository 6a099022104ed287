import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const toolchain = join(__dirname, "../../toolchain");

/** What a function of the toolchain answers, which installs what is not there. On the other stream it says what it does. */
export async function askToolchain<T = string>(file: string, name: string, ...args: string[]): Promise<T> {
  const script = `const { ${name} } = await import(${JSON.stringify(join(toolchain, file))});
    console.log(JSON.stringify(await ${name}(...${JSON.stringify(args)})));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return JSON.parse(stdout) as T;
}
