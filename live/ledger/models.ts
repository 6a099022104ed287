import type { Assumption } from "../ledger";

export const modelAssumptions: readonly Assumption[] = [
  {
    id: "model-list",
    sentence: "The list of models of the OpenAI-compatible API names yandexgpt of the folder.",
    ground: "documented",
    source: "ai-studio/concepts/generation/models",
    dependsOn: "the model URIs that `npm run env` writes",
    switch: "models",
    settledBy: "capabilities",
  },
  {
    id: "model-agents-role",
    sentence: "The Responses API needs a role for agents beside the one for models.",
    ground: "documented",
    source: "guides of agents name ai.assistants.editor; that of background requests ai.languageModels.user alone",
    dependsOn: "the roles of capability responses",
    switch: "responsesNeedAgentRole",
    settledBy: "capabilities",
  },
  {
    id: "model-usage-chunk",
    sentence: "A streamed chat with a model of Yandex ends without a chunk of usage.",
    ground: "client",
    source: "recordings of the vendor's SDK; a page says that include_usage is not supported",
    dependsOn: "programs that count tokens in a stream, tried against the local cloud",
    switch: "usageChunk",
    settledBy: "models",
  },
  {
    id: "model-tool-calls",
    sentence: "A model calls a fitting tool where `tool_choice` leaves it the choice.",
    ground: "client",
    source: "recordings of the vendor's SDK",
    dependsOn: "programs with tools, tried against the local cloud",
    switch: "autoToolCalls",
    settledBy: "models",
  },
  {
    id: "model-embeddings",
    sentence: "A call of embeddings takes one text, and refuses a list of two.",
    ground: "documented",
    source: "ai-studio/embeddings, OpenAI-compatible API",
    dependsOn: "programs that embed in batches, tried against the local cloud",
    switch: "embeddings",
    settledBy: "models",
  },
];
