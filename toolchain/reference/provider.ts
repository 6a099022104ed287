import { functionDeclarations } from "../../provider/functions";
import { inputsOf, outputsOf } from "../../provider/properties";
import type { Property, PropertyTable } from "../../provider/properties";
import { resources } from "../../provider/resources";
import { usages } from "../../provider/schema/usage";
import type { Usage } from "../../provider/schema/usage";
import { METADATA_ADDRESS, SETTINGS } from "../../provider/settings/table";
import type { Setting } from "../../provider/settings/table";

/** The reference of the provider in Markdown: settings, resources and functions, all from their tables. */
export const providerMarkdown = (): string =>
  [
    `## Settings\n\n${settingsMarkdown()}`,
    "## Resources",
    ...Object.values(resources).map(resource),
    "## Functions",
    ...functionDeclarations.map(fn),
  ].join("\n\n");

/** Each setting of the provider, with its variable, default and bounds. */
export function settingsMarkdown(): string {
  const rows = Object.entries<Setting>(SETTINGS).map(([name, { property, env, default: value }]) =>
    row(code(name), typeOf(property), env.map(code).join(" or "), value === undefined ? "–" : code(value), [
      own(property).replace(/ (Default|Environment): [^ ]+( or [^ ]+)?\.(?= |$)/g, ""),
      ...bounds(property),
    ]),
  );
  const metadata = row("–", "string", code(METADATA_ADDRESS.env), code(METADATA_ADDRESS.default), [
    "Address of the metadata service of a virtual machine. Read from the environment only.",
  ]);
  return [
    "Set them with `pulumi config set yandex:<name> <value>`, as arguments of `new yandex.Provider`, or by environment variable. The stack's own setting comes first.",
    "",
    "| setting | type | environment variable | default | description |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    metadata,
  ].join("\n");
}

function resource({
  token,
  description,
  properties,
}: {
  token: string;
  description: string;
  properties: PropertyTable;
}) {
  const name = token.split(":").at(-1)!;
  const usage = usages[name]!;
  return [
    `### ${name}`,
    `\`${token}\`. ${description}`,
    example(usage),
    "**Inputs**",
    inputTable(properties),
    ...outputTable(outputsOf(properties)),
    ...importing(usage, token),
    ...errors(usage),
  ].join("\n\n");
}

function fn({ token, description, inputs, outputs }: (typeof functionDeclarations)[number]): string {
  const name = token.split(":").at(-1)!;
  const usage = usages[name]!;
  const takes = inputsOf(inputs).length > 0 ? ["**Inputs**", inputTable(inputs)] : ["It has no inputs."];
  return [
    `### ${name}`,
    `\`${token}\`. ${description}`,
    example(usage),
    ...takes,
    ...outputTable(outputsOf(outputs)),
    ...errors(usage),
  ].join("\n\n");
}

const example = ({ title, program }: Usage): string => [`${title}:`, "", "```ts", program.trimEnd(), "```"].join("\n");

function inputTable(table: PropertyTable): string {
  const rows = inputsOf(table).flatMap(([name, property]) => [
    inputRow(name, property),
    ...inputsOf(property.properties ?? {}).map(([inner, part]) => inputRow(`${name}.${inner}`, part)),
  ]);
  const head = ["| input | type | required | a change | description |", "| --- | --- | --- | --- | --- |"];
  return [...head, ...rows].join("\n");
}

const inputRow = (name: string, property: Property): string =>
  row(
    code(name),
    typeOf(property),
    property.required && !property.hasDefault ? "yes" : "no",
    property.onChange === "replace" ? "replaces" : "updates",
    [own(property), ...bounds(property)],
  );

function outputTable(outputs: [string, Property][]): string[] {
  if (outputs.length === 0) return [];
  const rows = outputs.map(([name, property]) => row(code(name), typeOf(property), [own(property)]));
  return [
    "**Outputs**, besides the inputs",
    ["| output | type | description |", "| --- | --- | --- |", ...rows].join("\n"),
  ];
}

function importing(usage: Usage, token: string): string[] {
  if (!usage.import) return [];
  if ("refused" in usage.import) return [`**Import**: ${usage.import.refused}`];
  const command = `pulumi import ${token} shop ${usage.import.example} --generate-code=false`;
  return [
    `**Import** by ${usage.import.id}, with the option \`import\` in the program or from the command line:`,
    ["```", command, "```"].join("\n"),
  ];
}

function errors({ errors: all }: Usage): string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ words, next }) => row(code(`…${words}…`), next));
  return ["**Errors**", ["| message | next step |", "| --- | --- |", ...rows].join("\n")];
}

const TYPES: Record<Property["type"], string> = {
  text: "string",
  time: "time",
  flag: "boolean",
  whole: "integer",
  set: "set of strings",
  map: "map of strings",
  object: "object",
  list: "list of objects",
};

const typeOf = ({ type, secret }: Property): string => (secret ? `${TYPES[type]}, secret` : TYPES[type]);

const own = ({ own: isOwn, description }: Property): string =>
  isOwn ? `${description} Not available in the bridged provider.` : description;

/** The rules of the table, as far as the description does not say them already. */
function bounds({ type, min, max, pattern, keys, description }: Property): string[] {
  const unit = { text: " characters", set: " elements", map: " entries", whole: "" }[type as string] ?? "";
  const limits = [min === undefined ? "" : `at least ${min}${unit}`, max === undefined ? "" : `at most ${max}${unit}`];
  const isSaid = (limit: number | undefined) => limit === undefined || description.includes(String(limit));
  return [
    ...(isSaid(min) && isSaid(max) ? [] : [`${capital(limits.filter(Boolean).join(", "))}.`]),
    ...(keys ? [`A key must ${keys.means}.`] : []),
    ...(pattern ? [`${type === "map" ? "A value must" : "Must"} ${pattern.means}.`] : []),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const code = (value: string | number | boolean): string => `\`${value}\``;

const row = (...cells: (string | string[])[]): string =>
  `| ${cells.map((cell) => [cell].flat().join(" ").replaceAll("|", "\\|")).join(" | ")} |`;
