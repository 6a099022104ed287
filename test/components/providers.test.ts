import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as yandex from "@pulumi/yandex";
import { AiStudioAccess } from "../../components";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";
import { chat } from "../support/access";

const run = promisify(execFile);

/** A client that others wrote, with nothing but the environment: the folder that it sends, and how it is answered. */
const CLIENT = `
  const send = fetch;
  globalThis.fetch = async (url, init) => {
    const answer = await send(url, init);
    console.log(new Headers(init.headers).get("openai-project"), answer.status);
    return answer;
  };
  const { OpenAI } = require("openai");
  const model = "gpt://" + process.env.YC_FOLDER_ID + "/yandexgpt/latest";
  new OpenAI().chat.completions.create({ model, messages: [{ role: "user", content: "Hello" }] });
`;

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
      return {
        env: shop.env,
        shop: shop.folderId,
        shopKey: shop.apiKey,
        blog: blog.serviceAccountId,
        blogKey: blog.apiKey,
      };
    };
    const nothing = { YC_ENDPOINT: undefined, YC_PLAINTEXT: undefined, YC_TOKEN: undefined, YC_AI_ENDPOINT: undefined };
    const options = { plugin: true, env: nothing, config: { "yandex:folderId": "" } };
    await using stack = await startStack(cloud, program, options);

    const { env, shop, shopKey, blog, blogKey } = (await stack.up()).outputs;

    expect([shop?.value, blog?.value]).toEqual([here, adopted]);
    expect(await chat(cloud, shopKey?.value, here)).toBe("200");
    expect(await chat(cloud, blogKey?.value, there)).toBe("200");
    expect(env?.value).toMatchObject({ OPENAI_BASE_URL: `${aiEndpoint}/v1`, OPENAI_PROJECT_ID: here });
    const client = await run(process.execPath, ["-e", CLIENT], { env: env?.value as Record<string, string> });
    expect(client.stdout).toBe(`${here} 200\n`);
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();
    expect(cloud.snapshot()).toEqual(before);
  });
});

describe("an account of the same program that an application adopts by its name", () => {
  it("is unknown in the preview, and adopted by the update", async () => {
    await using cloud = await startCloud();
    const program = async () => {
      const { id, name } = new yandex.IamServiceAccount("sa", { name: "sa-api" });
      const shop = new AiStudioAccess("shop", { capabilities: ["search"], serviceAccount: { existingName: name } });
      return { made: id, adopted: shop.serviceAccountId };
    };
    await using stack = await startStack(cloud, program);

    expect((await stack.preview()).steps).toMatchObject({ sa: "create", shop: "create" });
    const { made, adopted } = (await stack.up()).outputs;

    expect(adopted).toEqual(made);
    expect((await stack.preview()).steps).toEqual({});
  });
});
