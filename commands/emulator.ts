import { spawn } from "node:child_process";
import { helpOf } from "./stack/command";
import { emulatorProgram, findEmulator, rememberProgram } from "./stack/localCloud";
import { openWorkspace } from "./stack/workspace";

const ABOUT = "Runs the local cloud in the foreground, over the same state that npm start uses.";

const OPTIONS = {
  host: { type: "string", value: "address", default: "127.0.0.1", about: "The address to listen at." },
  port: { type: "string", value: "number", about: "The port without TLS; default: a free one." },
  "tls-port": { type: "string", value: "number", about: "The port with TLS; default: a free one." },
  quiet: { type: "boolean", about: "Print no line for each call." },
} as const;

/** `npm run emulator` hands its arguments on to the emulator, which knows them. */
export async function main(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(helpOf("emulator", ABOUT, OPTIONS));
    return 0;
  }
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
