import type { Emulator } from "../../emulator/emulator";
import { openApi } from "../support/api";
import type { startClone } from "./clone";

/** Somebody who reads what doctor says, in a clone, with an environment. */
export interface Reader {
  cloud: Emulator;
  clone: ReturnType<typeof startClone>;
  env: Record<string, string>;
}

/** The lines of advice below a finding, or undefined where doctor says no such thing. */
export function adviceOn(output: string, finding: RegExp): string | undefined {
  const lines = output.split("\n");
  const at = lines.findIndex((line) => /^(PROBLEM|warning)/.test(line) && finding.test(line));
  return at < 0 ? undefined : (lines[at + 1] ?? "").trim();
}

/** Types each command of the advice, as it stands there. `yc` is played by calls of the same API. */
export async function type({ clone, cloud, env }: Reader, advice: string): Promise<string[]> {
  const commands = advice.match(/npm (?:start|run [\w:]+)(?: -- [^,]*)?|yc .*/g) ?? [];
  for (const each of commands) {
    const [program, ...words] = each.trim().split(/ +/);
    if (program === "yc") await playYc(cloud, words);
    else {
      const [name, ...rest] = words[0] === "run" ? words.slice(1) : words;
      const args = rest[0] === "--" ? rest.slice(1) : rest;
      // The real account's preview waits for a yes; the person who types the command gives it.
      const consent = name === "start" && args.length > 0 ? ["--yes"] : [];
      expect(await clone.run(name!, [...args, ...consent], env)).toMatchObject({ code: 0 });
    }
  }
  return commands;
}

async function playYc(cloud: Emulator, [, command, verb, id, ...flags]: string[]): Promise<void> {
  using api = openApi(cloud, "rest");
  if (command === "api-key" && verb === "delete")
    return void (await api.call("ApiKeyService/Delete", { apiKeyId: id }));
  // Only a person reads that list; the folder is put in by hand.
  if (command === "folder" && verb === "list") return;
  const valueOf = (flag: string) => flags[flags.indexOf(flag) + 1]!;
  const subject = { id: valueOf("--service-account-id"), type: "serviceAccount" };
  const accessBindingDeltas = [{ action: "ADD", accessBinding: { roleId: valueOf("--role"), subject } }];
  expect([command, verb]).toEqual(["folder", "add-access-binding"]);
  await api.call("FolderService/UpdateAccessBindings", { resourceId: id, accessBindingDeltas });
}
