/** The calls of a session to its store: an answer returns as an event, and the session reports a fault of the store. */
import type { StoreEvent } from '../index.js';
import type { Claim, Clock, SessionStore } from '../ports/index.js';

/** The part of a session that receives the store's answers. */
export interface StoreUser {
  readonly clock: Clock;
  dispatch(event: StoreEvent): void;
  /** Reports a fault of the store, with the state in which it came. */
  storeFailed(reason: string): void;
}

/**
 * Asks the store, and gives its answer to the session as an event.
 *
 * @param eventOf makes the event, in the same turn in which the session gets it; undefined is no event, and no answer is a failure
 */
export const ask = <Answer>(
  session: StoreUser,
  store: SessionStore | undefined,
  question: (store: SessionStore) => Promise<Answer>,
  eventOf: (answer: Answer | undefined, failure: StoreEvent) => StoreEvent | undefined,
): void => {
  const told = (answer: Answer | undefined, reason: string): void => {
    const event = eventOf(answer, { type: 'store.failed', at: session.clock.now(), reason });
    if (event !== undefined) session.dispatch(event);
  };
  attempt(store, question).then(
    (answer) => told(answer, ''),
    (reason: unknown) => {
      session.storeFailed(String(reason));
      told(undefined, String(reason));
    },
  );
};

/** Calls the store without an answer to wait for. */
export const notify = (
  session: StoreUser,
  store: SessionStore | undefined,
  notice: (store: SessionStore) => Promise<unknown>,
): void => {
  attempt(store, notice).catch((reason: unknown) => session.storeFailed(String(reason)));
};

/** The event that a claim's answer becomes for the claiming session. */
export const claimEvent = (claim: Claim, at: number): StoreEvent => {
  switch (claim.type) {
    case 'claimed':
      return { type: 'store.claimed', at, session: claim.session };
    case 'expired':
      return { type: 'store.expired', at, h: claim.h };
    case 'stale':
      return { type: 'store.stale', at, h: claim.h };
    case 'tooHigh':
      return { type: 'store.tooHigh', at, sendCount: claim.sendCount };
    case 'unknown':
      return { type: 'store.unknown', at };
  }
};

/** Calls the store at once, in the same turn of the event loop; an error that it throws counts as a rejection. */
const attempt = async <T>(store: SessionStore | undefined, call: (called: SessionStore) => Promise<T>): Promise<T> => {
  if (store === undefined) throw new Error('there is no store');
  return call(store);
};
