import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";

describe("what a key may do", () => {
  const calls: Record<
    string,
    { scope: string; role: string; path: string; body: (folderId: string) => object | string; type?: string }
  > = {
    chat: {
      scope: "yc.ai.languageModels.execute",
      role: "ai.languageModels.user",
      path: "/v1/chat/completions",
      body: (f) => ({ model: `gpt://${f}/yandexgpt/latest`, messages: [{ role: "user", content: "?" }] }),
    },
    image: {
      scope: "yc.ai.imageGeneration.execute",
      role: "ai.imageGeneration.user",
      path: "/foundationModels/v1/imageGenerationAsync",
      body: (f) => ({ modelUri: `art://${f}/yandex-art/latest`, messages: [{ text: "?" }] }),
    },
    stt: {
      scope: "yc.ai.speechkitStt.execute",
      role: "ai.speechkit-stt.user",
      path: "/speech/v1/stt:recognize",
      body: () => "sound",
    },
    tts: {
      scope: "yc.ai.speechkitTts.execute",
      role: "ai.speechkit-tts.user",
      path: "/speech/v1/tts:synthesize",
      body: () => "text=hello",
    },
    translate: {
      scope: "yc.ai.translate.execute",
      role: "ai.translate.user",
      path: "/translate/v2/translate",
      body: (f) => ({ folderId: f, texts: ["hello"], targetLanguageCode: "ru" }),
    },
    ocr: {
      scope: "yc.ai.vision.execute",
      role: "ai.vision.user",
      path: "/ocr/v1/recognizeText",
      body: () => ({ content: "aGVsbG8=" }),
    },
    search: {
      scope: "yc.search-api.execute",
      role: "search-api.webSearch.user",
      path: "/v2/web/search",
      body: (f) => ({ folderId: f, query: { queryText: "shop" } }),
    },
  };

  it.each(Object.keys(calls))("ends at its scope and role: %s", async (own) => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "shop", roles: [calls[own]!.role] });
    const withScope = cloud.addApiKey(account, { scopes: [calls[own]!.scope] }).secret;
    const withEveryScope = cloud.addApiKey(account, { scopes: Object.values(calls).map(({ scope }) => scope) }).secret;

    for (const [name, { path, body }] of Object.entries(calls)) {
      const [narrow, wide] = [
        await statusOf(cloud, path, withScope, body(cloud.folderId)),
        await statusOf(cloud, path, withEveryScope, body(cloud.folderId)),
      ];
      // SpeechKit v1 tells a missing role as 401.
      const denied = name === "stt" || name === "tts" ? 401 : 403;
      expect([name, narrow, wide]).toEqual(name === own ? [name, 200, 200] : [name, 401, denied]);
    }
  });
});

async function statusOf(cloud: Emulator, path: string, key: string, body: object | string): Promise<number> {
  const headers = { authorization: `Api-Key ${key}`, "content-type": "application/json" };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (await fetch(cloud.url + path, { method: "POST", headers, body: text })).status;
}
