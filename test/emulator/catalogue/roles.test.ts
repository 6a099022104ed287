import { includes } from "../../../emulator/catalogue/roles";

// The vendor's reference of roles, 2026.
describe("a role", () => {
  it.each([
    ["ai.models.editor", "ai.models.user"],
    ["ai.datasets.admin", "ai.datasets.viewer"],
    ["ai.assistants.editor", "ai.assistants.viewer"],
    ["ai.guardrails.editor", "ai.guardrails.user"],
    ["ai.guardrails.admin", "ai.guardrails.auditor"],
    ["ai.auditor", "ai.guardrails.auditor"],
    ["ai.viewer", "ai.datasets.viewer"],
    ["ai.editor", "ai.speechkit-stt.user"],
    ["ai.editor", "ai.models.editor"],
    ["ai.admin", "ai.languageModels.user"],
    ["serverless.mcpGateways.admin", "serverless.mcpGateways.anonymousInvoker"],
    ["resource-manager.clouds.owner", "ai.models.user"],
    ["resource-manager.clouds.owner", "resource-manager.clouds.member"],
  ])("includes another: %s gives what %s gives", (held, wanted) => {
    expect(includes(held, wanted)).toBe(true);
  });

  it.each([
    ["ai.languageModels.user", "ai.imageGeneration.user"],
    ["ai.models.user", "ai.models.editor"],
    ["ai.guardrails.viewer", "ai.guardrails.user"],
    ["ai.editor", "ai.models.admin"],
    ["ai.admin", "search-api.webSearch.user"],
    ["ai.admin", "serverless.mcpGateways.invoker"],
    ["ai.admin", "serverless.workflows.executor"],
    ["serverless.mcpGateways.editor", "serverless.mcpGateways.invoker"],
    ["resource-manager.clouds.member", "resource-manager.auditor"],
    ["resource-manager.admin", "resource-manager.clouds.owner"],
  ])("excludes another: %s does not give what %s gives", (held, wanted) => {
    expect(includes(held, wanted)).toBe(false);
  });
});
