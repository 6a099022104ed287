import type { Digest, Step } from "./digest";
import { isOfTheEngine, kindOf, type Kind, nameOf, ownerOf, typeOf } from "./resources";
import { accessWord, propertyName, redact } from "./shown";

/** Something in the cloud that is no longer as the last update has left it. */
export interface Drift {
  what: "removed" | "changed";
  kind: Kind;
  /** The role for a grant, else the resource's name. */
  subject: string;
  /** Name of the application it belongs to. */
  application?: string;
  /** Properties that were changed; empty if the object no longer exists. */
  properties: string[];
}

/**
 * What was done outside of the program, from a preview with `--refresh`; undefined from one without.
 *
 * Such a preview has two steps for a resource. `refresh` tells what the state had; it tells it twice, and never what the
 * cloud answered. The step after it has that: `create` where nothing is left in the cloud, else its old side.
 */
export function driftOf({ steps }: Digest): Drift[] | undefined {
  const recorded = new Map(steps.filter(({ op }) => op === "refresh").map((step) => [step.urn, step]));
  if (recorded.size === 0) return undefined;
  const planned = steps.filter(({ op, urn }) => op !== "refresh" && !isOfTheEngine(typeOf(urn)));
  const found = planned.flatMap((step) => driftBetween(recorded.get(step.urn), step));
  return found.sort((one, other) => (sentence(one) < sentence(other) ? -1 : 1));
}

const sentence = ({ application, what, kind, subject }: Drift) => [application, what, kind, subject].join("\0");

function driftBetween(recorded: Step | undefined, planned: Step): Drift[] {
  if (!recorded) return [];
  const isGone = planned.op === "create";
  const properties = isGone ? [] : differences(inputsOf(recorded), inputsOf(planned));
  return isGone || properties.length > 0
    ? [{ what: isGone ? "removed" : "changed", ...subjectOf(recorded), properties }]
    : [];
}

function subjectOf(step: Step): Pick<Drift, "kind" | "subject" | "application"> {
  const kind = kindOf(typeOf(step.urn));
  const { role } = inputsOf(step);
  const owner = ownerOf(step);
  return {
    kind,
    subject: kind === "grant" ? accessWord(String(role)) : redact(nameOf(step.urn)),
    ...(owner !== undefined && { application: redact(nameOf(owner)) }),
  };
}

const inputsOf = ({ oldState }: Step): Record<string, unknown> => oldState?.inputs ?? {};

function differences(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const all = new Set([...Object.keys(before), ...Object.keys(after)]);
  const differing = [...all].filter(
    (key) => !key.startsWith("__") && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return [...new Set(differing.map(propertyName))].sort();
}
