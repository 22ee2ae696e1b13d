/** Binds store effects to a session store, and a running session to what the store asks of it. */
import type { Report, StoreEffect, StoreEvent, Verdict } from '../index.js';
import type { Claim, Clock, Holder, IdSource, SessionStore } from '../ports/index.js';
import { randomIds } from './random-ids.js';

export interface StoreBindingOptions {
  readonly store: SessionStore | undefined;
  /** Default: random ones. */
  readonly ids: IdSource | undefined;
  readonly clock: Clock;
  /** Steps the session. */
  send(event: StoreEvent): void;
  report(report: Report): void;
}

export interface StoreBinding {
  /** Carries out one effect; its answer, if it has one, comes as an event later. */
  perform(effect: StoreEffect): void;
  /** The running session as the store knows it. */
  readonly holder: Holder;
}

export const bindStore = ({ store, ids = randomIds, clock, send, report }: StoreBindingOptions): StoreBinding => {
  let answerClaim: ((verdict: Verdict | undefined) => void) | undefined;

  const holder: Holder = {
    surrender: (h) =>
      new Promise((resolve) => {
        answerClaim = resolve;
        send({ type: 'store.wanted', at: clock.now(), h });
        // A session that is over gives no verdict.
        queueMicrotask(() => resolve(undefined));
      }),
    evict: () => send({ type: 'store.evicted', at: clock.now() }),
  };

  const ask = (question: (asked: SessionStore) => Promise<StoreEvent>): void => {
    attempt(question)
      .catch((reason: unknown): StoreEvent => {
        fault(reason);
        return { type: 'store.failed', at: clock.now(), reason: String(reason) };
      })
      .then(send);
  };

  const tell = (notice: (told: SessionStore) => Promise<unknown>): void => {
    attempt(notice).catch(fault);
  };

  const fault = (reason: unknown): void =>
    report({ name: 'storeFault', failure: { kind: 'storeFault', reason: String(reason) } });

  /** Calls the store in the turn in which it was to be called; whatever it throws counts as a rejection. */
  const attempt = async <T>(call: (called: SessionStore) => Promise<T>): Promise<T> => {
    if (store === undefined) throw new Error('there is no store');
    return call(store);
  };

  const perform = (effect: StoreEffect): void => {
    switch (effect.type) {
      case 'store.save':
        ask(async (asked) => {
          const smId = ids.smId();
          await asked.save(effect.owner, smId, holder);
          return { type: 'store.saved', at: clock.now(), smId };
        });
        break;
      case 'store.claim':
        ask(async (asked) =>
          claimEvent(await asked.claim(effect.owner, effect.smId, effect.h, holder, clock.now()), clock.now()),
        );
        break;
      case 'store.hibernate':
        tell((told) => told.hibernate(effect.owner, effect.smId));
        break;
      case 'store.expire':
        tell((told) => told.expire(effect.owner, effect.smId, effect.h, clock.now()));
        break;
      case 'store.forget':
        tell((told) => told.forget(effect.owner, effect.smId));
        break;
      case 'store.surrender':
        answerClaim?.(effect.verdict);
    }
  };
  return { perform, holder };
};

const claimEvent = (claim: Claim, at: number): StoreEvent => {
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
