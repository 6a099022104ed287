import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_RULES, parseRules, type Rules } from "../../policy/settings";
import { shortName, type Workspace } from "./workspace";

/** The settings of the policy pack: one file for all stacks, and one for a stack that needs others. */
const filesOf = (stack: string): string[] => [`stacks/rules.${shortName(stack)}.json`, "stacks/rules.json"];

const PACK = "policy/pulumi-analyzer-yandex-ai-access";

/** The team's rules for a stack. Throws a sentence if the file has a mistake. */
export function readRules(workspace: Workspace, stack: string): Rules {
  const file = findFile(workspace, stack);
  return file === undefined ? DEFAULT_RULES : parseRules(readFileSync(join(workspace.root, file), "utf8"), file);
}

/** The options by which the engine checks the rules: for `--rules` in the arguments of `npm run pulumi`. */
export function rulesOptions(workspace: Workspace, stack: string): string[] {
  const file = findFile(workspace, stack);
  readRules(workspace, stack);
  return ["--policy-pack", PACK, ...(file === undefined ? [] : ["--policy-pack-config", file])];
}

const findFile = ({ root }: Workspace, stack: string): string | undefined =>
  filesOf(stack).find((file) => existsSync(join(root, file)));
