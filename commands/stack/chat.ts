import type { Application } from "./outputs";

/** Asks the application's model one question with the application's key, as the application itself would. */
export async function ask(
  { name, apiKey, folderId, baseUrl, model }: Application,
  question: string,
  stack: string,
): Promise<string> {
  // Half a second to load, so only when there is something to ask.
  const { OpenAI, AuthenticationError } = await import("openai");
  const client = new OpenAI({ apiKey, project: folderId, baseURL: baseUrl });
  try {
    const { choices } = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: question }],
    });
    return choices[0]?.message.content ?? "";
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const next =
      error instanceof AuthenticationError
        ? `. If the key was deleted outside of Pulumi, create another one: npm run pulumi -- up --refresh --stack ${stack}`
        : "";
    throw new Error(`${baseUrl} refused the key of ${name}: ${reason.replaceAll(apiKey, "[secret]")}${next}`);
  }
}
