import type { Diagnostic, Digest } from "./digest";
import { kindOf, nameOf, typeOf } from "./resources";
import { redact } from "./shown";

/** What the engine says of a preview, without secrets. */
export interface Message {
  resource?: string;
  message: string;
  details: string[];
}

/** The engine adds that the preview failed, which is worth a line only where it is the only one. */
export function errorsOf({ errors }: Digest): Message[] {
  const shown = errors.map(shownMessage);
  const reasons = shown.filter(({ message }) => message !== "preview failed");
  return reasons.length > 0 ? reasons : shown;
}

export const shownMessage = ({ urn, message }: Diagnostic): Message => ({
  ...(urn !== undefined && { resource: redact(nameOf(urn)) }),
  ...messageOf(message),
});

/** Warnings of other programs and providers are not about access. */
export const warningsOf = ({ warnings }: Digest): Message[] => warnings.filter(isOurs).map(shownMessage);

const isOurs = ({ urn }: Diagnostic): boolean => urn !== undefined && kindOf(typeOf(urn)) !== "other";

/** How this project's own lists of mistakes begin, one to a line. Of any other message the lines are one sentence. */
const LIST = /(?: has \d+ mistakes| cannot be deployed):$/;
const MOST_MISTAKES = 12;

/** What the engine puts before a reason: the resource, which is named beside it anyway, and the whole value. */
const REFUSED_PROPERTY = /^\S+ resource '[^']*': property (\S+) value \{[\s\S]*?\} has a problem: /;

/** The first lines of a message, without the stack of a program that threw. */
function messageOf(message: string): { message: string; details: string[] } {
  const lines = message
    .replace(/^(?:error|warning): /, "")
    .replace(/^Preview failed: /, "")
    .replace(REFUSED_PROPERTY, "$1: ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^at .*[:(]/.test(line));
  const shown = (text: string) => redact(text).slice(0, 600);
  const [first = "", ...others] = lines;
  if (!LIST.test(first)) return { message: shown(lines.slice(0, 5).join(" ")), details: [] };
  return { message: shown(first), details: others.slice(0, MOST_MISTAKES).map(shown) };
}
