/** A key in Lockbox: the version's description says which entry holds the text of which key. */
export interface DeliveredKey {
  entry: string;
  keyId: string;
}

export const describeDelivery = ({ entry, keyId }: DeliveredKey): string => `${entry}: API key ${keyId}`;

/** What a version's description says, with a mark after it or without. */
export function deliveredKeyIn(description: string): DeliveredKey | undefined {
  const [, entry, keyId] = /^(.+): API key ([^ ]+)(?: |$)/s.exec(description) ?? [];
  return entry === undefined || keyId === undefined ? undefined : { entry, keyId };
}
