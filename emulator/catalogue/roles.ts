/**
 * catalogue: what the cloud offers and nobody can change, as data: roles and what they include, scopes.
 * It may import only the store. Start here; scopes.ts is the list of scopes.
 */
/**
 * The roles of the emulated cloud: what each includes (access-control reference, 2026) and what a call needs.
 * A role that is not listed here cannot be granted, as in the cloud.
 */
interface RoleEntry {
  description: string;
  includes?: string[];
}

const chain = (prefix: string, names: string[], what: string): Record<string, RoleEntry> =>
  Object.fromEntries(
    names.map((name, position) => [
      `${prefix}.${name}`,
      { description: `${name} of ${what}`, includes: position > 0 ? [`${prefix}.${names[position - 1]}`] : [] },
    ]),
  );

const catalogue: Record<string, RoleEntry> = {
  auditor: { description: "View configuration and metadata" },
  viewer: { description: "View resources", includes: ["auditor"] },
  editor: { description: "Manage resources", includes: ["viewer", "ai.editor"] },
  // Primitive roles are taken to cover every service of the folder or cloud they are granted on (assumed for AI services).
  admin: { description: "Manage resources and access to them", includes: ["*"] },

  "resource-manager.viewer": { description: "View clouds and folders", includes: ["resource-manager.auditor"] },
  "resource-manager.auditor": { description: "View metadata of clouds and folders" },
  "resource-manager.editor": { description: "Manage clouds and folders", includes: ["resource-manager.viewer"] },
  "resource-manager.admin": {
    description: "Manage clouds, folders and access to them",
    includes: ["resource-manager.editor"],
  },
  "resource-manager.clouds.member": { description: "View a cloud, not what is in it" },
  "resource-manager.clouds.owner": {
    description: "Manage a cloud and all in it",
    includes: ["admin", "resource-manager.clouds.member"],
  },

  "iam.serviceAccounts.user": { description: "Use service accounts" },
  "iam.serviceAccounts.tokenCreator": { description: "Impersonate service accounts" },
  "iam.serviceAccounts.apiKeyAdmin": { description: "Manage API keys of service accounts" },
  "iam.serviceAccounts.authorizedKeyAdmin": { description: "Manage authorized keys of service accounts" },
  "iam.serviceAccounts.keyAdmin": {
    description: "Manage all keys of service accounts",
    includes: ["iam.serviceAccounts.apiKeyAdmin", "iam.serviceAccounts.authorizedKeyAdmin"],
  },
  "iam.serviceAccounts.admin": {
    description: "Manage service accounts, their keys and access to them",
    includes: ["iam.serviceAccounts.keyAdmin", "iam.serviceAccounts.user"],
  },
  "iam.viewer": { description: "View service accounts and their keys", includes: ["iam.auditor"] },
  "iam.auditor": { description: "View metadata of service accounts and their keys" },
  "iam.editor": { description: "Manage service accounts", includes: ["iam.viewer", "iam.serviceAccounts.admin"] },
  "iam.admin": {
    description: "Manage service accounts and access",
    includes: ["iam.editor", "iam.serviceAccounts.tokenCreator"],
  },

  "ai.languageModels.user": { description: "Use text models" },
  "ai.imageGeneration.user": { description: "Use image models" },
  "ai.speechkit-stt.user": { description: "Recognize speech" },
  "ai.speechkit-tts.user": { description: "Synthesize speech" },
  "ai.translate.user": { description: "Translate" },
  "ai.vision.user": { description: "Recognize text in images" },
  "ai.playground.user": { description: "Use AI Playground" },
  ...chain("ai.models", ["auditor", "viewer", "user", "editor", "admin"], "models"),
  ...chain("ai.datasets", ["auditor", "viewer", "user", "editor", "admin"], "datasets"),
  ...chain("ai.assistants", ["auditor", "viewer", "editor", "admin"], "agents, files and vector stores"),
  ...chain("ai.guardrails", ["auditor", "viewer"], "guardrails"),
  "ai.guardrails.user": { description: "Use guardrails" },
  "ai.guardrails.editor": {
    description: "editor of guardrails",
    includes: ["ai.guardrails.viewer", "ai.guardrails.user"],
  },
  "ai.guardrails.admin": { description: "admin of guardrails", includes: ["ai.guardrails.editor"] },
  "ai.auditor": {
    description: "View metadata of AI services",
    includes: ["ai.assistants.auditor", "ai.datasets.auditor", "ai.guardrails.auditor", "ai.models.auditor"],
  },
  "ai.viewer": {
    description: "View resources of AI services",
    includes: ["ai.auditor", "ai.assistants.viewer", "ai.datasets.viewer", "ai.models.viewer"],
  },
  "ai.editor": {
    description: "Use AI services and manage their resources",
    includes: [
      "ai.viewer",
      "ai.translate.user",
      "ai.vision.user",
      "ai.speechkit-stt.user",
      "ai.speechkit-tts.user",
      "ai.languageModels.user",
      "ai.imageGeneration.user",
      "ai.assistants.editor",
      "ai.datasets.editor",
      "ai.models.editor",
    ],
  },
  "ai.admin": {
    description: "Manage AI services",
    includes: ["ai.editor", "ai.assistants.admin", "ai.datasets.admin", "ai.models.admin"],
  },

  "search-api.webSearch.user": { description: "Use Search API" },
  "serverless.mcpGateways.invoker": { description: "Call MCP servers" },
  "serverless.mcpGateways.anonymousInvoker": { description: "Call external MCP servers" },
  ...chain("serverless.mcpGateways", ["auditor", "viewer", "editor"], "MCP servers"),
  "serverless.mcpGateways.admin": {
    description: "admin of MCP servers",
    includes: [
      "serverless.mcpGateways.editor",
      "serverless.mcpGateways.invoker",
      "serverless.mcpGateways.anonymousInvoker",
    ],
  },
  "serverless.workflows.executor": { description: "Run workflows" },
  "serverless.functions.invoker": { description: "Call functions" },
  "serverless.containers.invoker": { description: "Call containers" },

  "lockbox.payloadViewer": { description: "Read secrets and their contents", includes: ["lockbox.viewer"] },
  "lockbox.viewer": { description: "View secrets without contents", includes: ["lockbox.auditor"] },
  "lockbox.auditor": { description: "View metadata of secrets" },
  "lockbox.editor": { description: "Manage secrets", includes: ["lockbox.viewer"] },
  "lockbox.admin": {
    description: "Manage secrets and access to them",
    includes: ["lockbox.editor", "lockbox.payloadViewer"],
  },
};

