/**
 * What each AI call demands of a key: one of the scopes, and one of the roles on the account's folder or what contains it.
 * `ai.models.user` covers all inference since 2026; `yc.ai.foundationModels.execute` is the scope that covers all of AI Studio.
 */
export interface Capability {
  scopes: readonly string[];
  roles: readonly string[];
}

const all = "yc.ai.foundationModels.execute";

export const capabilities = {
  text: { scopes: ["yc.ai.languageModels.execute", all], roles: ["ai.languageModels.user", "ai.models.user"] },
  embeddings: { scopes: ["yc.ai.languageModels.execute", all], roles: ["ai.languageModels.user", "ai.models.user"] },
  image: { scopes: ["yc.ai.imageGeneration.execute", all], roles: ["ai.imageGeneration.user", "ai.models.user"] },
  // The list of models opens to any AI key whose account may use some model: it is how clients try a key.
  models: {
    scopes: ["yc.ai.languageModels.execute", "yc.ai.imageGeneration.execute", all],
    roles: ["ai.languageModels.user", "ai.imageGeneration.user", "ai.models.user", "ai.assistants.viewer"],
  },
  responses: { scopes: [all], roles: ["ai.assistants.editor"] },
  files: { scopes: [all], roles: ["ai.assistants.editor"] },
  tuning: { scopes: [all], roles: ["ai.models.editor"] },
  datasets: { scopes: [all], roles: ["ai.datasets.editor"] },
  // What only looks at datasets.
  viewDatasets: { scopes: [all], roles: ["ai.datasets.viewer"] },
  // The guide names the role alone; the scope is the one of everything that has none of its own.
  realtime: { scopes: [all], roles: ["ai.models.user"] },
  stt: { scopes: ["yc.ai.speechkitStt.execute", all], roles: ["ai.speechkit-stt.user", "ai.models.user"] },
  tts: { scopes: ["yc.ai.speechkitTts.execute", all], roles: ["ai.speechkit-tts.user", "ai.models.user"] },
  translate: { scopes: ["yc.ai.translate.execute", all], roles: ["ai.translate.user", "ai.models.user"] },
  ocr: { scopes: ["yc.ai.vision.execute", all], roles: ["ai.vision.user", "ai.models.user"] },
  search: { scopes: ["yc.search-api.execute"], roles: ["search-api.webSearch.user"] },
  mcp: { scopes: ["yc.serverless.mcpGateways.invoke"], roles: ["serverless.mcpGateways.invoker"] },
} satisfies Record<string, Capability>;

export type CapabilityName = keyof typeof capabilities;
