import type { SideName } from "./accounts";
import type { Resource, Side } from "./resources";
import { cloudId, HIDDEN, isUnknown, NOT_KNOWN } from "./shown";

/** Where a key goes instead of the state: `entry api_key of secret shop`; undefined for a key that stays in the state. */
export function deliveryOf({ inputs, madeFrom }: Side, all: readonly Resource[], side: SideName): string | undefined {
  const place = inputs.outputToLockbox;
  if (place === undefined || place === null || place === "") return undefined;
  if (typeof place !== "object") return isUnknown(place) ? NOT_KNOWN : HIDDEN;
  const { secretId, entryForSecretKey: entry } = place as Record<string, unknown>;
  const secret = secretName(secretId, madeFrom.outputToLockbox ?? [], all, side);
  return `entry ${isUnknown(entry) ? NOT_KNOWN : String(entry)} of secret ${secret}`;
}

/** A secret of this stack by its name, another one by its ID. */
export function secretName(id: unknown, madeFrom: readonly string[], all: readonly Resource[], side: SideName): string {
  const secrets = all.filter(({ kind, [side]: it }) => kind === "secret" && it);
  const [source, ...others] = madeFrom;
  // A value made from several resources, or from one whose ID is known already, can be anything.
  const declared = isUnknown(id)
    ? secrets.find((each) => others.length === 0 && each.urn === source && cloudId(each[side]?.id) === undefined)
    : secrets.find((each) => cloudId(id) !== undefined && each[side]?.id === id);
  return declared?.name ?? cloudId(id) ?? (isUnknown(id) ? NOT_KNOWN : HIDDEN);
}
