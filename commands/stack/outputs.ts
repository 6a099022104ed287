import { exporterOf } from "../../stacks/exports";

/** What the program exports for one application. */
export interface Application {
  name: string;
  apiKey: string;
  folderId: string;
  baseUrl: string;
  model: string;
}

/**
 * The first application that generates text, among the flat outputs of a stack: `<name>ApiKey`, `<name>BaseUrl` and so
 * on. The model of any other one would not understand a question.
 */
export function findTalker(outputs: Record<string, unknown>): Application | undefined {
  const text = (key: string) => (typeof outputs[key] === "string" ? outputs[key] : undefined);
  for (const key of Object.keys(outputs)) {
    const name = /^(.+)ApiKey$/.exec(key)?.[1];
    if (!name) continue;
    const [apiKey, folderId, baseUrl, model] = ["ApiKey", "FolderId", "BaseUrl", "Model"].map((end) =>
      text(name + end),
    );
    if (apiKey && folderId && baseUrl && model?.startsWith("gpt://")) return { name, apiKey, folderId, baseUrl, model };
  }
  return undefined;
}

/**
 * The outputs of a stack with those of its last application first. The engine sorts outputs by name; the last application
 * of the settings is the one that was added last.
 */
export function newestFirst(
  outputs: Record<string, unknown>,
  applications: readonly string[],
): Record<string, unknown> {
  const rank = (output: string) => -applications.indexOf(exporterOf(output, applications) ?? "");
  return Object.fromEntries(Object.entries(outputs).sort(([one], [other]) => rank(one) - rank(other)));
}
