/** Lanes decide which checks may use the same accounts at the same time. */
import type { Check } from './check.js';

export interface Lanes<T> {
  /** Waits until accounts are free, then calls `act` with them. */
  take<R>(how: Check['runs'], act: (accounts: T) => Promise<R>): Promise<R>;
}

/**
 * @param groups each group shares its accounts; it lists them in every order in which a check can use them
 * @param together how many checks may use accounts in the same order at once
 */
export const createLanes = <T>(groups: readonly (readonly T[])[], together: number): Lanes<T> => {
  const lanes = groups.flatMap((orders, group) =>
    orders.map((accounts) => ({ accounts, group, users: 0, inbox: false, alone: false })),
  );
  const waiting: Waiting<T>[] = [];

  const isFree = (lane: Lane<T>, how: Check['runs']): boolean => {
    const group = lanes.filter((other) => other.group === lane.group);
    if (group.some(({ alone }) => alone)) return false;
    if (how === 'alone' || how === 'last') return group.every(({ users }) => users === 0);
    return lane.users < together && !(how === 'inbox' && lane.inbox);
  };

  /** Serves requests in the order of arrival; a request that must wait does not delay a later request for a free lane. */
  const serve = (): void => {
    for (const next of [...waiting]) {
      const lane = lanes.filter((one) => isFree(one, next.how)).sort((a, b) => a.users - b.users)[0];
      if (lane === undefined) continue;
      waiting.splice(waiting.indexOf(next), 1);
      lane.users += 1;
      if (next.how === 'inbox') lane.inbox = true;
      if (next.how === 'alone' || next.how === 'last') lane.alone = true;
      next.start(lane);
    }
  };

  return {
    async take(how, act) {
      const lane = await new Promise<Lane<T>>((start) => {
        waiting.push({ how, start });
        serve();
      });
      try {
        return await act(lane.accounts);
      } finally {
        lane.users -= 1;
        if (how === 'inbox') lane.inbox = false;
        lane.alone = false;
        serve();
      }
    },
  };
};

interface Lane<T> {
  readonly accounts: T;
  readonly group: number;
  users: number;
  inbox: boolean;
  alone: boolean;
}

interface Waiting<T> {
  readonly how: Check['runs'];
  start(lane: Lane<T>): void;
}
