import * as pulumi from "@pulumi/pulumi";
import schema from "../../languages/schema.json";

export const TYPE = "yandex-aistudio:index:AiStudioAccess";
type Outputs = keyof (typeof schema.resources)[typeof TYPE]["properties"];

export { schema };

/** The component as a generated SDK has it: a name of a package, and nothing of the class. */
export class PackagedAccess extends pulumi.ComponentResource {
  constructor(name: string, args: object, options?: pulumi.ComponentResourceOptions) {
    const outputs = Object.keys(schema.resources[TYPE].properties).map((output) => [output, undefined]);
    super(TYPE, name, { ...Object.fromEntries(outputs), ...args }, options, true);
  }
}

export type Packaged = PackagedAccess & Record<Outputs, pulumi.Output<string>>;

/** A program with one application, `shop` unless it is called otherwise. */
export const packaged =
  (args: object = {}, name = "shop", options?: () => pulumi.ComponentResourceOptions) =>
  async () => {
    const made = new PackagedAccess(name, { capabilities: ["textGeneration"], ...args }, options?.()) as Packaged;
    const { apiKey, apiKeyId, apiKeyExpiresAt, folderId, serviceAccountId, serviceAccountName } = made;
    const previous = { previousApiKey: made.previousApiKey, previousApiKeyId: made.previousApiKeyId };
    return { apiKey, apiKeyId, apiKeyExpiresAt, folderId, serviceAccountId, serviceAccountName, ...previous };
  };
