/** What the schema and docs/provider.md say of a resource or function besides its table. A test runs each program. */
export interface Usage {
  /** Title of the example. */
  title: string;
  /** A whole program in TypeScript. */
  program: string;
  /** How an existing object is imported: the form of its ID and an example of it, or the reason why it cannot be. */
  import?: { id: string; example: string } | { refused: string };
  /** Errors a reader may meet: their words, as a source says them, and the next step. */
  errors: readonly { words: string; next: string }[];
}

const PERMISSION = {
  words: "the deployer lacks the role",
  next: "The message contains the `yc` command with which an administrator grants the role.",
};
const QUOTA = {
  words: "is used up: delete",
  next: "Delete what is not used any more, or request a higher quota: the message names the quota and the command.",
};

/** By the name of the resource or function. */
export const usages: Readonly<Record<string, Usage>> = {
  IamServiceAccount: {
    title: "A service account for an application",
    program: `import * as yandex from "@pulumi/yandex";

const shop = new yandex.IamServiceAccount("shop", {
  description: "The chat service of the shop",
  labels: { team: "shop" },
});

export const serviceAccountId = shop.id;
`,
    import: { id: "the ID of the account", example: "aje0123456789abcdefg" },
    errors: [
      {
        words: "the name is held by",
        next: "Names are unique in a cloud. Choose another name, or import the account with the command in the message.",
      },
      PERMISSION,
      QUOTA,
    ],
  },
  ResourcemanagerFolderIamMember: {
    title: "A role on a folder for a service account",
    program: `import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";

const shop = new yandex.IamServiceAccount("shop");

new yandex.ResourcemanagerFolderIamMember("shop-models", {
  role: "ai.languageModels.user",
  member: pulumi.interpolate\`serviceAccount:\${shop.id}\`,
});
`,
    import: {
      id: "folder, role and member, separated by slashes",
      example: "b1g0123456789abcdefg/ai.languageModels.user/serviceAccount:aje0123456789abcdefg",
    },
    errors: [
      {
        words: "is a service account; write serviceAccount:",
        next: "The ID belongs to a service account, and `member` calls it a user. Write the member as the message shows.",
      },
      PERMISSION,
    ],
  },
  IamServiceAccountApiKey: {
    title: "A key that can only call language models, and expires",
    program: `import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";

const shop = new yandex.IamServiceAccount("shop");

new yandex.ResourcemanagerFolderIamMember("shop-models", {
  role: "ai.languageModels.user",
  member: pulumi.interpolate\`serviceAccount:\${shop.id}\`,
});

const key = new yandex.IamServiceAccountApiKey("shop", {
  serviceAccountId: shop.id,
  scopes: ["yc.ai.languageModels.execute"],
  expiresAt: "2027-01-31T00:00:00Z",
});

export const apiKey = key.secretKey; // a secret: encrypted in the state, hidden in output
`,
    import: {
      refused:
        "An API key cannot be imported: the cloud shows its secret only once, when it creates the key. Create a new key beside the old one, hand it over, then delete the old one.",
    },
    errors: [
      {
        words: "which does not exist",
        next: "The cloud does not know the scope. The message suggests the nearest one; `getIamApiKeyScopes` lists them all.",
      },
      {
        words: "has already passed; give a moment in the future",
        next: "Set a later `expiresAt`.",
      },
      PERMISSION,
      QUOTA,
    ],
  },
  AiStudioKeyValidation: {
    title: "A secret that resolves when the key works",
    program: `import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";

const shop = new yandex.IamServiceAccount("shop");

const role = new yandex.ResourcemanagerFolderIamMember("shop-models", {
  role: "ai.languageModels.user",
  member: pulumi.interpolate\`serviceAccount:\${shop.id}\`,
});

const key = new yandex.IamServiceAccountApiKey("shop", {
  serviceAccountId: shop.id,
  scopes: ["yc.ai.languageModels.execute"],
});

const validated = new yandex.AiStudioKeyValidation(
  "shop",
  {
    serviceAccountId: shop.id,
    secretKey: key.secretKey,
    capabilities: ["textGeneration"],
  },
  { dependsOn: [role] },
);

export const apiKey = validated.secretKey;
`,
    import: {
      refused: "A validation cannot be imported: it is not an object in the cloud. Declare it, and it runs once.",
    },
    errors: [
      {
        words: "the key does not work after",
        next: "An error with `required`, else a warning. A new role can take minutes; after that, check the billing account.",
      },
    ],
  },
  LockboxSecret: {
    title: "A secret for the values of an application",
    program: `import * as yandex from "@pulumi/yandex";

const shop = new yandex.LockboxSecret("shop", {
  name: "shop",
  labels: { team: "shop" },
});

export const secretId = shop.id;
`,
    import: { id: "the ID of the secret", example: "e6q0123456789abcdefg" },
    errors: [
      {
        words: "set deletionProtection to false, run an update, and delete it after that",
        next: "The secret is protected. Set `deletionProtection` to false, run `pulumi up`, then remove the resource.",
      },
      PERMISSION,
      QUOTA,
    ],
  },
  LockboxSecretVersion: {
    title: "A value that the application reads",
    program: `import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";

const config = new pulumi.Config();
const shop = new yandex.LockboxSecret("shop", { name: "shop" });

new yandex.LockboxSecretVersion("shop", {
  secretId: shop.id,
  entries: [{ key: "password", textValue: config.getSecret("password") ?? "only-an-example" }],
});
`,
    import: {
      id: "secret and version, separated by a slash",
      example: "e6q0123456789abcdefg/e6q9876543210gfedcba",
    },
    errors: [{ words: "be the ID of a Lockbox secret", next: "Give the ID, not the name." }, PERMISSION],
  },
  LockboxSecretIamMember: {
    title: "The right to read one secret",
    program: `import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";

const reader = new yandex.IamServiceAccount("shop-reader");
const shop = new yandex.LockboxSecret("shop", { name: "shop" });

new yandex.LockboxSecretIamMember("shop-reader", {
  secretId: shop.id,
  role: "lockbox.payloadViewer",
  member: pulumi.interpolate\`serviceAccount:\${reader.id}\`,
});
`,
    import: {
      id: "secret, role and member, separated by slashes",
      example: "e6q0123456789abcdefg/lockbox.payloadViewer/serviceAccount:aje0123456789abcdefg",
    },
    errors: [
      {
        words: "is a service account; write serviceAccount:",
        next: "The ID belongs to a service account, and `member` calls it a user. Write the member as the message shows.",
      },
      PERMISSION,
    ],
  },
  getIamServiceAccount: {
    title: "An account by its name",
    program: `import * as yandex from "@pulumi/yandex";

export const serviceAccountId = yandex.getIamServiceAccountOutput({ name: "sa-api" }).id;
`,
    errors: [{ words: "has no service account named", next: "Check the name and the folder." }, PERMISSION],
  },
  getResourcemanagerFolder: {
    title: "A folder by its name",
    program: `import * as yandex from "@pulumi/yandex";

export const folderId = yandex.getResourcemanagerFolderOutput({ name: "default" }).id;
`,
    errors: [
      { words: "that the deployer may see; check the name and the cloud", next: "Check name, cloud and access." },
    ],
  },
  getIamApiKeyScopes: {
    title: "All scopes for language models",
    program: `import * as yandex from "@pulumi/yandex";

export const scopes = yandex
  .getIamApiKeyScopesOutput()
  .scopes.apply((all) => all.filter((scope) => scope.startsWith("yc.ai.")));
`,
    errors: [],
  },
  getIamApiKeyIds: {
    title: "How many keys an account has",
    program: `import * as yandex from "@pulumi/yandex";

const shop = new yandex.IamServiceAccount("shop");

export const keys = yandex.getIamApiKeyIdsOutput({ serviceAccountId: shop.id }).ids.length;
`,
    errors: [PERMISSION],
  },
  getCloudTime: {
    title: "The time by the clock of the cloud",
    program: `import * as yandex from "@pulumi/yandex";

export const time = yandex.getCloudTimeOutput().time;
`,
    errors: [{ words: "answered without a date", next: "Check `aiEndpoint`: something else answers there." }],
  },
};

/** The description with the sections that the Registry and IDEs show. */
export function withUsage(name: string, token: string, description: string): string {
  const usage = usages[name];
  if (!usage) return description;
  const example = ["```typescript", usage.program.trimEnd(), "```"].join("\n");
  return [
    description,
    "{{% examples %}}",
    "## Example Usage",
    "{{% example %}}",
    `### ${usage.title}`,
    example,
    "{{% /example %}}",
    "{{% /examples %}}",
    ...importSection(usage, token),
  ].join("\n\n");
}

function importSection(usage: Usage, token: string): string[] {
  if (!usage.import) return [];
  if ("refused" in usage.import) return ["## Import", usage.import.refused];
  return [
    "## Import",
    `The ID is ${usage.import.id}:`,
    ["```sh", `$ pulumi import ${token} shop ${usage.import.example} --generate-code=false`, "```"].join("\n"),
  ];
}
