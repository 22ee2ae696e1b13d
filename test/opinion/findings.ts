/** Collects disagreements: one history for each thing in which the two differ, the first that was found. */

export interface Finding<T> {
  readonly about: string;
  readonly history: T;
  count: number;
}

export const collector = <T>(most: number) => {
  const found = new Map<string, Finding<T>>();
  return {
    /** @returns false when enough are found */
    add: (about: string, history: T) => {
      const known = found.get(about);
      if (known !== undefined) known.count += 1;
      else if (found.size < most) found.set(about, { about, history, count: 1 });
      return found.size < most;
    },
    all: () => [...found.values()],
  };
};
