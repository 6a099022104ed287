import { openAi } from "../../../support/aiClient";
import { startCloud } from "../../../support/cloud";
import { startCloudProcess } from "../../../support/cloudProcess";

const messages = [{ role: "user" as const, content: "Hello" }];

describe("a model", () => {
  it.each([
    "aliceai-llm-flash/latest",
    "qwen3.6-35b-a3b/latest",
    "deepseek-v4-flash",
    "yandexgpt-5.1/latest",
    "yandexgpt/rc",
    "yandexgpt/latest/",
    "yandexgpt/",
    "summarization",
  ])("answers by a name that people use: %s", async (name) => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud);

    const model = `gpt://${cloud.folderId}/${name}`;

    expect((await openai.chat.completions.create({ model, messages })).object).toBe("chat.completion");
  });

  // The probe of a key asks for a model that does not exist.
  it.each(["no-such-model/latest", "yandexgpt/newest", "yandexgpt/latest@tamr1", "__proto__", "text-search-doc"])(
    "is refused if it does not exist: %s",
    async (name) => {
      await using cloud = await startCloud();
      const { openai } = openAi(cloud);

      await expect(
        openai.chat.completions.create({ model: `gpt://${cloud.folderId}/${name}`, messages }),
      ).rejects.toThrow("400 Failed to get model");
    },
  );

  it.each(["yandexgpt", "gpt:/", "constructor://f/x", `gpt://f/${"x".repeat(600)}`])(
    "is refused if it is not a URI of a model: %s",
    async (model) => {
      await using cloud = await startCloud();
      const { openai } = openAi(cloud);

      await expect(openai.chat.completions.create({ model, messages })).rejects.toThrow(
        "400 Failed to parse model URI",
      );
    },
  );

  it("is added by a switch, by its name or URI", async () => {
    await using cloud = await startCloud({
      switches: { models: ["mine", "emb://vectors", "gpt://yandexgpt/rc@tamr1"] },
    });
    const { openai } = openAi(cloud);
    const { folderId } = cloud;

    const listed = (await openai.models.list()).data.map(({ id }) => id);

    const added = [
      `gpt://${folderId}/mine/latest`,
      `emb://${folderId}/vectors/latest`,
      `gpt://${folderId}/yandexgpt/rc@tamr1`,
    ];
    expect(listed).toEqual(expect.arrayContaining(added));
    for (const model of [added[0]!, added[2]!]) await openai.chat.completions.create({ model, messages });
    await openai.embeddings.create({ model: added[1]!, input: "Hello", encoding_format: "float" });
  });

  it("is added on the command line", async () => {
    await using cloud = await startCloudProcess({ args: ["--model", "mine", "--model", "emb://vectors"] });
    const account = await cloud.admin("addAccount", { name: "app", roles: ["ai.languageModels.user"] });
    const { secret } = await cloud.admin("addApiKey", account);

    const answer = await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });

    const added = [`gpt://${cloud.folderId}/mine/latest`, `emb://${cloud.folderId}/vectors/latest`];
    const { data } = (await answer.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(added));
  });

  it("is listed with its maker", async () => {
    await using cloud = await startCloud();
    const { openai, hosted } = openAi(cloud);

    expect((await openai.models.list()).data).toContainEqual({
      id: hosted,
      object: "model",
      owned_by: "Alibaba",
      created: 0,
    });
  });
});

describe("a path of the OpenAI-compatible API that does not exist", () => {
  // Clients repeat what is refused with a status from 500 on.
  it("is not found", async () => {
    await using cloud = await startCloud();
    const { ask, openai } = openAi(cloud);

    expect((await ask("POST", "/v1/audio/speech", {})).status).toBe(404);
    expect((await ask("PUT", "/v1/models")).status).toBe(404);
    await expect(openai.models.retrieve("gpt-4")).rejects.toThrow(/^404/);
  });
});
