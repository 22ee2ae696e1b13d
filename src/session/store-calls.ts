/** How a session calls its store: an answer comes back as an event, and a fault of the store is reported. */
import type { Report, StoreEvent } from '../index.js';
import type { Claim, Clock, SessionStore } from '../ports/index.js';

/** A session, as the store's answers reach it. */
export interface StoreUser {
  readonly clock: Clock;
  dispatch(event: StoreEvent): void;
  report(report: Report): void;
}

/** Asks the store: its answer is told to the session as an event. */
export const ask = (
  session: StoreUser,
  store: SessionStore | undefined,
  question: (store: SessionStore) => Promise<StoreEvent>,
): void => {
  attempt(store, question)
    .catch((reason: unknown): StoreEvent => {
      fault(session, reason);
      return { type: 'store.failed', at: session.clock.now(), reason: String(reason) };
    })
    .then((answer) => session.dispatch(answer));
};

/** Tells the store something that has no answer. */
export const notify = (
  session: StoreUser,
  store: SessionStore | undefined,
  notice: (store: SessionStore) => Promise<unknown>,
): void => {
  attempt(store, notice).catch((reason: unknown) => fault(session, reason));
};

/** What a claim's answer is to the session that claims. */
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
    case 'conflict':
      return { type: 'store.conflict', at };
  }
};

/** Calls the store in the turn in which it was to be called; whatever it throws counts as a rejection. */
const attempt = async <T>(store: SessionStore | undefined, call: (called: SessionStore) => Promise<T>): Promise<T> => {
  if (store === undefined) throw new Error('there is no store');
  return call(store);
};

const fault = (session: StoreUser, reason: unknown): void =>
  session.report({ type: 'storeFault', failure: { kind: 'storeFault', reason: String(reason) } });
