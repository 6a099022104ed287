/** Version of the plugin and of the SDK that is generated from its schema. */
export const version = "1.0.0";

/** The schema's fields for the whole package. There is no homepage, repository or logo yet, so it has none of them. */
export const PACKAGE = {
  name: "yandex",
  displayName: "Yandex Cloud: access to AI Studio",
  version,
  description: "Service accounts, folder roles and scoped API keys for applications that call Yandex AI Studio.",
  keywords: ["pulumi", "yandex", "yandex-cloud", "ai-studio", "api-key", "ai", "category/cloud", "kind/native"],
  license: "Apache-2.0",
  // Tokens are those of the bridged provider of the same name, so that no program is bound to one of the two.
  meta: { moduleFormat: "(.*)(?:/[^/]*)" },
  language: {
    nodejs: {
      packageName: "@pulumi/yandex",
      packageDescription: "Yandex Cloud: service accounts, folder roles and scoped API keys for AI Studio.",
      respectSchemaVersion: true,
      dependencies: { "@pulumi/pulumi": "^3.270.0" },
    },
    go: { importBasePath: "example.com/yandex/sdk/go/yandex", respectSchemaVersion: true },
    python: { packageName: "pulumi_yandex", respectSchemaVersion: true, pyproject: { enabled: true } },
  },
};
