import { spawn } from "node:child_process";
import { emulatorProgram, findEmulator, rememberProgram } from "./stack/localCloud";
import { openWorkspace } from "./stack/workspace";

/** `npm run emulator`: the local cloud in the foreground, over the same state that `npm start` uses. */
export async function main(args: string[]): Promise<number> {
  const workspace = openWorkspace(process.cwd());
  const running = await findEmulator(workspace);
  if (running) {
    throw new Error(`The emulator runs already at ${running.url} (process ${running.pid}): end that process first.`);
  }
  const files = ["--state", workspace.emulatorState, "--connection", workspace.connection];
  const child = spawn(process.execPath, [emulatorProgram(workspace), ...files, ...args], { stdio: "inherit" });
  rememberProgram(workspace);
  const handOn = () => child.kill("SIGTERM");
  // Ctrl-C reaches the emulator by itself; this process waits for it to write its state.
  process.on("SIGINT", () => {}).on("SIGTERM", handOn);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
