/** Version of the plugin and of the SDK that is generated from its schema. */
export const version = "1.0.0";

/** Where the sources are: `https://github.com/<owner>/<name>`. There is no such place yet, so this is empty. */
const REPOSITORY = "";

/** What follows from the place of the sources: where the engine finds the plugins of a release, and Go the SDKs. */
export function addressesOf(repository: string) {
  const place = repository.replace("https://github.com/", "");
  const inSchema = { homepage: repository, repository, pluginDownloadURL: `github://api.github.com/${place}` };
  return {
    inSchema: repository === "" ? {} : inSchema,
    goModules: `${repository === "" ? "example.com" : `github.com/${place}`}/sdks/go`,
  };
}

export const addresses = addressesOf(REPOSITORY);

/** The schema's fields for the whole package. */
export const PACKAGE = {
  name: "yandex",
  displayName: "Yandex Cloud: access to AI Studio",
  version,
  description: "Service accounts, folder roles and scoped API keys for applications that call Yandex AI Studio.",
  keywords: ["pulumi", "yandex", "yandex-cloud", "ai-studio", "api-key", "ai", "category/cloud", "kind/native"],
  license: "Apache-2.0",
  ...addresses.inSchema,
  // Tokens are those of the bridged provider of the same name, so that no program is bound to one of the two.
  meta: { moduleFormat: "(.*)(?:/[^/]*)" },
  language: {
    nodejs: {
      packageName: "@pulumi/yandex",
      packageDescription: "Yandex Cloud: service accounts, folder roles and scoped API keys for AI Studio.",
      respectSchemaVersion: true,
      dependencies: { "@pulumi/pulumi": "^3.270.0" },
    },
    go: { importBasePath: `${addresses.goModules}/yandex/yandex`, respectSchemaVersion: true },
    python: { packageName: "pulumi_yandex", respectSchemaVersion: true, pyproject: { enabled: true } },
  },
};
