import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import { AiStudioAccess, type AiStudioAccessArgs } from "../components/index";
import schema from "./schema.json";

const TYPE = "yandex-aistudio:index:AiStudioAccess";

/** The outputs that the schema declares, and no others: every language gives its programs the same. */
const outputNames = Object.keys(schema.resources[TYPE].properties) as (keyof AiStudioAccess)[];

/** Serves the class that programs in TypeScript use, so that there is one implementation, with one state. */
export const componentProvider: Provider = {
  version: schema.version,
  schema: JSON.stringify(schema),
  async construct(
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<ConstructResult> {
    if (type !== TYPE) throw new Error(`There is no resource ${type} in this package; there is ${TYPE}.`);
    // Unchecked, as it comes from a program in another language: the class checks it.
    const access = new AiStudioAccess(name, inputs as AiStudioAccessArgs, options);
    return {
      urn: access.urn,
      // One output each, secret as a whole: programs in YAML would lose a secret inside a map.
      state: Object.fromEntries(outputNames.map((output) => [output, pulumi.output<unknown>(access[output])])),
    };
  },
};
