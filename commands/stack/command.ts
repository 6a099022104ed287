import { parseArgs } from "node:util";
import { LOCAL } from "./workspace";

/** An option of a command. */
export interface Option {
  type: "string" | "boolean";
  short?: string;
  default?: string;
  /** How `--help` and refusals call the value, such as `name`. */
  value?: string;
  /** One sentence for `--help`. */
  about: string;
}

type Options = Record<string, Option>;

export type Values<O extends Options> = {
  [K in keyof O]: O[K]["type"] extends "boolean"
    ? boolean
    : O[K] extends { default: string }
      ? string
      : string | undefined;
};

/** The option that nearly every command has. */
export const STACK = {
  type: "string",
  short: "s",
  default: LOCAL,
  value: "name",
  about: "The stack, also as <organization>/<stack>.",
} as const satisfies Option;

export const YES = {
  type: "boolean",
  short: "y",
  about: "Do it without asking.",
} as const satisfies Option;

/**
 * A command of one name, with its options. `--help` prints both and does nothing else.
 *
 * @returns what the toolchain runs: takes arguments, throws a sentence about wrong ones, answers the exit code
 */
export function command<const O extends Options>(
  name: string,
  about: string,
  options: O,
  run: (values: Values<O>) => Promise<number>,
): (args: string[]) => Promise<number> {
  return async (args) => {
    const values = parseOptions(args, { ...options, help: HELP });
    if (!values.help) return run(values as unknown as Values<O>);
    console.log(helpOf(name, about, options));
    return 0;
  };
}

const HELP: Option = { type: "boolean", short: "h", about: "Print this." };

export function parseOptions<O extends Options>(args: string[], options: O): Values<O> {
  try {
    // `about` and `value` are for readers; the parser looks at the rest.
    const { values } = parseArgs({ args, options: options as Record<string, { type: "string" | "boolean" }> });
    const flags = Object.entries(options).filter(([, { type }]) => type === "boolean");
    return { ...Object.fromEntries(flags.map(([name]) => [name, false])), ...values } as Values<O>;
  } catch (error) {
    const known = Object.entries(options).filter(([name]) => name !== "help");
    const list = known.map(([name, option]) => written(name, option));
    const all = list.length > 1 ? `${list.slice(0, -1).join(", ")} and ${list.at(-1)}` : list.join("");
    const what = (error as Error).message.split(". ")[0];
    // npm keeps an option that stands before `--`, and hands on its value alone.
    const isValue = (error as NodeJS.ErrnoException).code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL" && all !== "";
    throw new Error(
      `${what}: this takes ${all || "no options"}.${isValue ? " Write -- before the first option." : ""}`,
    );
  }
}

export function helpOf(name: string, about: string, options: Options): string {
  const rows = Object.entries({ ...options, help: HELP }).map(([long, option]) => [
    `${option.short ? `-${option.short}, ` : "    "}${written(long, option)}`,
    `${option.about}${option.default === undefined ? "" : ` Default: ${option.default}.`}`,
  ]);
  const width = Math.max(...rows.map(([left]) => left!.length));
  const start = name === "start" ? "npm start" : `npm run ${name}`;
  const indented = `\n${" ".repeat(width + 5)}`;
  return [
    wrapped(about, SCREEN).join("\n"),
    "",
    `Usage: ${start} -- [options]`,
    "",
    ...rows.map(([left, right]) => `  ${left!.padEnd(width)}   ${wrapped(right!, SCREEN - width - 5).join(indented)}`),
  ].join("\n");
}

/** Columns of a terminal that nobody has made wider. */
const SCREEN = 80;

/** A text in lines of so many columns. */
const wrapped = (text: string, columns: number): string[] =>
  text.match(new RegExp(`\\S.{0,${columns - 1}}(?= |$)`, "g")) ?? [];

const written = (name: string, { type, value = "value" }: Option): string =>
  type === "boolean" ? `--${name}` : `--${name} <${value}>`;
