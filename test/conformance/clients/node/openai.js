// OpenAI's own client over the OpenAI-compatible API.
const OpenAI = require("openai");
const { Refused, serve } = require("./worker.js");

const calls = {
  async chat(client, { model, text }) {
    const answer = await client.chat.completions.create({ model, messages: [{ role: "user", content: text }] });
    return answer.choices[0].message.content;
  },
  async chatStream(client, { model, text }) {
    const messages = [{ role: "user", content: text }];
    let all = "";
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true }))
      all += chunk.choices[0]?.delta.content ?? "";
    return all;
  },
  async embedding(client, { model, text }) {
    const answer = await client.embeddings.create({ model, input: text, encoding_format: "float" });
    return answer.data[0].embedding.length;
  },
  async models(client) {
    return (await client.models.list()).data.map((model) => model.id);
  },
  async store({ vectorStores }, { text }) {
    const { id, name } = await vectorStores.create({ name: text });
    await vectorStores.update(id, { name: "changed" });
    const seen = await vectorStores.retrieve(id);
    const { deleted } = await vectorStores.delete(id);
    return { names: [name, seen.name], deleted, left: (await vectorStores.list()).data.length };
  },
  findStore: ({ vectorStores }, { text }) => vectorStores.retrieve(text),
  async response(client, { model, text }) {
    return (await client.responses.create({ model, input: text })).output_text;
  },
};

serve(async ({ call, as, folderId, ...request }) => {
  const client = new OpenAI.OpenAI({
    apiKey: as.apiKey ?? as.token,
    baseURL: `${process.env.CLOUD_URL}/v1`,
    project: folderId,
    maxRetries: 0,
  });
  try {
    return await calls[call](client, request);
  } catch (error) {
    if (error instanceof OpenAI.APIError && error.status) throw new Refused(error.status, error.message);
    throw error;
  }
});
