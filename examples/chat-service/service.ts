import { createServer } from "node:http";
import OpenAI from "openai";

// The key comes from the environment, as the output `env` of the component names it; nothing here knows a secret.
const { OPENAI_API_KEY, OPENAI_PROJECT_ID, MODEL = `gpt://${OPENAI_PROJECT_ID}/yandexgpt/latest` } = process.env;

// An unread secret output is printed as these words, and would be sent to the cloud as if it were a key.
if (!OPENAI_API_KEY || OPENAI_API_KEY === "[secret]") {
  console.error("OPENAI_API_KEY holds no key: read it with `pulumi stack output --show-secrets`.");
  process.exit(1);
}

const client = new OpenAI();

/** POST a question as text, get the answer as text. */
const server = createServer(async (request, response) => {
  const question = (await request.toArray()).join("");
  try {
    const messages = [{ role: "user" as const, content: question }];
    const answer = await client.chat.completions.create({ model: MODEL, messages });
    response.end(answer.choices[0]?.message.content);
  } catch (error) {
    const status = error instanceof OpenAI.APIError ? error.status : undefined;
    response.writeHead(502).end(`AI Studio answered ${status ?? "nothing"}.`);
  }
});

server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});
