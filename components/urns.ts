import * as pulumi from "@pulumi/pulumi";
import { knownValue } from "./outputs";

/** Of Pulumi's own, and of no declared type. The aliases are those after transformations, as whole URNs. */
interface Internals {
  __aliases?: readonly pulumi.Input<string>[];
  __parentResource?: pulumi.Resource;
}

/** The parts of a URN. A name may contain the separator, too. */
export interface UrnParts {
  /** Stack and project: `urn:pulumi:dev::shop`. */
  stack: string;
  /** Types of the resource and of its parents: `my:index:Team$yandex-aistudio:index:AiStudioAccess`. */
  type: string;
  name: string;
}

export function partsOf(urn: string): UrnParts {
  const [stack, project, type = "", ...name] = urn.split("::");
  return { stack: `${stack}::${project}`, type, name: name.join("::") };
}

export const urnOf = ({ stack, type, name }: UrnParts): string => [stack, type, name].join("::");

const STACK_TYPE = "pulumi:pulumi:Stack";

/**
 * The URNs under which the engine looks for a resource in the state: its own, those of its aliases, and each of these
 * below the earlier URNs of its parent. The engine does not say which of them it has found.
 */
export async function urnsOf(resource: pulumi.Resource): Promise<string[]> {
  const { __aliases: aliases = [], __parentResource: parent } = resource as pulumi.Resource & Internals;
  const named = await Promise.all([resource.urn, ...aliases].map(knownValue<string>));
  const own = named.filter((urn) => urn !== undefined);
  if (!parent) return own;
  const [parentUrn, ...earlierParents] = await urnsOf(parent);
  if (parentUrn === undefined) return own;
  const inherited = earlierParents.flatMap((earlier) => own.map((urn) => below(earlier, partsOf(parentUrn).name, urn)));
  return [...new Set([...own, ...inherited])];
}

/** What a child was called below an earlier URN of its parent: a name that began with the parent's changed with it. */
function below(earlierParent: string, parentName: string, child: string): string {
  const { stack, type: parentType, name: earlierName } = partsOf(earlierParent);
  const { type, name } = partsOf(child);
  const ownType = type.slice(type.lastIndexOf("$") + 1);
  return urnOf({
    stack,
    type: parentType === STACK_TYPE ? ownType : `${parentType}$${ownType}`,
    name: name.startsWith(parentName) ? earlierName + name.slice(parentName.length) : name,
  });
}
