import { type Capability, capabilityNames, capabilityTable } from "../components/capabilities";
import type { Grant } from "./survey";

const ANY = "*";
const UMBRELLA = "yc.ai.foundationModels.execute";

const INFERENCE = [
  "ai.languageModels.user",
  "ai.imageGeneration.user",
  "ai.speechkit-stt.user",
  "ai.speechkit-tts.user",
  "ai.translate.user",
  "ai.vision.user",
];

/** What the wide roles have in them, of what AI Studio needs (roles reference of the vendor, 2026). */
const INCLUDED: Readonly<Record<string, readonly string[]>> = {
  "ai.models.user": INFERENCE,
  "ai.models.editor": ["ai.models.user"],
  "ai.models.admin": ["ai.models.editor"],
  "ai.datasets.admin": ["ai.datasets.editor"],
  "ai.assistants.admin": ["ai.assistants.editor"],
  "ai.editor": [...INFERENCE, "ai.assistants.editor", "ai.datasets.editor", "ai.models.editor"],
  "ai.admin": ["ai.editor"],
  "serverless.mcpGateways.admin": ["serverless.mcpGateways.invoker"],
  editor: ["ai.editor"],
  admin: [ANY],
  "resource-manager.clouds.owner": [ANY],
};

/** Roles of every service at once, which the vendor's standard (1.4) asks to replace by those of services. */
export const isPrimitive = (role: string): boolean => ["admin", "editor", "viewer", "auditor"].includes(role);

const gives = (held: string, wanted: string): boolean =>
  held === wanted || (INCLUDED[held] ?? []).some((part) => part === ANY || gives(part, wanted));

const AI_ROLES = [...new Set(capabilityNames.flatMap((name) => [...capabilityTable[name].roles]))];
const AI_SCOPES: ReadonlySet<string> = new Set(capabilityNames.flatMap((name) => [...capabilityTable[name].scopes]));

/** Whether a role lets its holder call AI Studio, alone or among other things. */
export const opensAiStudio = (role: string): boolean => AI_ROLES.some((wanted) => gives(role, wanted));

export const isAiScope = (scope: string): boolean => AI_SCOPES.has(scope) || scope.startsWith("yc.ai.");

export const isUmbrella = (scope: string): boolean => scope === UMBRELLA;

/** What these roles and scopes open together. A key without scopes is taken to have them all. */
export const openedBy = (roles: readonly string[], scopes: readonly string[]): Capability[] =>
  capabilityNames.filter((name) => {
    const entry = capabilityTable[name];
    const covers = (scope: string) =>
      scopes.length === 0 || scopes.includes(scope) || (scope.startsWith("yc.ai.") && scopes.includes(UMBRELLA));
    return (
      entry.roles.every((wanted) => roles.some((held) => gives(held, wanted))) && entry.scopes.some((s) => covers(s))
    );
  });

/** Whether every one of these has a scope of its own, so that the umbrella is wider than needed. */
export const haveOwnScopes = (opened: readonly Capability[]): boolean =>
  opened.length > 0 && opened.every((name) => !capabilityTable[name].scopes.some(isUmbrella));

/** Held by everybody who has an account, in this cloud or in any other. */
export const isPublic = ({ subject }: Grant): boolean =>
  subject.type === "system" || /^all(?:Authenticated)?Users$/.test(subject.id);
