import * as yandex from "@pulumi/yandex";
import { AiStudioAccess } from "../../components";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";
import { chat } from "../support/access";

describe("providers that a program makes", () => {
  it("give each application their own folder: to its account, roles and key, and where an account is looked for", async () => {
    await using cloud = await startCloud();
    const [here, there] = [cloud.folderId, cloud.addFolder({ name: "there" })];
    const adopted = cloud.addAccount({ name: "sa-api", folderId: there });
    const before = cloud.snapshot();
    const { endpoint, token, url: aiEndpoint } = cloud;
    const program = async () => {
      const [first, second] = [here, there].map(
        (folderId, index) =>
          new yandex.Provider(`p${index}`, { folderId, endpoint, token, aiEndpoint, plaintext: true }),
      );
      const capabilities = ["textGeneration"] as const;
      const shop = new AiStudioAccess("shop", { capabilities }, { provider: first });
      const account = { existingName: "sa-api" };
      const blog = new AiStudioAccess("blog", { capabilities, serviceAccount: account }, { provider: second });
      return { shop: shop.folderId, shopKey: shop.apiKey, blog: blog.serviceAccountId, blogKey: blog.apiKey };
    };
    const nothing = { YC_ENDPOINT: undefined, YC_PLAINTEXT: undefined, YC_TOKEN: undefined, YC_AI_ENDPOINT: undefined };
    const options = { plugin: true, env: nothing, config: { "yandex:folderId": "" } };
    await using stack = await startStack(cloud, program, options);

    const { shop, shopKey, blog, blogKey } = (await stack.up()).outputs;

    expect([shop?.value, blog?.value]).toEqual([here, adopted]);
    expect(await chat(cloud, shopKey?.value, here)).toBe("200");
    expect(await chat(cloud, blogKey?.value, there)).toBe("200");
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();
    expect(cloud.snapshot()).toEqual(before);
  });
});
