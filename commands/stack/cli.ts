import { spawn } from "node:child_process";
import type { Environment } from "./environment";

/** What a shell answers for a command that Ctrl-C has ended. */
export const INTERRUPTED = 130;

/** Runs `pulumi` in the user's terminal, with the engine's own display, and answers its exit code. */
export function runCli(args: string[], env: Environment): Promise<number> {
  const child = spawn("pulumi", args, { env, stdio: "inherit" });
  let isInterrupted = false;
  // Ctrl-C reaches the engine by itself, and it needs the time to leave a usable state.
  const note = () => void (isInterrupted = true);
  const handOn = () => child.kill("SIGTERM");
  process.on("SIGINT", note).on("SIGTERM", handOn);
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve(signal === "SIGINT" || (isInterrupted && code !== 0) ? INTERRUPTED : (code ?? 1)),
    );
  }).finally(() => process.off("SIGINT", note).off("SIGTERM", handOn));
}

/** Runs `pulumi` silently and answers what it printed; throws what it complained about if it failed. */
export async function queryCli(args: string[], env: Environment): Promise<string> {
  const { code, answer, complaint } = await streamCli(args, env);
  if (code !== 0) throw new Error(complaint);
  return answer;
}

/** Runs `pulumi` silently and answers all that it said, whether it failed or not. */
export async function streamCli(
  args: string[],
  env: Environment,
): Promise<{ code: number; answer: string; complaint: string }> {
  const child = spawn("pulumi", [...args, "--non-interactive"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let answer = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => (answer += chunk));
  child.stderr.on("data", (chunk) => (complaint += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code: code ?? 1, answer, complaint: complaint.trim().replace(/^error: /, "") };
}
