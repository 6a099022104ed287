import { rememberPerRun } from "../cloud/once";
import type { Run } from "../contract/resource";

/** What this run knows of the API keys, service accounts and secrets of its state. */
export interface RunLedger {
  /** The state has this key, so its secret is known. */
  holdKey(id: string): void;
  isHeldKey(id: string): boolean;
  /** The state has this secret of Lockbox, or this version of one. */
  holdSecret(id: string): void;
  isHeldSecret(id: string): boolean;
  holdVersion(id: string): void;
  isHeldVersion(id: string): boolean;
  /** This run made the account, so no key of an earlier run can be on it. */
  accountMade(id: string): void;
  isNewAccount(id: string): boolean;
  /** The state has this account under the URN. */
  holdAccount(urn: string, id: string): void;
  /** The URN under which the state has this account. */
  holderOf(id: string): string | undefined;
  /**
   * The resource is this account after the run: a creation or an update gave it ("written"), or the engine's comparison
   * found no change ("same"), after which the engine may still replace it.
   */
  accountStays(urn: string, id: string, because: "written" | "same"): void;
  staying(id: string): "written" | "same" | undefined;
  /** A deletion of an account that stays was left out; it is due if the resource is created after all. */
  postponeDeletion(urn: string, id: string): void;
  /** The account whose deletion is due now, once. */
  takeDueDeletion(urn: string): string | undefined;
}

export const ledgerOf = ({ cloud }: Pick<Run, "cloud">): RunLedger => rememberPerRun(cloud, ledgerOf, openLedger);

function openLedger(): RunLedger {
  const keys = new Set<string>();
  const secrets = new Set<string>();
  const versions = new Set<string>();
  const made = new Set<string>();
  const held = new Map<string, string>();
  const staying = new Map<string, { id: string; because: "written" | "same" }>();
  const postponed = new Map<string, string>();
  return {
    holdKey: (id) => void keys.add(id),
    isHeldKey: (id) => keys.has(id),
    holdSecret: (id) => void secrets.add(id),
    isHeldSecret: (id) => secrets.has(id),
    holdVersion: (id) => void versions.add(id),
    isHeldVersion: (id) => versions.has(id),
    accountMade: (id) => void made.add(id),
    isNewAccount: (id) => made.has(id),
    holdAccount: (urn, id) => void held.set(id, urn),
    holderOf: (id) => held.get(id),
    accountStays: (urn, id, because) => void staying.set(urn, { id, because }),
    staying: (id) => [...staying.values()].find((account) => account.id === id)?.because,
    postponeDeletion: (urn, id) => void postponed.set(urn, id),
    takeDueDeletion(urn) {
      const id = postponed.get(urn);
      postponed.delete(urn);
      return id;
    },
  };
}
