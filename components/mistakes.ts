import { capabilityNames, isCapability, nearestCapability } from "./capabilities";
import { policyMistakes, type RotationPolicy } from "./rotation";

/** The arguments that are plain data, as far as they may have come from a file that nobody has checked. */
export interface PlainArguments {
  capabilities?: readonly string[];
  rotation?: RotationPolicy;
  apiKey?: { expiresAt?: unknown };
  extraRoles?: readonly string[];
  extraScopes?: readonly string[];
}

export interface Mistake {
  /** Where it is, such as ["capabilities", 0]. */
  path: (string | number)[];
  /** What is wrong and what to do, to be read after the path. */
  reason: string;
}

/** All that is wrong with the arguments of an AiStudioAccess; nothing if they can be deployed. */
export function argumentMistakes(args: PlainArguments): Mistake[] {
  const capabilities = args.capabilities ?? [];
  const mistakes: Mistake[] = [];
  if (capabilities.length === 0) {
    const reason = `names nothing; name what the application needs, of ${capabilityNames.join(", ")}`;
    mistakes.push({ path: ["capabilities"], reason });
  }
  capabilities.forEach((word, index) => {
    if (!isCapability(word)) mistakes.push({ path: ["capabilities", index], reason: unknownCapability(word) });
  });
  for (const { property, reason } of args.rotation ? policyMistakes(args.rotation) : []) {
    mistakes.push({ path: ["rotation", property], reason });
  }
  if (args.rotation && args.apiKey?.expiresAt !== undefined) {
    const reason = "cannot be set together with rotation, which gives each key its own expiry; leave one of them out";
    mistakes.push({ path: ["apiKey", "expiresAt"], reason });
  }
  for (const list of ["extraRoles", "extraScopes"] as const) {
    args[list]?.forEach((word, index) => {
      if (word.trim() === "" || word !== word.trim()) {
        mistakes.push({ path: [list, index], reason: `is "${word}"; write the name alone, without spaces` });
      }
    });
  }
  return mistakes;
}

/** Why a word is no capability, and which is. */
function unknownCapability(word: string): string {
  const nearest = nearestCapability(String(word));
  const hint = nearest ? `did you mean ${nearest}?` : `there are ${capabilityNames.join(", ")}`;
  return `"${word}" is no capability; ${hint}`;
}

/** A path as it is written in a program or a file: `apps.shop.capabilities[0]`. */
export const writtenPath = (path: readonly (string | number)[]): string =>
  path.map((part, index) => (typeof part === "number" ? `[${part}]` : index > 0 ? `.${part}` : part)).join("");
