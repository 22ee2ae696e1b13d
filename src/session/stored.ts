/** A running session that a store knows: carries store effects out, and does what the store asks of it. */
import type { ClaimAnswer, Role, StoreEffect, StoreEvent, Uint32 } from '../index.js';
import type { Claim, Holder, IdSource, SessionStore } from '../ports/index.js';
import { Running, type Surroundings } from './running.js';
import type { SessionOptions } from './running-session.js';

export interface StoreSurroundings extends Surroundings<Role> {
  readonly store: SessionStore | undefined;
  readonly ids: IdSource;
}

export class Stored extends Running<Role, StoreSurroundings> implements Holder {
  private answerClaim: ((verdict: ClaimAnswer | undefined) => void) | undefined;

  constructor(surroundings: StoreSurroundings, options: SessionOptions) {
    const { role, policy } = options.state;
    if (role === 'server' && policy.resume && surroundings.store === undefined) {
      throw new TypeError(
        'a server that lets sessions be resumed needs a store; policy({ resume: false }) does without',
      );
    }
    super(surroundings, options);
  }

  override get holder(): Holder {
    return this;
  }

  surrender(h: Uint32): Promise<ClaimAnswer | undefined> {
    return new Promise((resolve) => {
      this.answerClaim = resolve;
      this.send({ type: 'store.wanted', at: this.clock.now(), h });
      // A session that is over gives no verdict.
      queueMicrotask(() => resolve(undefined));
    });
  }

  evict(): void {
    this.send({ type: 'store.evicted', at: this.clock.now() });
  }

  /** The answer, if there is one, comes as an event later. */
  protected override performInStore(effect: StoreEffect): void {
    const { clock, ids } = this.surroundings;
    switch (effect.type) {
      case 'store.save':
        this.ask(async (asked) => {
          const smId = ids.smId();
          await asked.save(effect.owner, smId, this);
          return { type: 'store.saved', at: clock.now(), smId };
        });
        break;
      case 'store.claim':
        this.ask(async (asked) =>
          claimEvent(await asked.claim(effect.owner, effect.smId, effect.h, this, clock.now()), clock.now()),
        );
        break;
      case 'store.hibernate':
        this.notify((told) => told.hibernate(effect.owner, effect.smId));
        break;
      case 'store.expire':
        this.notify((told) => told.expire(effect.owner, effect.smId, effect.h, clock.now()));
        break;
      case 'store.forget':
        this.notify((told) => told.forget(effect.owner, effect.smId));
        break;
      case 'store.surrender':
        this.answerClaim?.(effect.answer);
        this.answerClaim = undefined;
    }
  }

  private ask(question: (asked: SessionStore) => Promise<StoreEvent>): void {
    attempt(this.surroundings.store, question)
      .catch((reason: unknown): StoreEvent => {
        this.fault(reason);
        return { type: 'store.failed', at: this.clock.now(), reason: String(reason) };
      })
      .then((answer) => this.send(answer));
  }

  private notify(notice: (told: SessionStore) => Promise<unknown>): void {
    attempt(this.surroundings.store, notice).catch((reason: unknown) => this.fault(reason));
  }

  private fault(reason: unknown): void {
    this.report({ type: 'storeFault', failure: { kind: 'storeFault', reason: String(reason) } });
  }
}

/** Calls the store in the turn in which it was to be called; whatever it throws counts as a rejection. */
const attempt = async <T>(store: SessionStore | undefined, call: (called: SessionStore) => Promise<T>): Promise<T> => {
  if (store === undefined) throw new Error('there is no store');
  return call(store);
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
