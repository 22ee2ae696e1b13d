/** A few things by SM-ID, oldest first: mostly there is one, and one needs no Map. A shelf with nothing on it is undefined. */
export type Shelf<T> = T | Map<string, T> | undefined;

interface Named {
  readonly smId: string;
}

export const find = <T extends Named>(shelf: Shelf<T>, smId: string): T | undefined => {
  if (shelf instanceof Map) return shelf.get(smId);
  return shelf?.smId === smId ? shelf : undefined;
};

/** The shelf with this on it; the one that is given may be changed. */
export const put = <T extends Named>(shelf: Shelf<T>, thing: T): Shelf<T> => {
  if (shelf instanceof Map) return shelf.set(thing.smId, thing);
  if (shelf === undefined || shelf.smId === thing.smId) return thing;
  return new Map([
    [shelf.smId, shelf],
    [thing.smId, thing],
  ]);
};

/** The shelf without this; the one that is given may be changed. */
export const without = <T extends Named>(shelf: Shelf<T>, smId: string): Shelf<T> => {
  if (!(shelf instanceof Map)) return shelf?.smId === smId ? undefined : shelf;
  shelf.delete(smId);
  const [only] = shelf.size === 1 ? shelf.values() : [];
  return only ?? shelf;
};

export const count = (shelf: Shelf<Named>): number => {
  if (shelf instanceof Map) return shelf.size;
  return shelf === undefined ? 0 : 1;
};

/** The `limit` oldest. */
export const oldest = <T extends Named>(shelf: Shelf<T>, limit: number): readonly T[] => {
  const found: T[] = [];
  if (limit <= 0 || shelf === undefined) return found;
  if (!(shelf instanceof Map)) return [shelf];
  for (const thing of shelf.values()) {
    if (found.length >= limit) break;
    found.push(thing);
  }
  return found;
};
