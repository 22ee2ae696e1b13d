/** A small collection by SM-ID, the oldest first. Mostly it has one item, which needs no Map; an empty collection is undefined. */
export type BySmId<T> = T | Map<string, T> | undefined;

interface Named {
  readonly smId: string;
}

export const find = <T extends Named>(all: BySmId<T>, smId: string): T | undefined => {
  if (all instanceof Map) return all.get(smId);
  return all?.smId === smId ? all : undefined;
};

/** The collection with this item added; the function may change the given collection. */
export const put = <T extends Named>(all: BySmId<T>, thing: T): BySmId<T> => {
  if (all instanceof Map) return all.set(thing.smId, thing);
  if (all === undefined || all.smId === thing.smId) return thing;
  return new Map([
    [all.smId, all],
    [thing.smId, thing],
  ]);
};

/** The collection without the item of this SM-ID; the function may change the given collection. */
export const without = <T extends Named>(all: BySmId<T>, smId: string): BySmId<T> => {
  if (!(all instanceof Map)) return all?.smId === smId ? undefined : all;
  all.delete(smId);
  const [only] = all.size === 1 ? all.values() : [];
  return only ?? all;
};

export const count = (all: BySmId<Named>): number => {
  if (all instanceof Map) return all.size;
  return all === undefined ? 0 : 1;
};

/** The oldest items, at most `limit`. */
export const oldest = <T extends Named>(all: BySmId<T>, limit: number): readonly T[] => {
  const found: T[] = [];
  if (limit <= 0 || all === undefined) return found;
  if (!(all instanceof Map)) return [all];
  for (const thing of all.values()) {
    if (found.length >= limit) break;
    found.push(thing);
  }
  return found;
};
