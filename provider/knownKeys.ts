/**
 * What this run knows of API keys and their accounts: which keys the state holds, which accounts are so new that no key
 * can be left on them from an earlier run, and which were there already when they were to be made.
 */
export interface KnownKeys {
  /** The state holds this key, by its ID or by the moment it was made. */
  hold(idOrCreatedAt: string): void;
  isHeld(idOrCreatedAt: string): boolean;
  accountMade(serviceAccountId: string): void;
  isNewAccount(serviceAccountId: string): boolean;
  accountTakenOver(serviceAccountId: string): void;
  isTakenOver(serviceAccountId: string): boolean;
}

export function rememberKeys(): KnownKeys {
  const held = new Set<string>();
  const accounts = new Set<string>();
  const takenOver = new Set<string>();
  return {
    hold: (idOrCreatedAt) => void held.add(idOrCreatedAt),
    isHeld: (idOrCreatedAt) => held.has(idOrCreatedAt),
    accountMade: (serviceAccountId) => void accounts.add(serviceAccountId),
    isNewAccount: (serviceAccountId) => accounts.has(serviceAccountId),
    accountTakenOver: (serviceAccountId) => void takenOver.add(serviceAccountId),
    isTakenOver: (serviceAccountId) => takenOver.has(serviceAccountId),
  };
}
