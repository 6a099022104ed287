import { streamCli } from "./cli";
import { forPreview } from "./environment";
import type { Stack } from "./stack";
import { noSuchStack, prepareStack } from "./stack";
import { openWorkspace } from "./workspace";
import { redact } from "../../review/index";

/** What the engine would do to a stack, as it prints it, and its exit code: a failed preview says why in its digest. */
export interface Preview {
  digest: string;
  code: number;
}

/** Runs the preview and creates nothing: a stack that does not exist is an error. */
export async function preview(name: string, options: string[] = []): Promise<Preview> {
  const stack = await prepareStack(openWorkspace(process.cwd()), name, process.env);
  const args = ["preview", "--stack", name, "--json", "--show-sames", ...options];
  const { code, answer, complaint } = await streamCli(args, withoutEvents(stack));
  if (answer.trim() !== "") return { digest: answer, code };
  throw /no stack named/.test(complaint) ? noSuchStack(name) : new Error(redact(complaint));
}

/** With this set, the preview is a stream of events, which shows the values of created secrets in clear. */
const withoutEvents = ({ env }: Stack) => ({ ...forPreview(env), PULUMI_ENABLE_STREAMING_JSON_PREVIEW: undefined });
