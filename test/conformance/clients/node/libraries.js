// Libraries that others wrote, each over the OpenAI-compatible API, and the client of MCP.
const { Refused, serve } = require("./worker.js");

const baseURL = `${process.env.CLOUD_URL}/v1`;

const clients = {
  ai({ key, model, text }) {
    const { generateText, Output, stepCountIs, streamText, tool } = require("ai");
    const { createOpenAICompatible } = require("@ai-sdk/openai-compatible");
    const { z } = require("zod");
    const provider = createOpenAICompatible({
      name: "studio",
      baseURL,
      apiKey: key,
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
    const request = { model: provider(model), prompt: text, maxRetries: 0 };
    const schema = z.object({ name: z.string(), amounts: z.array(z.number().int()) });
    const add = tool({
      description: "Adds numbers",
      inputSchema: z.object({ numbers: z.array(z.number().int()) }),
      execute: async ({ numbers }) => `sum ${numbers.reduce((sum, number) => sum + number, 0)}`,
    });
    return {
      chat: async () => (await generateText(request)).text,
      async stream() {
        let all = "";
        for await (const piece of streamText(request).textStream) all += piece;
        return all;
      },
      format: async () => (await generateText({ ...request, output: Output.object({ schema }) })).output,
      tool: async () => (await generateText({ ...request, tools: { add }, stopWhen: stepCountIs(3) })).text,
    };
  },

  "@langchain/openai"({ key, folderId, model, text }) {
    const { ChatOpenAI } = require("@langchain/openai");
    const { z } = require("zod");
    const configuration = { baseURL, project: folderId };
    const chat = new ChatOpenAI({ model, apiKey: key, configuration, maxRetries: 0 });
    const schema = z.object({ name: z.string(), amounts: z.array(z.number().int()) });
    const add = {
      type: "function",
      function: {
        name: "add",
        description: "Adds numbers",
        parameters: {
          type: "object",
          properties: { numbers: { type: "array", items: { type: "integer" } } },
          required: ["numbers"],
        },
      },
    };
    return {
      chat: async () => (await chat.invoke(text)).content,
      async stream() {
        let all = "";
        for await (const piece of await chat.stream(text)) all += piece.content;
        return all;
      },
      format: () => chat.withStructuredOutput(schema).invoke(text),
      tool: async () => (await chat.bindTools([add], { tool_choice: "required" }).invoke(text)).tool_calls[0].args,
    };
  },

  "@modelcontextprotocol/sdk"({ key, address }) {
    const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
    const { StreamableHTTPClientTransport } = require("@modelcontextprotocol/sdk/client/streamableHttp.js");
    return {
      async mcp() {
        const client = new Client({ name: "conformance", version: "1" });
        const requestInit = { headers: { authorization: `Api-Key ${key}` } };
        await client.connect(new StreamableHTTPClientTransport(new URL(address), { requestInit }));
        const { tools } = await client.listTools();
        const answer = await client.callTool({ name: tools[0].name, arguments: { id: "1" } });
        await client.close();
        return [tools[0].name, answer.content[0].text];
      },
    };
  },
};

/** The HTTP status with which the cloud refused, however deep the library has wrapped it. */
function statusOf(error) {
  for (let cause = error; cause; cause = cause.cause) {
    const status = cause.statusCode ?? cause.status;
    if (typeof status === "number") return status;
  }
  return undefined;
}

serve(async ({ client, call, ...order }) => {
  try {
    return await clients[client](order)[call]();
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined) throw error;
    throw new Refused(status, error.message);
  }
});
