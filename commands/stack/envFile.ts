import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { nearest } from "../../components/suggestions";
import { exportPrefix } from "../../stacks/exports";
import { startCommand } from "./workspace";

/**
 * What the OpenAI and LangChain clients read, in the order in which it is written. An application that reads its key from
 * Lockbox gets the ID of the secret instead of the key.
 */
export type Variables = Partial<
  Record<
    "OPENAI_BASE_URL" | "OPENAI_API_KEY" | "OPENAI_PROJECT_ID" | "YC_API_KEY" | "YC_FOLDER_ID" | "LOCKBOX_SECRET_ID",
    string
  >
>;

/** The variables that hold the key, whose values are never shown. */
export const isSecret = (name: string): boolean => name.endsWith("_API_KEY");

/** The applications among the flat outputs of a stack, as their outputs begin. */
export const applicationsIn = (outputs: Record<string, unknown>): string[] =>
  Object.keys(outputs).flatMap((key) => /^(.+)FolderId$/.exec(key)?.[1] ?? []);

/**
 * The variables of one application out of the outputs of its stack. Without a name it is the only one there is.
 *
 * @throws a sentence if there is no such application, or it lacks an output, or such a file cannot hold one
 */
export function variablesOf(outputs: Record<string, unknown>, stack: string, application?: string): Variables {
  const prefix = choose(applicationsIn(outputs), stack, application);
  const value = (ending: string) => usable(outputs[prefix + ending], prefix + ending, stack);
  const folder = value("FolderId");
  if (`${prefix}SecretId` in outputs) {
    const addresses = { OPENAI_BASE_URL: value("BaseUrl"), OPENAI_PROJECT_ID: folder, YC_FOLDER_ID: folder };
    return { ...addresses, LOCKBOX_SECRET_ID: value("SecretId") };
  }
  const key = value("ApiKey");
  return {
    OPENAI_BASE_URL: value("BaseUrl"),
    OPENAI_API_KEY: key,
    OPENAI_PROJECT_ID: folder,
    YC_API_KEY: key,
    YC_FOLDER_ID: folder,
  };
}

function choose(applications: string[], stack: string, application?: string): string {
  const [only, ...others] = applications;
  if (!only)
    throw new Error(
      `Stack ${stack} exports no application yet: ${startCommand(stack)} creates what its settings declare.`,
    );
  const there = `stack ${stack} has ${applications.join(", ")}`;
  if (application === undefined) {
    if (others.length === 0) return only;
    throw new Error(`Which application? Add --app <name>; ${there}.`);
  }
  const prefix = exportPrefix(application);
  if (applications.includes(prefix)) return prefix;
  const meant = nearest(application, applications);
  const next = meant ? `did you mean ${meant}?` : `${there}.`;
  throw new Error(`There is no application ${JSON.stringify(application)}: ${next}`);
}

/** What means itself to every reader of such files, quoted or not: no space, no quote, no `#`, no `$`, no line break. */
const PLAIN = /^[\w.~:/%+@=,[\]-]+$/;

function usable(value: unknown, output: string, stack: string): string {
  if (typeof value !== "string" || value === "") {
    throw new Error(`Stack ${stack} has no output ${output}: bring it up again, then repeat this.`);
  }
  if (value.includes("[secret]")) {
    throw new Error(`Output ${output} of stack ${stack} came as [secret] and not as the key, so nothing was written.`);
  }
  if (!PLAIN.test(value)) {
    throw new Error(
      `Output ${output} of stack ${stack} has characters that no such value has, so nothing was written.`,
    );
  }
  return value;
}

/** A name and its value, which goes on over several lines as long as its quote is open. */
const ENTRY = /^([ \t]*(?:export[ \t]+)?)([\w.-]+)[ \t]*=[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`|[^\n]*)[^\n]*\n?/gm;

/**
 * The text of the file with the variables in it: in the place of their older values, else at the end. Everything else
 * stays: other variables, comments, `export`.
 *
 * @throws a sentence if node, which reads such files, would then read another variable differently
 */
export function merged(existing: string, variables: Variables): string {
  const left = new Map<string, string>(Object.entries(variables));
  const replaced = existing.replace(ENTRY, (entry, start: string, name: string) => {
    if (!(name in variables)) return entry;
    const value = left.get(name);
    left.delete(name);
    // A second entry for the same name would win over the first.
    return value === undefined ? "" : `${start}${name}=${value}\n`;
  });
  const kept = replaced === "" || replaced.endsWith("\n") ? replaced : `${replaced}\n`;
  const text = kept + Array.from(left, ([name, value]) => `${name}=${value}\n`).join("");
  const [before, after] = [parseEnv(existing), parseEnv(text)];
  const wrong = Object.keys({ ...before, ...after }).find(
    (name) => after[name] !== ((variables as Record<string, string>)[name] ?? before[name]),
  );
  if (wrong === undefined) return text;
  throw new Error(
    `The file cannot be changed without changing ${wrong}: look for a quote that is not closed, or use --file.`,
  );
}

/** Writes the variables into the file in one step. At no moment can anybody else read them there. */
export function writeVariables(given: string, variables: Variables): void {
  if (statSync(given, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${given} is a folder: name a file with --file.`);
  }
  // A link stays one: who reads the file that it leads to has to find the new key there.
  const file = existsSync(given) ? realpathSync(given) : given;
  const text = merged(existsSync(file) ? readFileSync(file, "utf8") : "", variables);
  // Rights of a file that is there stay as they are when it is written to, so it is replaced by one made with these.
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, text, { flag: "wx", mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") rmSync(draft, { force: true });
    throw new Error(`${given} cannot be written (${(error as NodeJS.ErrnoException).code}): name another with --file.`);
  }
}
