import type { Application } from "./outputs";

/** Asks the application's model one question with the application's key, as the application itself would. */
export async function ask({ apiKey, folderId, baseUrl, model }: Application, question: string): Promise<string> {
  // Half a second to load, so only when there is something to ask.
  const { OpenAI } = await import("openai");
  const client = new OpenAI({ apiKey, project: folderId, baseURL: baseUrl });
  try {
    const { choices } = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: question }],
    });
    return choices[0]?.message.content ?? "";
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${baseUrl} refused the new key: ${reason.replaceAll(apiKey, "[secret]")}`);
  }
}
