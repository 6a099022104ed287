import { rememberPerRun } from "../cloud/once";
import type { Run } from "../contract/resource";

/**
 * What this run knows of API keys and their accounts: which keys the state holds, which accounts are so new that no key
 * can be left on them from an earlier run, and which the stack has after the run, so that no deletion can mean them.
 */
export interface RunLedger {
  /** The state holds this key, by its ID or by the moment it was made. */
  hold(idOrCreatedAt: string): void;
  isHeld(idOrCreatedAt: string): boolean;
  accountMade(serviceAccountId: string): void;
  isNewAccount(serviceAccountId: string): boolean;
  accountStays(serviceAccountId: string): void;
  isStaying(serviceAccountId: string): boolean;
}

export const ledgerOf = ({ cloud }: Pick<Run, "cloud">): RunLedger => rememberPerRun(cloud, ledgerOf, openLedger);

function openLedger(): RunLedger {
  const held = new Set<string>();
  const accounts = new Set<string>();
  const staying = new Set<string>();
  return {
    hold: (idOrCreatedAt) => void held.add(idOrCreatedAt),
    isHeld: (idOrCreatedAt) => held.has(idOrCreatedAt),
    accountMade: (serviceAccountId) => void accounts.add(serviceAccountId),
    isNewAccount: (serviceAccountId) => accounts.has(serviceAccountId),
    accountStays: (serviceAccountId) => void staying.add(serviceAccountId),
    isStaying: (serviceAccountId) => staying.has(serviceAccountId),
  };
}