const roleNamed = (id: string) => (Object.hasOwn(catalogue, id) ? catalogue[id] : undefined);

/** Roles of this kind can be granted on clouds only. */
export const isForClouds = (id: string): boolean => id.startsWith("resource-manager.clouds.");
export const roleExists = (id: string): boolean => roleNamed(id) !== undefined;
export const roleIds: string[] = Object.keys(catalogue).sort();
export const roleDescription = (id: string): string => roleNamed(id)?.description ?? "";

/** Whether holding `held` gives what `wanted` gives. */
export function includes(held: string, wanted: string): boolean {
  if (held === wanted) return true;
  return (roleNamed(held)?.includes ?? []).some((part) => part === "*" || includes(part, wanted));
}

/** What a call needs: any one of these roles on the resource, its folder or its cloud (who may do what: IAM and Resource Manager access pages). */
export const needed = {
  viewCloud: [
    "resource-manager.viewer",
    "viewer",
    "iam.serviceAccounts.admin",
    "ai.viewer",
    "resource-manager.clouds.member",
  ],
  viewFolder: ["resource-manager.viewer", "viewer", "iam.serviceAccounts.admin", "ai.viewer"],
  manageFolders: ["resource-manager.editor", "editor"],
  deleteClouds: ["resource-manager.admin", "admin"],
  viewBindings: ["resource-manager.viewer", "viewer"],
  setBindings: ["resource-manager.admin", "admin"],
  viewAccounts: [
    "iam.viewer",
    "viewer",
    "iam.serviceAccounts.admin",
    "iam.serviceAccounts.apiKeyAdmin",
    "iam.serviceAccounts.user",
  ],
  manageAccounts: ["iam.serviceAccounts.admin", "editor"],
  setAccountBindings: ["iam.serviceAccounts.admin", "iam.admin"],
  impersonate: ["iam.serviceAccounts.tokenCreator"],
  viewKeys: ["iam.viewer", "viewer", "iam.serviceAccounts.apiKeyAdmin", "iam.serviceAccounts.authorizedKeyAdmin"],
  manageApiKeys: ["iam.serviceAccounts.apiKeyAdmin"],
  manageAuthorizedKeys: ["iam.serviceAccounts.authorizedKeyAdmin"],
  viewSecrets: ["lockbox.viewer", "viewer"],
  manageSecrets: ["lockbox.editor", "editor"],
  readPayload: ["lockbox.payloadViewer"],
  setSecretBindings: ["lockbox.admin", "admin"],
  viewMcpGateways: ["serverless.mcpGateways.viewer", "viewer"],
  manageMcpGateways: ["serverless.mcpGateways.editor", "editor"],
  setMcpGatewayBindings: ["serverless.mcpGateways.admin", "admin"],
} satisfies Record<string, string[]>;

export type Right = keyof typeof needed;
