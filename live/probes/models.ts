import { defaultSwitches } from "../../emulator/switches";
import { type Finding, judge, notTried } from "../finding";
import { type Key, type Lab, messageOf } from "../lab";
import type { Probe } from "../probes";
import type { Answer } from "../rest";

const WEATHER = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather of a city now.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

export const models: Probe = {
  about: "Streams one short chat, offers one tool, and embeds two words.",
  creates: "1 account, 1 grant, 1 API key",
  needs: "resource-manager.admin",
  costs: "about 200 tokens of yandexgpt-lite, and 2 embeddings",
  async run(lab) {
    const account = await lab.account("models");
    await lab.grant(account, "ai.languageModels.user");
    const key = await lab.key(account, { scopes: ["yc.ai.languageModels.execute"] });
    for (let tries = 0; tries < 10 && !(await lab.reaches(key)).accepted; tries++) await lab.sleep(250 * 2 ** tries);
    const messages = [{ role: "user", content: "What is the weather in Moscow now?" }];
    const model = `gpt://${lab.folderId}/yandexgpt-lite/latest`;
    const chat = { model, messages, max_tokens: 20 };
    const stream = await call(lab, key, "chat/completions", { ...chat, stream: true });
    const tool = await call(lab, key, "chat/completions", {
      ...chat,
      max_tokens: 100,
      tools: [WEATHER],
      tool_choice: "auto",
    });
    const embedded = await call(lab, key, "embeddings", {
      model: `emb://${lab.folderId}/text-search-doc/latest`,
      input: ["one", "two"],
    });
    return {
      "model-usage-chunk": usageChunk(stream),
      "model-tool-calls": toolCalls(tool),
      "model-embeddings": judge(
        (embedded.status === 200) === (defaultSwitches.embeddings === "openai"),
        `A list of two texts was answered with ${embedded.status} ${messageOf(embedded)}`.trimEnd() + ".",
        { embeddings: embedded.status === 200 ? "openai" : "documented" },
      ),
    };
  },
};

const call = (lab: Lab, key: Key, path: string, body: object): Promise<Answer> =>
  lab.ask({
    service: "openai",
    method: "POST",
    path: `/v1/${path}`,
    body,
    headers: { "openai-project": lab.folderId },
    as: { secretKey: key.secret },
  });

function usageChunk(stream: Answer): Finding {
  if (stream.status !== 200) return notTried(`The chat was refused: ${stream.status} ${messageOf(stream)}`);
  const has = /"choices"\s*:\s*\[\]\s*,[^\n]*"usage"\s*:\s*\{/.test(String(stream.body));
  return judge(
    has === (defaultSwitches.usageChunk === "always"),
    `The stream ends ${has ? "with" : "without"} a chunk of usage.`,
    { usageChunk: has ? "always" : "never" },
  );
}

function toolCalls(answer: Answer): Finding {
  if (answer.status !== 200) return notTried(`The chat was refused: ${answer.status} ${messageOf(answer)}`);
  const called = (answer.body.choices?.[0]?.message?.tool_calls ?? []).length > 0;
  return judge(called === defaultSwitches.autoToolCalls, `The model ${called ? "called" : "did not call"} the tool.`, {
    autoToolCalls: called,
  });
}
