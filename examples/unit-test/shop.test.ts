// A program is tested without a cloud, an engine and plugins: Pulumi's mocks play all three. Run it with jest or vitest.
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { declareShop } from "./shop";

const registered: MockResourceArgs[] = [];
const inputsOf = (type: string) =>
  registered.filter((each) => each.type.endsWith(`:${type}`)).map(({ inputs }) => inputs);
const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => void output.apply(resolve));

beforeAll(() =>
  pulumi.runtime.setMocks(
    {
      newResource(resource) {
        registered.push(resource);
        return { id: `${resource.name}-id`, state: { ...resource.inputs, secretKey: "a key of the mocks" } };
      },
      call: ({ inputs }) => inputs,
    },
    "shop",
    "dev",
  ),
);

describe("the access of the shop", () => {
  it("is a secret key for text alone, on its own folder", async () => {
    const { apiKey } = declareShop();

    expect(await valueOf(apiKey)).toBe("a key of the mocks");
    expect(await pulumi.isSecret(apiKey)).toBe(true);
    expect(inputsOf("IamServiceAccountApiKey")).toMatchObject([{ scopes: ["yc.ai.languageModels.execute"] }]);
    expect(inputsOf("ResourcemanagerFolderIamMember")).toMatchObject([
      { role: "ai.languageModels.user", folderId: "b1gexample0000000000" },
    ]);
  });
});
