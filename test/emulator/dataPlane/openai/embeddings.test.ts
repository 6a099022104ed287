import { openAi } from "../../../support/aiClient";
import { startCloud } from "../../../support/cloud";

const path = "/v1/embeddings";

describe("an embedding", () => {
  it("is the same vector for the same text", async () => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud);
    const request = { model: `emb://${cloud.folderId}/text-search-doc/latest`, encoding_format: "float" as const };

    const [one] = (await openai.embeddings.create({ ...request, input: "shop" })).data;
    const [two] = (await openai.embeddings.create({ ...request, input: ["shop"] })).data;

    expect(one?.embedding).toHaveLength(256);
    expect(one?.embedding).toEqual(two?.embedding);
  });

  it.each([
    [{ input: ["one", "two"] }, "input must be a string or a list of one"],
    [{ input: [] }, "input must not be empty"],
    [{ input: "" }, "input must be a string that is not empty"],
    [{ input: [1, 2] }, "input must be a string or a list of one"],
    [{ input: [[1]] }, "input must be a string"],
    [{ encoding_format: "base64" }, "encoding_format must be float"],
    [{ dimensions: 0 }, "dimensions must be a number from 1"],
    [{ dimensions: -5 }, "dimensions"],
    [{ dimensions: 2.5 }, "dimensions must be a whole number"],
    [{ dimensions: 1e9 }, "dimensions must be a number from 1 to 4096"],
    [{ input: "a".repeat(1_000_000) }, "Number of input tokens must be no more than 2048"],
  ])("refuses what the documentation does not have: %j", async (changes, words) => {
    await using cloud = await startCloud();
    const { ask } = openAi(cloud);
    const model = `emb://${cloud.folderId}/text-search-doc/latest`;

    const { status, json } = await ask("POST", path, { model, input: "Hello", ...changes });

    expect([status, json.error.message]).toEqual([400, expect.stringContaining(words)]);
  });

  it("takes many texts and gives base64 where the switch allows what OpenAI's own do", async () => {
    await using cloud = await startCloud({ switches: { embeddings: "openai" } });
    const { openai, ask } = openAi(cloud);
    const model = `emb://${cloud.folderId}/text-search-doc/latest`;

    const { data } = await openai.embeddings.create({ model, input: ["shop", "shop", "other"] });
    const tooMany = await ask("POST", path, { model, input: Array.from({ length: 200_000 }, () => "x") });

    expect(data.map(({ embedding }) => embedding.length)).toEqual([256, 256, 256]);
    expect(data[0]?.embedding).toEqual(data[1]?.embedding);
    expect(tooMany.json.error.message).toContain("at most 2048");
  });

  it("has bounds over the native API too", async () => {
    await using cloud = await startCloud();
    const { ask } = openAi(cloud);
    const modelUri = `emb://${cloud.folderId}/text-search-doc/latest`;
    const embed = (request: object) =>
      ask("POST", "/foundationModels/v1/textEmbedding", { modelUri, text: "hello", ...request });

    expect((await embed({})).json).toMatchObject({ numTokens: "3" });
    expect((await embed({ dim: "1000000" })).json.error.message).toBe("dim must be from 1 to 4096");
    expect((await embed({ text: "a".repeat(100_000) })).status).toBe(400);
  });
});
