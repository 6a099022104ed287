import { settingProperties } from "./settings/table";
import { functionDeclarations } from "./functions";
import { inputsOf } from "./properties";
import type { Property, PropertyTable } from "./properties";
import { resources } from "./resources";
import { PACKAGE } from "./schema/package";
import { withUsage } from "./schema/usage";

/** The package's schema in the engine's form, from which the SDK and the reference are generated. */
export function schema() {
  const types: Record<string, object> = {};
  const list = (table: PropertyTable) => propertySpecs(table, types);
  const specs = Object.fromEntries(
    Object.values(resources).map(({ token, description, properties }) => [
      token,
      resourceSpec(documented(token, description), properties, list),
    ]),
  );
  const invokes = Object.fromEntries(
    functionDeclarations.map(({ token, description, inputs, outputs }) => [
      token,
      {
        description: documented(token, description),
        inputs: { type: "object", properties: list(inputs), required: required(inputs) },
        outputs: { type: "object", properties: list(outputs), required: alwaysThere(outputs) },
      },
    ]),
  );
  return {
    ...PACKAGE,
    config: { variables: list(settingProperties) },
    provider: {
      description:
        "Settings of the provider. Set each with `pulumi config set yandex:<name>`, as an argument, or by environment variable.",
      properties: list(settingProperties),
      inputProperties: list(settingProperties),
    },
    types,
    resources: specs,
    functions: invokes,
  };
}

const documented = (token: string, description: string): string =>
  withUsage(token.split(":").at(-1)!, token, description);

function resourceSpec(description: string, table: PropertyTable, list: (table: PropertyTable) => object) {
  const inputs = Object.fromEntries(inputsOf(table));
  return {
    description,
    properties: list(table),
    required: alwaysThere(table),
    inputProperties: list(inputs),
    requiredInputs: required(inputs),
    stateInputs: { type: "object", properties: list(table) },
  };
}

/** What a program must give. */
const required = (table: PropertyTable): string[] =>
  inputsOf(table)
    .filter(([, property]) => property.required && !property.hasDefault)
    .map(([name]) => name);

/** What a program can rely on to be there. */
const alwaysThere = (table: PropertyTable): string[] =>
  Object.entries(table)
    .filter(([, property]) => property.required || property.output || property.filled)
    .map(([name]) => name);

const propertySpecs = (table: PropertyTable, types: Record<string, object>) =>
  Object.fromEntries(Object.entries(table).map(([name, property]) => [name, propertySpec(property, types)]));

function propertySpec(property: Property, types: Record<string, object>) {
  const { description, secret, onChange, own, deprecated } = property;
  return {
    ...typeSpec(property, types),
    description: own ? `${description} Not available in the bridged provider.` : description,
    ...(secret ? { secret } : {}),
    ...(onChange === "replace" ? { willReplaceOnChanges: true } : {}),
    ...(deprecated ? { deprecationMessage: deprecated } : {}),
  };
}

function typeSpec(property: Property, types: Record<string, object>): object {
  switch (property.type) {
    case "text":
    case "time":
      return { type: "string" };
    case "flag":
      return { type: "boolean" };
    case "whole":
      return { type: "integer" };
    case "set":
      return { type: "array", items: { type: "string" } };
    case "map":
      return { type: "object", additionalProperties: { type: "string" } };
    case "list":
    case "object": {
      const table = property.properties ?? {};
      const token = `yandex:index/${property.typeName}:${property.typeName}`;
      types[token] = { type: "object", properties: propertySpecs(table, types), required: required(table) };
      const reference = { $ref: `#/types/${token}` };
      return property.type === "list" ? { type: "array", items: reference } : reference;
    }
  }
}
