import { PulumiCommand } from "@pulumi/pulumi/automation";
import * as cmd from "@pulumi/pulumi/automation/cmd";
import * as errors from "@pulumi/pulumi/automation/errors";
import { runElsewhere } from "./run";

// The SDK keeps both for itself.
const { CommandResult } = cmd as unknown as { CommandResult: new (...result: [string, string, number]) => object };
const { createCommandError } = errors as unknown as { createCommandError(result: object): Error };

/** The CLI as the automation API runs it, except that another process starts it. */
export const openCli = async (): Promise<PulumiCommand> => Object.assign(await PulumiCommand.get(), { run: runCli });

async function runCli(
  args: string[],
  cwd: string,
  env: Record<string, string>,
  onOutput?: (text: string) => void,
  onError?: (text: string) => void,
  signal?: AbortSignal,
): Promise<object> {
  const hears = { stdout: onOutput, stderr: onError };
  const quiet = args.includes("--non-interactive") ? args : [...args, "--non-interactive"];
  const { code, stdout, stderr } = await runElsewhere("pulumi", quiet, {
    cwd,
    env: { ...process.env, ...env, PULUMI_AUTOMATION_API: "true" },
    say: (stream, text) => hears[stream]?.(text),
    interrupt: signal,
  });
  const result = new CommandResult(stdout.replace(/\n$/, ""), stderr.replace(/\n$/, ""), code ?? -2);
  if (code === 0) return result;
  throw createCommandError(result);
}
