import type { Resource } from "./resources";
import { cloudId, HIDDEN, isUnknown, memberWord, NOT_KNOWN } from "./shown";

export type SideName = "before" | "after";

/** A service account that the stack declares. */
export interface Account {
  urn: string;
  name: string;
  /** URN of its application. */
  application?: string;
  /** Undefined where it is known only after the update. */
  id?: string;
  folderId?: string;
}

/** Who has a role, or as whom a key acts. */
export interface Holder {
  /** `own`: the application's account · `declared`: another one of this stack · `foreign`: not of this stack. */
  kind: "own" | "declared" | "foreign" | "unknown";
  shown: string;
}

/** All accounts of a stack on one side of the change. */
export const accountsOn = (resources: readonly Resource[], side: SideName): Account[] =>
  resources
    .filter(({ kind }) => kind === "account")
    .flatMap(({ urn, name, application, [side]: it }) =>
      it ? [{ urn, name, application, id: cloudId(it.id), folderId: cloudId(it.inputs.folderId) }] : [],
    );

/** Tells the accounts of one application from those of others. */
export function holders(application: string | undefined, accounts: readonly Account[], keys: readonly Resource[]) {
  const own = accounts.filter((each) => application !== undefined && each.application === application);

  const holderOf = (id: unknown, madeFrom: readonly string[], foreign: (id: unknown) => string): Holder => {
    const account = isUnknown(id)
      ? newAccount(madeFrom, accounts)
      : accounts.find((each) => each.id !== undefined && each.id === id);
    if (account) return { kind: own.includes(account) ? "own" : "declared", shown: account.name };
    return isUnknown(id) ? { kind: "unknown", shown: NOT_KNOWN } : { kind: "foreign", shown: foreign(id) };
  };
  const ofKey = (key: Resource, side: SideName): Holder => {
    const { inputs = {}, madeFrom = {} } = key[side] ?? {};
    return holderOf(inputs.serviceAccountId, madeFrom.serviceAccountId ?? [], (id) => cloudId(id) ?? HIDDEN);
  };
  const ofGrant = (member: unknown, madeFrom: readonly string[], side: SideName): Holder => {
    const id = isUnknown(member) ? member : /^serviceAccount:(.+)$/.exec(String(member))?.[1];
    const holder = holderOf(id, madeFrom, () => memberWord(member));
    return application !== undefined && own.length === 0 && isAdopted(holder, id, side)
      ? { ...holder, kind: "own" }
      : holder;
  };
  /** An application without an account of its own acts as the one that all its keys are for. */
  const isAdopted = (holder: Holder, id: unknown, side: SideName): boolean => {
    const acting = keys.filter((key) => key[side]).map((key) => ofKey(key, side));
    return (
      holder.kind !== "unknown" &&
      acting.length > 0 &&
      acting.every(({ kind, shown }) => kind === holder.kind && (shown === holder.shown || shown === id))
    );
  };
  return { own, ofKey, ofGrant };
}

/**
 * The account whose ID an unknown value is. A value made from several resources, or from one whose ID is known already,
 * can be anything.
 */
function newAccount([source, ...others]: readonly string[], accounts: readonly Account[]): Account | undefined {
  return others.length > 0 ? undefined : accounts.find(({ urn, id }) => urn === source && id === undefined);
}
