import { addressesOf } from "../../provider/schema/package";
import { componentSchema } from "../../languages/schema";
import { schema } from "../../provider/schema";

describe("the place of the sources", () => {
  const { inSchema, goModules } = addressesOf("https://github.com/owner/name");

  it("gives the engine the place of the plugins, and Go the path of the SDKs in the repository", () => {
    const made = componentSchema({}, { version: "1.0.0", inSchema, goModules });

    expect(made).toMatchObject({
      homepage: "https://github.com/owner/name",
      repository: "https://github.com/owner/name",
      pluginDownloadURL: "github://api.github.com/owner/name",
      language: { go: { importBasePath: "github.com/owner/name/sdks/go/yandex-aistudio/yandexaistudio" } },
    });
  });

  it("is left out of the schema while nothing is declared", () => {
    expect(addressesOf("").inSchema).toEqual({});
    expect(schema().language.go.importBasePath).toBe(`${addressesOf("").goModules}/yandex/yandex`);
  });
});
