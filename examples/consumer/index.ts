import * as pulumi from "@pulumi/pulumi";

// The environment of the same name, of the program in ../environments. Both need the same passphrase: with another one
// the engine hands over an empty object instead of the key.
const access = new pulumi.StackReference(`organization/environments/${pulumi.getStack()}`);

export const environment = {
  OPENAI_API_KEY: access.requireOutput("shopApiKey").apply((key: unknown) => {
    if (typeof key === "string") return key;
    throw new pulumi.RunError("The key of the shop cannot be decrypted: use the passphrase of its stack.");
  }),
  OPENAI_PROJECT_ID: access.requireOutput("shopFolderId"),
};
