import type { Operations } from "../calls/operations";

interface Named {
  id: string;
  name: string;
}

/**
 * Whether another record has the name, or will have it when the operations under way end. `effects` are those that create and
 * change such records; `isNear` tells which records must not share a name.
 */
export function isNameTaken<Record extends Named>(
  operations: Operations,
  wanted: { id?: string; name: string },
  existing: Iterable<Readonly<Record>>,
  effects: { create: string; update: string },
  isNear: (record: Readonly<Record>) => boolean,
): boolean {
  const records = [...existing, ...operations.pendingPayloads<Record>(effects.create)].filter(
    (record) => isNear(record) && record.id !== wanted.id,
  );
  const changes = operations.pendingPayloads<Partial<Named>>(effects.update);
  return records.some(
    (record) => record.name === wanted.name || changes.some(({ id, name }) => id === record.id && name === wanted.name),
  );
}
